#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__) && !defined(PII_PORTABLE_ONLY)
#include <emmintrin.h>
#endif

namespace piictl::stream {

/// 64 bytes looked at together: bit i of a mask speaks of byte i. SSE2 is part of x86-64, so nothing is
/// dispatched.
class ByteBlock {
 public:
  static constexpr std::size_t kSize = 64;

  /// The bytes of `text` from `offset` on, at most 64; masks are 0 where the text has ended.
  ByteBlock(std::string_view text, std::size_t offset) noexcept {
    const std::size_t left = text.size() - offset;
    if (left >= kSize) {
      load(text.data() + offset);
    } else {
      char padded[kSize] = {};
      std::memcpy(padded, text.data() + offset, left);
      load(padded);
      size_ = left;
      valid_ = (std::uint64_t{1} << left) - 1;
    }
  }

  std::size_t size() const noexcept { return size_; }
  /// Which bytes are `c`.
  std::uint64_t equal(char c) const noexcept { return compare(c) & valid_; }

 private:
#if defined(__SSE2__) && !defined(PII_PORTABLE_ONLY)
  void load(const char* data) noexcept {
    for (std::size_t i = 0; i < 4; ++i) {
      parts_[i] = _mm_loadu_si128(reinterpret_cast<const __m128i*>(data + 16 * i));
    }
  }
  std::uint64_t compare(char c) const noexcept {
    const __m128i wanted = _mm_set1_epi8(c);
    std::uint64_t mask = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const auto part = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(parts_[i], wanted)));
      mask |= std::uint64_t{part} << (16 * i);
    }
    return mask;
  }

  __m128i parts_[4];
#else
  void load(const char* data) noexcept { std::memcpy(bytes_, data, kSize); }
  std::uint64_t compare(char c) const noexcept {
    std::uint64_t mask = 0;
    for (std::size_t i = 0; i < kSize; ++i) mask |= std::uint64_t{bytes_[i] == c} << i;
    return mask;
  }

  char bytes_[kSize];
#endif
  std::size_t size_ = kSize;
  std::uint64_t valid_ = ~std::uint64_t{0};
};

/// Bit i: whether an odd number of bits up to and including i is set.
constexpr std::uint64_t prefix_xor(std::uint64_t bits) noexcept {
  for (int shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
  return bits;
}

}  // namespace piictl::stream
