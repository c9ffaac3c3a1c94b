#include "normalize/lower.hpp"

#include "base/utf8.hpp"
#include "normalize/ascii.hpp"
#include "normalize/unicode_properties.hpp"

namespace pii::unicode {
namespace {

constexpr char32_t kCapitalSigma = 0x3A3;
constexpr char32_t kSmallSigma = 0x3C3;
constexpr char32_t kFinalSigma = 0x3C2;
constexpr std::string_view kSmallDottedI = "i\xCC\x87";  // U+0069 U+0307, of U+0130

// Sigma is itself cased and not case-ignorable, so both scans stop at the next one: however many sigmas a
// text has, a stretch of case-ignorable characters is walked at most twice.
bool cased_before(std::string_view text, std::size_t offset) noexcept {
  while (offset != 0) {
    offset = base::previous_utf8(text, offset);
    const Properties& properties = properties_of(base::decode_valid_utf8(text, offset).code_point);
    if (!properties.has(Properties::kCaseIgnorable)) return properties.has(Properties::kCased);
  }
  return false;
}

bool cased_after(std::string_view text, std::size_t offset) noexcept {
  while (offset != text.size()) {
    const auto [code_point, size] = base::decode_valid_utf8(text, offset);
    const Properties& properties = properties_of(code_point);
    if (!properties.has(Properties::kCaseIgnorable)) return properties.has(Properties::kCased);
    offset += size;
  }
  return false;
}

char32_t lower_of(char32_t code_point, const Properties& properties) noexcept {
  return code_point + static_cast<char32_t>(properties.lower_distance);
}

}  // namespace

std::size_t find_upper(std::string_view text) noexcept {
  std::size_t offset = 0;
  while (offset < text.size()) {
    const auto [code_point, size] = base::decode_valid_utf8(text, offset);
    if (properties_of(code_point).lower_distance != 0) break;
    offset += size;
  }
  return offset;
}

std::size_t lower_size(std::string_view text, std::size_t offset) noexcept {
  std::size_t total = 0;
  while (offset < text.size()) {
    const auto [code_point, size] = base::decode_valid_utf8(text, offset);
    const Properties& properties = properties_of(code_point);
    if (properties.has(Properties::kLowerExpands)) {
      total += kSmallDottedI.size();
    } else {
      total += base::utf8_size(lower_of(code_point, properties));
    }
    offset += size;
  }
  return total;
}

std::size_t lower(std::string_view text, std::size_t offset, char* out) noexcept {
  std::size_t total = 0;
  while (offset < text.size()) {
    if (const char byte = text[offset]; is_ascii(byte)) {
      out[total++] = lower_ascii(byte);
      ++offset;
      continue;
    }
    const auto [code_point, size] = base::decode_valid_utf8(text, offset);
    const Properties& properties = properties_of(code_point);
    if (properties.has(Properties::kLowerExpands)) {
      total += kSmallDottedI.copy(out + total, kSmallDottedI.size());
    } else if (code_point == kCapitalSigma) {
      const bool is_final = cased_before(text, offset) && !cased_after(text, offset + size);
      total += base::encode_utf8(is_final ? kFinalSigma : kSmallSigma, out + total);
    } else {
      total += base::encode_utf8(lower_of(code_point, properties), out + total);
    }
    offset += size;
  }
  return total;
}

}  // namespace pii::unicode
