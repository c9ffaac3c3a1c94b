#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace pii::base {

inline constexpr char32_t kInvalidCodePoint = 0xFFFFFFFF;

/// The code point at text[offset] and its size; kInvalidCodePoint and size 1 where the bytes are not UTF-8 (RFC 3629).
struct Decoded {
  char32_t code_point;
  std::size_t size;
};
Decoded decode_utf8(std::string_view text, std::size_t offset) noexcept;
/// Writes at most 4 bytes; returns how many.
std::size_t encode_utf8(char32_t code_point, char* out) noexcept;
bool is_ascii(std::string_view text) noexcept;

}  // namespace pii::base
