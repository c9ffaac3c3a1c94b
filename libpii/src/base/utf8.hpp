#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace pii::base {

inline constexpr char32_t kInvalidCodePoint = 0xFFFFFFFF;

struct Decoded {
  char32_t code_point;
  std::size_t size;
};
/// The code point at text[offset] and its size; kInvalidCodePoint and size 1 where the bytes are not UTF-8
/// (RFC 3629). `offset` must be less than text.size().
Decoded decode_utf8(std::string_view text, std::size_t offset) noexcept;
/// The same for text that is known to be valid.
inline Decoded decode_valid_utf8(std::string_view text, std::size_t offset) noexcept;
/// Where the code point starts that ends right before `end`, in valid text; `end` must not be 0.
inline std::size_t previous_utf8(std::string_view text, std::size_t end) noexcept;
/// Bytes of a Unicode scalar value.
constexpr std::size_t utf8_size(char32_t code_point) noexcept {
  return code_point < 0x80 ? 1 : code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
}
/// Writes a Unicode scalar value, at most 4 bytes; returns how many.
std::size_t encode_utf8(char32_t code_point, char* out) noexcept;
bool is_ascii(std::string_view text) noexcept;
/// Offset of the first byte that is not valid UTF-8, or npos.
std::size_t find_invalid_utf8(std::string_view text) noexcept;

inline Decoded decode_valid_utf8(std::string_view text, std::size_t offset) noexcept {
  const auto byte = [&](std::size_t i) {
    return static_cast<char32_t>(static_cast<unsigned char>(text[offset + i]));
  };
  const char32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  if (lead < 0xE0) return {(lead & 0x1F) << 6 | (byte(1) & 0x3F), 2};
  if (lead < 0xF0) return {(lead & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F), 3};
  return {(lead & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F), 4};
}

inline std::size_t previous_utf8(std::string_view text, std::size_t end) noexcept {
  std::size_t start = end - 1;
  while ((static_cast<unsigned char>(text[start]) & 0xC0) == 0x80) --start;
  return start;
}

}  // namespace pii::base
