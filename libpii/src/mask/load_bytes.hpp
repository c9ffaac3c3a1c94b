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

}  // namespace pii::mask
