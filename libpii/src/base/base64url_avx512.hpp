#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

// 48 bytes to 64 base64url characters, for base64url.cpp.
namespace pii::base::avx512 {

inline bool is_supported() noexcept {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vbmi");
}

alignas(64) inline constexpr char kAlphabet[65] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// The first `count` of 64 bytes.
constexpr std::uint64_t first_bytes(std::size_t count) noexcept {
  return count >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
}

// Base64Implementation::encode. Masked loads and stores touch no byte beyond the text; a step loads before it stores, as
// `in` may lie in `out`. Call only where is_supported().
[[gnu::target("avx512f,avx512bw,avx512vbmi")]] inline void encode(const std::byte* in, std::size_t size,
                                                                  char* out) noexcept {
  constexpr __mmask64 kAll = ~__mmask64{0};
  // Each 32-bit word gets the bytes 1 0 2 1 of its group of three, so that every sextet lies within 16 bits.
  const __m512i group = _mm512_set_epi32(0x2e2f2d2e, 0x2b2c2a2b, 0x28292728, 0x25262425, 0x22232122, 0x1f201e1f,
                                         0x1c1d1b1c, 0x191a1819, 0x16171516, 0x13141213, 0x10110f10, 0x0d0e0c0d,
                                         0x0a0b090a, 0x07080607, 0x04050304, 0x01020001);
  const __m512i places = _mm512_set1_epi64(0x3036242a1016040a);  // where in its 64 bits each sextet begins
  const __m512i alphabet = _mm512_load_si512(kAlphabet);
  while (size != 0) {
    const std::size_t taken = size < 48 ? size : 48;
    const std::size_t written = (taken * 8 + 5) / 6;
    const __m512i bytes = _mm512_maskz_loadu_epi8(first_bytes(taken), in);
    // The masked forms: of the plain ones g++ 12 says that they use an uninitialized vector.
    const __m512i sextets =
        _mm512_maskz_multishift_epi64_epi8(kAll, places, _mm512_maskz_permutexvar_epi8(kAll, group, bytes));
    const __m512i text = _mm512_maskz_permutexvar_epi8(kAll, sextets, alphabet);
    _mm512_mask_storeu_epi8(out, first_bytes(written), text);
    size -= taken;
    in += taken;
    out += written;
  }
}

// Base64Implementation::encode_labelled. One vector is a whole label and text.
[[gnu::target("avx512f,avx512bw,avx512vbmi")]] inline void encode_labelled(const char* label, const std::byte* in,
                                                                           std::size_t count, char* const* out) noexcept {
  constexpr __mmask64 kAll = ~__mmask64{0};
  constexpr __mmask64 kText = ~__mmask64{0xFF};
  // As in encode(), eight characters further on.
  const __m512i group = _mm512_set_epi32(0x28292728, 0x25262425, 0x22232122, 0x1f201e1f, 0x1c1d1b1c, 0x191a1819,
                                         0x16171516, 0x13141213, 0x10110f10, 0x0d0e0c0d, 0x0a0b090a, 0x07080607,
                                         0x04050304, 0x01020001, 0, 0);
  const __m512i places = _mm512_set1_epi64(0x3036242a1016040a);
  const __m512i alphabet = _mm512_load_si512(kAlphabet);
  const __m512i labels = _mm512_maskz_loadu_epi8(first_bytes(8), label);
  constexpr std::size_t kSize = 32;
  for (std::size_t i = 0; i < count; ++i) {
    const __m512i bytes = _mm512_maskz_loadu_epi64(0xF, in + kSize * i);
    const __m512i sextets =
        _mm512_maskz_multishift_epi64_epi8(kAll, places, _mm512_maskz_permutexvar_epi8(kAll, group, bytes));
    const __m512i text = _mm512_mask_permutexvar_epi8(labels, kText, sextets, alphabet);
    _mm512_mask_storeu_epi8(out[i], first_bytes(8 + 43), text);
  }
}

}  // namespace pii::base::avx512
