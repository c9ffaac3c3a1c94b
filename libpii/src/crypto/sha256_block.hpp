#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "crypto/sha256_kernels.hpp"

// The blocks of an HMAC, made in registers and stored 16 bytes at a time: a vector that is loaded soon after narrower stores to its
// place waits for them. Static, not inline: each kernel source keeps its own copy (sha256_kernels.hpp says why).
namespace pii::crypto {

using TwoWords [[gnu::vector_size(16)]] = std::uint64_t;
using FourWords [[gnu::vector_size(16)]] = std::uint32_t;

[[maybe_unused]] static std::uint64_t in_memory_order(std::uint64_t low_byte_first) noexcept {
  return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? low_byte_first : __builtin_bswap64(low_byte_first);
}

/// The last `size` < 8 bytes of a message, its mark (FIPS 180-4, 5.1.1) and zeros, as they stand in memory.
[[maybe_unused]] static std::uint64_t load_end(const char* from, std::size_t size) noexcept {
  std::uint64_t bytes = std::uint64_t{0x80} << 8 * size;
  if (size >= 4) {  // two pieces that may overlap
    std::uint32_t first;
    std::uint32_t last;
    std::memcpy(&first, from, sizeof(first));
    std::memcpy(&last, from + size - sizeof(last), sizeof(last));
    if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__) first = __builtin_bswap32(first), last = __builtin_bswap32(last);
    bytes |= first | std::uint64_t{last} << 8 * (size - 4);
  } else {
    for (std::size_t i = 0; i < size; ++i) bytes |= std::uint64_t{static_cast<unsigned char>(from[i])} << 8 * i;
  }
  return in_memory_order(bytes);
}

/// Block `index` of the padded inner message, which began with a 64-byte pad.
[[maybe_unused]] static void stage_block(const HmacJob& job, std::size_t index, std::size_t blocks,
                                         std::byte* out) noexcept {
  const std::size_t size = job.message.size();
  for (std::size_t i = 0; i < 4; ++i) {
    const std::size_t at = index * 64 + i * 16;
    TwoWords words{};
    if (at + 16 <= size) {
      std::memcpy(&words, job.message.data() + at, sizeof(words));
    } else if (at + 8 <= size) {
      std::uint64_t first;
      std::memcpy(&first, job.message.data() + at, sizeof(first));
      words = TwoWords{first, load_end(job.message.data() + at + 8, size - at - 8)};
    } else if (at <= size) {
      words[0] = load_end(job.message.data() + at, size - at);
    }
    if (i == 3 && index + 1 == blocks) words[1] = in_memory_order(__builtin_bswap64((std::uint64_t{size} + 64) * 8));
    std::memcpy(out + i * 16, &words, sizeof(words));
  }
}

/// A digest's words as bytes, kMacSize of them.
[[maybe_unused]] static void store_digest(const std::uint32_t (&digest)[8], std::byte* out) noexcept {
  for (std::size_t i = 0; i < 8; i += 4) {
    FourWords words;
    std::memcpy(&words, digest + i, sizeof(words));
    if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__) {
      words = words << 24 | (words & 0xFF00) << 8 | (words >> 8 & 0xFF00) | words >> 24;
    }
    std::memcpy(out + 4 * i, &words, sizeof(words));
  }
}

/// The block of the outer hash, which began with a pad too.
[[maybe_unused]] static void stage_digest(const std::uint32_t (&digest)[8], std::byte* out) noexcept {
  const TwoWords end[2] = {{in_memory_order(0x80), 0}, {0, in_memory_order(__builtin_bswap64((64 + 32) * 8))}};
  store_digest(digest, out);
  std::memcpy(out + 32, end, sizeof(end));
}

}  // namespace pii::crypto
