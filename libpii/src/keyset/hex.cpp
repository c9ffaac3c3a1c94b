#include "keyset/hex.hpp"

#include <algorithm>

namespace pii::keyset {

std::string to_hex(std::span<const std::byte> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  hex.reserve(2 * bytes.size());
  for (const std::byte byte : bytes) {
    hex += kDigits[static_cast<std::size_t>(byte >> 4)];
    hex += kDigits[static_cast<std::size_t>(byte & std::byte{15})];
  }
  return hex;
}

bool is_lower_hex(std::string_view text, std::size_t size) noexcept {
  return text.size() == size && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

}  // namespace pii::keyset
