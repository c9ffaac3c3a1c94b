#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

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

}  // namespace pii::crypto
