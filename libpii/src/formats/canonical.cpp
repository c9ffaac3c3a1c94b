#include "formats/canonical.hpp"

#include <array>
#include <cstdint>

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

}  // namespace

std::size_t find_non_canonical(std::string_view text) noexcept {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (value_of(text[i]) == kForeign) return i;
  }
  const std::size_t rest = text.size() % 4;
  if (rest == 0) return std::string_view::npos;
  constexpr std::uint8_t kSpareBits[4] = {0, 0x3F, 0x0F, 0x03};
  const bool canonical = rest != 1 && (value_of(text.back()) & kSpareBits[rest]) == 0;
  return canonical ? std::string_view::npos : text.size() - 1;
}

}  // namespace pii::formats
