#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

// Eight bytes at a time in ordinary registers: for the length of an address this is as fast as vector
// instructions, and it is the same code everywhere.
namespace pii::unicode {

struct AsciiScan {
  bool ascii;
  bool has_capitals;  // of ASCII text only
};

namespace detail {

inline constexpr std::uint64_t kOnes = 0x0101010101010101;
inline constexpr std::uint64_t kHighBits = 0x80 * kOnes;

inline std::uint64_t load_word(const char* from) noexcept {
  std::uint64_t word;
  std::memcpy(&word, from, sizeof word);
  return word;
}

// The high bit of every byte from A to Z; a byte that is not ASCII may be taken for one.
constexpr std::uint64_t capitals(std::uint64_t word) noexcept {
  const std::uint64_t low_bits = word & ~kHighBits;
  const std::uint64_t from_a = low_bits + (0x80 - 'A') * kOnes;
  const std::uint64_t past_z = low_bits + (0x80 - ('Z' + 1)) * kOnes;
  return from_a & ~past_z & kHighBits;
}

}  // namespace detail

inline AsciiScan scan_ascii(std::string_view text) noexcept {
  std::uint64_t seen = 0;
  std::uint64_t found = 0;
  const auto add = [&](std::uint64_t word) {
    seen |= word;
    found |= detail::capitals(word);
  };
  const std::size_t size = text.size();
  if (size >= 8) {
    for (std::size_t i = 0; i + 8 < size; i += 8) add(detail::load_word(text.data() + i));
    add(detail::load_word(text.data() + size - 8));
  } else {
    for (const char byte : text) add(static_cast<unsigned char>(byte));
  }
  return {(seen & detail::kHighBits) == 0, found != 0};
}

/// Writes text.size() bytes; `text` is ASCII and does not overlap `out`.
inline void lower_ascii(std::string_view text, char* out) noexcept {
  const auto lower_word = [&](std::size_t i) {
    std::uint64_t word = detail::load_word(text.data() + i);
    word |= detail::capitals(word) >> 2;  // 0x80 becomes 0x20
    std::memcpy(out + i, &word, sizeof word);
  };
  const std::size_t size = text.size();
  if (size >= 8) {
    for (std::size_t i = 0; i + 8 < size; i += 8) lower_word(i);
    lower_word(size - 8);
    return;
  }
  for (std::size_t i = 0; i < size; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    out[i] = static_cast<char>(byte | (detail::capitals(byte) >> 2));
  }
}

}  // namespace pii::unicode
