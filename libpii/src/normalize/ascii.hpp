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
inline Chunk capitals(Chunk chunk) noexcept { return base::in_range<'A', 'Z'>(chunk); }

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

// What a value is that a rule leaves as it is, told at a glance of most values of a log or a table; false says nothing.

/// Not empty, and neither end may be white space, all of which is at or below the blank in ASCII.
inline bool has_plain_ends(std::string_view text) noexcept {
  return !text.empty() && static_cast<unsigned char>(text.front()) > ' ' && static_cast<unsigned char>(text.back()) > ' ';
}

/// Whether no chunk of the text has a high bit in what `odd` makes of it.
template <class Odd>
inline bool has_nothing_odd(std::string_view text, Odd odd) noexcept {
  Chunk found{};
  base::for_each_chunk(text.size(), [&](std::size_t offset, std::size_t size) {
    found |= odd(base::load_chunk(text.data() + offset, size));
  });
  return !base::has_high_bit(found);
}

inline bool is_stripped_ascii(std::string_view text) noexcept {
  return has_plain_ends(text) && has_nothing_odd(text, [](Chunk chunk) { return chunk; });
}

inline bool is_lower_ascii(std::string_view text) noexcept {
  return has_plain_ends(text) && has_nothing_odd(text, [](Chunk chunk) { return chunk | capitals(chunk); });
}

/// Of 8 bytes or more: a shorter chunk has zeros besides.
inline bool is_plain_phone(std::string_view text) noexcept {
  return text.size() >= base::kChunkSize / 2 && has_nothing_odd(text, [](Chunk chunk) {
           return Chunk(~((chunk == '+') | base::in_range<'0', '9'>(chunk)));
         });
}

/// 1 for what the phone rule keeps of ASCII, 0 for every other byte.
inline constexpr auto kPhoneCharacters = [] {
  std::array<std::uint8_t, 256> kept{};
  kept['+'] = 1;
  for (std::size_t c = '0'; c <= '9'; ++c) kept[c] = 1;
  return kept;
}();

}  // namespace pii::unicode
