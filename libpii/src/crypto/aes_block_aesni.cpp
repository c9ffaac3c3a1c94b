// Compiled for the AES instructions; sha256_kernels.hpp says what that forbids.
#include <immintrin.h>

#include "crypto/aes_block.hpp"

namespace pii::crypto {
namespace {

// Four words, each XORed with all before it, as the key expansion of FIPS 197 chains them.
[[gnu::always_inline]] inline __m128i chain(__m128i words) noexcept {
  words = _mm_xor_si128(words, _mm_slli_si128(words, 4));
  return _mm_xor_si128(words, _mm_slli_si128(words, 8));
}

template <int kRoundConstant>
[[gnu::always_inline]] inline __m128i next_even(__m128i even, __m128i odd) noexcept {
  return _mm_xor_si128(chain(even), _mm_shuffle_epi32(_mm_aeskeygenassist_si128(odd, kRoundConstant), 0xFF));
}

[[gnu::always_inline]] inline __m128i next_odd(__m128i odd, __m128i even) noexcept {
  return _mm_xor_si128(chain(odd), _mm_shuffle_epi32(_mm_aeskeygenassist_si128(even, 0), 0xAA));
}

}  // namespace

void aesni_expand_key(const std::byte* key, std::byte* round_keys) noexcept {
  auto* out = reinterpret_cast<__m128i*>(round_keys);
  __m128i even = _mm_loadu_si128(reinterpret_cast<const __m128i*>(key));
  __m128i odd = _mm_loadu_si128(reinterpret_cast<const __m128i*>(key) + 1);
  _mm_storeu_si128(out++, even);
  _mm_storeu_si128(out++, odd);
  const auto put = [&](__m128i next) __attribute__((always_inline)) {
    even = next;
    _mm_storeu_si128(out++, even);
    odd = next_odd(odd, even);
    _mm_storeu_si128(out++, odd);
  };
  put(next_even<0x01>(even, odd));
  put(next_even<0x02>(even, odd));
  put(next_even<0x04>(even, odd));
  put(next_even<0x08>(even, odd));
  put(next_even<0x10>(even, odd));
  put(next_even<0x20>(even, odd));
  _mm_storeu_si128(out, next_even<0x40>(even, odd));
}

void aesni_encrypt_two(const std::byte* round_keys, const std::byte* blocks, std::byte* out) noexcept {
  const auto* keys = reinterpret_cast<const __m128i*>(round_keys);
  const auto* in = reinterpret_cast<const __m128i*>(blocks);
  __m128i round = _mm_loadu_si128(keys);
  __m128i a = _mm_xor_si128(_mm_loadu_si128(in), round);
  __m128i b = _mm_xor_si128(_mm_loadu_si128(in + 1), round);
  for (int i = 1; i < 14; ++i) {
    round = _mm_loadu_si128(keys + i);
    a = _mm_aesenc_si128(a, round);
    b = _mm_aesenc_si128(b, round);
  }
  round = _mm_loadu_si128(keys + 14);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), _mm_aesenclast_si128(a, round));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out) + 1, _mm_aesenclast_si128(b, round));
}

}  // namespace pii::crypto
