#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/chunk.hpp"

// Groups of base64url characters, to be decoded eight in a 64-bit word, the first in the top byte: portable, and no branch on the
// content.
namespace pii::base {

inline constexpr std::uint64_t kOnes = 0x0101010101010101;

// 1 in each byte of x that is at least k. Bytes of x are at most 127.
inline std::uint64_t at_least(std::uint64_t x, unsigned k) noexcept {
  return ((x + (128 - k) * kOnes) >> 7) & kOnes;
}

inline std::uint64_t big_endian(std::uint64_t word) noexcept {
  return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? __builtin_bswap64(word) : word;
}
inline std::uint32_t big_endian(std::uint32_t word) noexcept {
  return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? __builtin_bswap32(word) : word;
}

inline std::uint64_t load_be64(const void* in) noexcept {
  std::uint64_t word;
  std::memcpy(&word, in, sizeof(word));
  return big_endian(word);
}

// The first `size` <= 8 bytes of the word, in powers of two: a call of memcpy() would cost as much as the
// decoding.
inline void store_be64(void* out, std::uint64_t word, std::size_t size) noexcept {
  auto* to = static_cast<unsigned char*>(out);
  if ((size & 8) != 0) {
    const std::uint64_t all = big_endian(word);
    std::memcpy(to, &all, sizeof(all));
  }
  if ((size & 4) != 0) {
    const std::uint32_t half = big_endian(static_cast<std::uint32_t>(word >> 32));
    std::memcpy(to, &half, sizeof(half));
    to += 4;
    word <<= 32;
  }
  if ((size & 2) != 0) {
    to[0] = static_cast<unsigned char>(word >> 56);
    to[1] = static_cast<unsigned char>(word >> 48);
    to += 2;
    word <<= 16;
  }
  if ((size & 1) != 0) to[0] = static_cast<unsigned char>(word >> 56);
}

// Twice 48 bits to sixteen characters.
inline Chunk to_characters(std::uint64_t first, std::uint64_t last) noexcept {
  const auto spread = [](std::uint64_t bits) {  // six a byte
    std::uint64_t x = (bits & 0x0000FFFFFF000000) << 8 | (bits & 0x0000000000FFFFFF);
    x = (x & 0x00FFF00000FFF000) << 4 | (x & 0x00000FFF00000FFF);
    return big_endian((x & 0x0FC00FC00FC00FC0) << 2 | (x & 0x003F003F003F003F));
  };
  const auto x = reinterpret_cast<Chunk>(ChunkHalves{spread(first), spread(last)});
  return x + ((x > 25) & ('a' - 'A' - 26)) - ((x > 51) & ('a' - '0' + 26)) - ((x > 61) & ('0' + 10 - '-')) +
         ((x > 62) & ('_' - '-' - 1)) + 'A';
}

// Eight characters to 48 bits; false when one of them is foreign.
inline bool to_bits(std::uint64_t x, std::uint64_t& bits) noexcept {
  const std::uint64_t upper = at_least(x, 'A') - at_least(x, 'Z' + 1);
  const std::uint64_t lower = at_least(x, 'a') - at_least(x, 'z' + 1);
  const std::uint64_t digit = at_least(x, '0') - at_least(x, '9' + 1);
  const std::uint64_t minus = at_least(x, '-') - at_least(x, '-' + 1);
  const std::uint64_t under = at_least(x, '_') - at_least(x, '_' + 1);
  std::uint64_t v =
      x - 'A' * upper - ('a' - 26) * lower + (52 - '0') * digit + (62 - '-') * minus - ('_' - 63) * under;
  v = (v >> 2 & 0x0FC00FC00FC00FC0) | (v & 0x003F003F003F003F);
  v = (v >> 4 & 0x00FFF00000FFF000) | (v & 0x00000FFF00000FFF);
  bits = (v >> 8 & 0x0000FFFFFF000000) | (v & 0x0000000000FFFFFF);
  return (x & 0x80 * kOnes) == 0 && upper + lower + digit + minus + under == kOnes;
}

}  // namespace pii::base
