#pragma once

namespace pii::mask {

/// The value of a hexadecimal digit, or -1.
constexpr int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// Whether it is one, told without a branch: of identifiers none would be foreseen.
constexpr bool is_hex_digit(char c) noexcept {
  const unsigned digit = static_cast<unsigned char>(c) - unsigned{'0'}, letter = (static_cast<unsigned char>(c) | 0x20U) - unsigned{'a'};
  return static_cast<bool>(static_cast<unsigned>(digit < 10) | static_cast<unsigned>(letter < 6));
}

}  // namespace pii::mask
