#pragma once

#include <immintrin.h>

#include <cstddef>

// 24 bytes <-> 32 base64url characters, for base64url.cpp. Call only where the processor has AVX2.
namespace pii::base::avx2 {

[[gnu::target("avx2"), gnu::always_inline]] inline __m256i in_both_halves(__m128i x) noexcept {
  return _mm256_broadcastsi128_si256(x);
}

// Twelve bytes at the start of each half to sixteen characters.
[[gnu::target("avx2"), gnu::always_inline]] inline __m256i to_characters(__m256i bytes) noexcept {
  // Each 32-bit word gets the bytes 1 0 2 1 of its group of three, so that every sextet lies within 16 bits.
  const __m256i order = in_both_halves(_mm_setr_epi8(1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10));
  const __m256i words = _mm256_shuffle_epi8(bytes, order);
  // Multiplying shifts the two halves of a word by different amounts.
  const __m256i even = _mm256_mulhi_epu16(_mm256_and_si256(words, _mm256_set1_epi32(0x0FC0FC00)),
                                          _mm256_set1_epi32(0x04000040));
  const __m256i odd = _mm256_mullo_epi16(_mm256_and_si256(words, _mm256_set1_epi32(0x003F03F0)),
                                         _mm256_set1_epi32(0x01000010));
  const __m256i sextets = _mm256_or_si256(even, odd);
  // 13 for A-Z, 0 for a-z, 1 to 10 for digits, 11 for 62, 12 for 63.
  const __m256i upper = _mm256_cmpgt_epi8(_mm256_set1_epi8(26), sextets);
  const __m256i kind = _mm256_or_si256(_mm256_subs_epu8(sextets, _mm256_set1_epi8(51)),
                                       _mm256_and_si256(upper, _mm256_set1_epi8(13)));
  const __m256i offset =
      in_both_halves(_mm_setr_epi8('a' - 26, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52,
                                   '0' - 52, '0' - 52, '0' - 52, '0' - 52, '-' - 62, '_' - 63, 'A', 0, 0));
  return _mm256_add_epi8(sextets, _mm256_shuffle_epi8(offset, kind));
}

[[gnu::target("avx2"), gnu::always_inline]] inline __m256i in_range(__m256i x, char first,
                                                                    char last) noexcept {
  const __m256i distance = _mm256_sub_epi8(x, _mm256_set1_epi8(first));
  return _mm256_cmpeq_epi8(distance,
                           _mm256_min_epu8(distance, _mm256_set1_epi8(static_cast<char>(last - first))));
}

// 32 characters to 24 bytes at the start of `bytes`; false when one of them is foreign.
[[gnu::target("avx2"), gnu::always_inline]] inline bool to_bytes(__m256i x, __m256i& bytes) noexcept {
  const __m256i upper = in_range(x, 'A', 'Z');
  const __m256i lower = in_range(x, 'a', 'z');
  const __m256i digit = in_range(x, '0', '9');
  const __m256i minus = _mm256_cmpeq_epi8(x, _mm256_set1_epi8('-'));
  const __m256i under = _mm256_cmpeq_epi8(x, _mm256_set1_epi8('_'));
  const __m256i letter_offset = _mm256_or_si256(_mm256_and_si256(upper, _mm256_set1_epi8(-'A')),
                                                _mm256_and_si256(lower, _mm256_set1_epi8(26 - 'a')));
  const __m256i other_offset =
      _mm256_or_si256(_mm256_or_si256(_mm256_and_si256(digit, _mm256_set1_epi8(52 - '0')),
                                      _mm256_and_si256(minus, _mm256_set1_epi8(62 - '-'))),
                      _mm256_and_si256(under, _mm256_set1_epi8(63 - '_')));
  const __m256i sextets = _mm256_add_epi8(x, _mm256_or_si256(letter_offset, other_offset));
  const __m256i known =
      _mm256_or_si256(_mm256_or_si256(upper, lower), _mm256_or_si256(_mm256_or_si256(digit, minus), under));

  const __m256i pairs = _mm256_maddubs_epi16(sextets, _mm256_set1_epi32(0x01400140));
  const __m256i quads = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00011000));
  const __m256i order = in_both_halves(_mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1));
  const __m256i halves = _mm256_shuffle_epi8(quads, order);
  bytes = _mm256_permutevar8x32_epi32(halves, _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 7));
  return _mm256_movemask_epi8(known) == -1;
}

}  // namespace pii::base::avx2
