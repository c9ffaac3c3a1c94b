#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "crypto/big_endian.hpp"
#include "crypto/sha256_kernels.hpp"

// Static, not inline: each kernel source keeps its own copy (sha256_kernels.hpp says why).
namespace pii::crypto {

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
