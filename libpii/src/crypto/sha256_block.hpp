#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "crypto/sha256_kernels.hpp"

// Static, not inline: each kernel source keeps its own copy (sha256_kernels.hpp says why).
namespace pii::crypto {

[[maybe_unused]] static std::uint32_t load_be32(const std::byte* in) noexcept {
  std::uint32_t word;
  std::memcpy(&word, in, sizeof(word));
  return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? __builtin_bswap32(word) : word;
}

[[maybe_unused]] static void store_be32(std::byte* out, std::uint32_t word) noexcept {
  if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__) word = __builtin_bswap32(word);
  std::memcpy(out, &word, sizeof(word));
}

[[maybe_unused]] static void store_be64(std::byte* out, std::uint64_t word) noexcept {
  store_be32(out, static_cast<std::uint32_t>(word >> 32));
  store_be32(out + 4, static_cast<std::uint32_t>(word));
}

/// Block `index` of the padded inner message, which began with a 64-byte pad (FIPS 180-4, 5.1.1).
[[maybe_unused]] static void stage_block(const HmacJob& job, std::size_t index, std::size_t blocks,
                                         std::byte* out) noexcept {
  const std::size_t begin = index * 64;
  std::size_t size = 0;
  if (job.message.size() > begin) size = job.message.size() - begin < 64 ? job.message.size() - begin : 64;
  std::memset(out, 0, 64);
  if (size != 0) std::memcpy(out, job.message.data() + begin, size);
  if (size < 64 && job.message.size() >= begin) out[size] = std::byte{0x80};
  if (index + 1 == blocks) store_be64(out + 56, (static_cast<std::uint64_t>(job.message.size()) + 64) * 8);
}

}  // namespace pii::crypto
