#include "formats/canonical.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/chunk.hpp"

namespace pii::formats {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t kForeign = 0x80;

constexpr auto kValues = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(kForeign);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}();

std::uint8_t value_of(char c) noexcept { return kValues[static_cast<unsigned char>(c)]; }

base::Chunk in_alphabet(base::Chunk c) noexcept {
  return ((c >= 'A') & (c <= 'Z')) | ((c >= 'a') & (c <= 'z')) | ((c >= '0') & (c <= '9')) | (c == '-') |
         (c == '_');
}

// Also true of a text of less than a chunk, which is padded.
bool may_be_foreign(std::string_view text) noexcept {
  base::Chunk foreign{};
  base::for_each_chunk(text.size(), [&](std::size_t offset, std::size_t size) {
    foreign |= ~in_alphabet(base::load_chunk(text.data() + offset, size));
  });
  return base::has_high_bit(foreign);
}

}  // namespace

std::size_t find_non_canonical(std::string_view text) noexcept {
  if (may_be_foreign(text)) {
    const auto* const found =
        std::find_if(text.begin(), text.end(), [](char c) { return value_of(c) == kForeign; });
    if (found != text.end()) return static_cast<std::size_t>(found - text.begin());
  }
  const std::size_t rest = text.size() % 4;
  if (rest == 0) return std::string_view::npos;
  constexpr std::uint8_t kSpareBits[4] = {0, 0x3F, 0x0F, 0x03};
  const bool canonical = rest != 1 && (value_of(text.back()) & kSpareBits[rest]) == 0;
  return canonical ? std::string_view::npos : text.size() - 1;
}

}  // namespace pii::formats
