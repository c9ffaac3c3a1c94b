#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace pii::mask {

/// Up to eight bytes, zeros behind them. Of a number of bytes that is not known a copy would be a call, and wait for its own stores.
inline std::uint64_t load_bytes(const char* at, std::size_t size) noexcept {
  if (size == 8 || std::endian::native != std::endian::little) {
    std::uint64_t word = 0;
    if (size > 0) std::memcpy(&word, at, size);
    return word;
  }
  if (size >= 4) {
    std::uint32_t head, tail;
    std::memcpy(&head, at, 4);
    std::memcpy(&tail, at + size - 4, 4);
    return head | std::uint64_t{tail} << 8 * (size - 4);
  }
  const auto byte = [at](std::size_t i) { return std::uint64_t{static_cast<unsigned char>(at[i])} << 8 * i; };
  return size == 0 ? 0 : byte(0) | byte(size / 2) | byte(size - 1);
}

/// Each of the eight bytes of a word.
constexpr std::uint64_t every(std::uint64_t byte) noexcept { return byte * 0x0101010101010101U; }
/// The highest bits of a word's bytes, side by side; the other bits are zeros. Of little-endian words, as below.
constexpr std::uint64_t gathered(std::uint64_t highest) noexcept { return (highest >> 7) * 0x0102040810204080U >> 56; }
/// A bit for each of the eight bytes that is a digit, the first one's the lowest.
constexpr std::uint64_t digit_bits(std::uint64_t word) noexcept {
  const std::uint64_t value = word ^ every('0');
  return gathered(~(((value & every(0x7F)) + every(0x7F - 9)) | value) & every(0x80));
}
/// The same for one character.
constexpr std::uint64_t bits_of(char c, std::uint64_t word) noexcept {
  const std::uint64_t value = word ^ every(static_cast<unsigned char>(c));
  return gathered(~(((value & every(0x7F)) + every(0x7F)) | value) & every(0x80));
}

}  // namespace pii::mask
