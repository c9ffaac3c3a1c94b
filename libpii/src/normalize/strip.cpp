#include "base/utf8.hpp"
#include "normalize/rules.hpp"
#include "normalize/unicode_properties.hpp"

namespace pii::unicode {
namespace {

bool is_ascii_space(char byte) noexcept {
  const auto c = static_cast<unsigned char>(byte);
  return c <= ' ' && (c == ' ' || (c >= 0x09 && c <= 0x0D) || c >= 0x1C);
}

}  // namespace

std::string_view strip_ascii(std::string_view text) noexcept {
  while (!text.empty() && is_ascii_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_ascii_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string_view strip(std::string_view text) noexcept {
  while (!text.empty()) {
    const auto [code_point, size] = base::decode_valid_utf8(text, 0);
    if (!properties_of(code_point).has(Properties::kSpace)) break;
    text.remove_prefix(size);
  }
  while (!text.empty()) {
    const std::size_t last = base::previous_utf8(text, text.size());
    const char32_t code_point = base::decode_valid_utf8(text, last).code_point;
    if (!properties_of(code_point).has(Properties::kSpace)) break;
    text.remove_suffix(text.size() - last);
  }
  return text;
}

ErrorCode normalize_strip(std::string_view value, ValueNormalizer& writer) {
  std::string_view stripped = strip_ascii(value);
  if (!base::is_ascii(stripped)) {
    if (base::find_invalid_utf8(stripped) != std::string_view::npos) return ErrorCode::invalid_utf8;
    stripped = strip(stripped);
  }
  writer.show(stripped);
  return ErrorCode::ok;
}

}  // namespace pii::unicode
