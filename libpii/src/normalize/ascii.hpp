#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/chunk.hpp"

// The rules for ASCII.
namespace pii::unicode {

using base::Chunk;

/// All ones for every byte from A to Z, zero for any other.
inline Chunk capitals(Chunk chunk) noexcept { return (chunk >= 'A') & (chunk <= 'Z'); }

struct AsciiScan {
  bool ascii;
  bool has_capitals;
};

inline AsciiScan scan_ascii(std::string_view text) noexcept {
  Chunk seen{};
  Chunk found{};
  base::for_each_chunk(text.size(), [&](std::size_t offset, std::size_t size) {
    const Chunk chunk = base::load_chunk(text.data() + offset, size);
    seen |= chunk;
    found |= capitals(chunk);
  });
  return {!base::has_high_bit(seen), base::has_high_bit(found)};
}

/// Writes text.size() bytes; `text` does not overlap `out`.
inline void lower_ascii(std::string_view text, char* out) noexcept {
  base::for_each_chunk(text.size(), [&](std::size_t offset, std::size_t size) {
    Chunk chunk = base::load_chunk(text.data() + offset, size);
    chunk |= capitals(chunk) & 0x20;
    base::store_chunk(chunk, out + offset, size);
  });
}

constexpr bool is_ascii(char byte) noexcept { return static_cast<unsigned char>(byte) < 0x80; }

constexpr char lower_ascii(char byte) noexcept {
  return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte | 0x20) : byte;
}

constexpr bool is_ascii_space(char byte) noexcept {
  return byte == ' ' || (byte >= 0x09 && byte <= 0x0D) || (byte >= 0x1C && byte <= 0x1F);
}

inline std::string_view strip_ascii(std::string_view text) noexcept {
  while (!text.empty() && is_ascii_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_ascii_space(text.back())) text.remove_suffix(1);
  return text;
}

/// 1 for what the phone rule keeps of ASCII, 0 for every other byte.
inline constexpr auto kPhoneCharacters = [] {
  std::array<std::uint8_t, 256> kept{};
  kept['+'] = 1;
  for (std::size_t c = '0'; c <= '9'; ++c) kept[c] = 1;
  return kept;
}();

}  // namespace pii::unicode
