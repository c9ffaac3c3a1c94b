#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/chunk.hpp"

// Which bytes of a text are of a kind, a bit each, the first one's the lowest.
namespace pii::detect {

inline constexpr auto kSmallLetters = [](base::Chunk x) { return base::in_range<'a', 'z'>(x); };
inline constexpr auto kDigits = [](base::Chunk x) { return base::in_range<'0', '9'>(x); };
inline constexpr auto kDots = [](base::Chunk x) { return x == '.'; };
inline constexpr auto kDashes = [](base::Chunk x) { return x == '-'; };
/// [A-Za-z0-9_-]
inline constexpr auto kJoined = [](base::Chunk x) { return kSmallLetters(x | 0x20) | kDigits(x) | kDashes(x) | (x == '_'); };

/// Of the sixteen bytes at `at`.
template <typename Kind>
std::uint32_t bits_of_sixteen(const char* at, Kind kind) noexcept {
  return base::high_bits(kind(base::load<base::Chunk>(at)));
}

/// Of the 32 bytes from text[from] on, or of as many as there are; at least sixteen.
template <typename Kind>
std::uint32_t bits_of_32(std::string_view text, std::size_t from, Kind kind) noexcept {
  const std::size_t last = std::min(text.size(), from + 32) - base::kChunkSize;
  return bits_of_sixteen(text.data() + from, kind) | bits_of_sixteen(text.data() + last, kind) << (last - from);
}

/// Of the 64 bytes from text[from] on, or of as many as there are.
template <typename Kind>
std::uint64_t bits_of_64(std::string_view text, std::size_t from, Kind kind) noexcept {
  const char* const at = text.data() + from;
  const std::size_t size = std::min<std::size_t>(64, text.size() - from);
  std::uint64_t bits = 0;
  std::size_t i = 0;
  for (; i + 16 <= size; i += 16) bits |= std::uint64_t{bits_of_sixteen(at + i, kind)} << i;
  if (i == size) return bits;
  // The rest, together with what stands before it.
  if (from + size >= 16) return bits | std::uint64_t{bits_of_sixteen(at + size - 16, kind)} >> (16 - (size - i)) << i;
  // A text of fewer.
  char copy[16] = {};
  if (size >= 8) {
    std::memcpy(copy, at, 8);
    std::memcpy(copy + 8, at + size - 8, 8);
    const std::uint64_t both = bits_of_sixteen(copy, kind);
    return (both & 0xFF) | both >> 8 << (size - 8);
  }
  for (; i < size; ++i) copy[i] = at[i];
  return bits_of_sixteen(copy, kind) & ((std::uint64_t{1} << size) - 1);
}

}  // namespace pii::detect
