#include "mask/name_search.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>

#include "base/once.hpp"

#if defined(__x86_64__) && !defined(PII_PORTABLE_ONLY)
#include <immintrin.h>
#define PII_NAMES_VECTOR 1
#else
#define PII_NAMES_VECTOR 0
#endif

namespace pii::mask {
namespace {

constexpr std::size_t kFourth = NameMarks::kFourth;

std::size_t search_portable(std::string_view text, std::size_t from, const NameMarks& marks) noexcept {
  const auto is = [&](std::size_t i, char mark) { return static_cast<char>(text[i] | NameMarks::kCaseBit) == mark; };
  for (std::size_t i = from; i + kFourth < text.size(); ++i) {
    for (std::size_t k = 0; k < marks.count; ++k) {
      if (is(i, marks.first[k]) && is(i + 1, marks.second[k]) && is(i + kFourth, marks.fourth[k])) return i;
    }
  }
  return std::string_view::npos;
}

#if PII_NAMES_VECTOR
#define PII_TARGET_AVX2 __attribute__((target("avx2")))
#define PII_TARGET_AVX512 __attribute__((target("avx512f,avx512bw")))

constexpr std::size_t kNarrow = 16, kWide = 32, kWidest = 64;

std::size_t search_sse2(std::string_view text, std::size_t from, const NameMarks& marks) noexcept {
  const auto folded = [](const char* at) {
    return _mm_or_si128(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at)), _mm_set1_epi8(NameMarks::kCaseBit));
  };
  const std::size_t last = text.size() - kNarrow - kFourth;
  for (; from < last + kNarrow; from += kNarrow) {
    const std::size_t block = std::min(from, last);
    const char* const at = text.data() + block;
    const __m128i first = folded(at), second = folded(at + 1), fourth = folded(at + kFourth);
    __m128i found = _mm_setzero_si128();
    for (std::size_t k = 0; k < marks.count; ++k) {
      const __m128i begins = _mm_and_si128(_mm_cmpeq_epi8(first, _mm_set1_epi8(marks.first[k])), _mm_cmpeq_epi8(second, _mm_set1_epi8(marks.second[k])));
      found = _mm_or_si128(found, _mm_and_si128(begins, _mm_cmpeq_epi8(fourth, _mm_set1_epi8(marks.fourth[k]))));
    }
    const unsigned places = static_cast<unsigned>(_mm_movemask_epi8(found)) >> (from - block);
    if (places != 0) return from + static_cast<std::size_t>(std::countr_zero(places));
  }
  return std::string_view::npos;
}

template <std::size_t count>
PII_TARGET_AVX2 std::size_t search_avx2(std::string_view text, std::size_t from, const NameMarks& marks) noexcept {
  const __m256i bit = _mm256_set1_epi8(NameMarks::kCaseBit);
  __m256i firsts[count], seconds[count], fourths[count];
  for (std::size_t k = 0; k < count; ++k) {
    firsts[k] = _mm256_set1_epi8(marks.first[k]);
    seconds[k] = _mm256_set1_epi8(marks.second[k]);
    fourths[k] = _mm256_set1_epi8(marks.fourth[k]);
  }
  const auto folded = [bit](const char* at) PII_TARGET_AVX2 { return _mm256_or_si256(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(at)), bit); };
  const std::size_t last = text.size() - kWide - kFourth;
  for (; from < last + kWide; from += kWide) {
    const std::size_t block = std::min(from, last);
    const char* const at = text.data() + block;
    const __m256i first = folded(at), second = folded(at + 1), fourth = folded(at + kFourth);
    __m256i found = _mm256_setzero_si256();
    for (std::size_t k = 0; k < count; ++k) {
      const __m256i begins = _mm256_and_si256(_mm256_cmpeq_epi8(first, firsts[k]), _mm256_cmpeq_epi8(second, seconds[k]));
      found = _mm256_or_si256(found, _mm256_and_si256(begins, _mm256_cmpeq_epi8(fourth, fourths[k])));
    }
    const unsigned places = static_cast<unsigned>(_mm256_movemask_epi8(found)) >> (from - block);
    if (places != 0) return from + static_cast<std::size_t>(std::countr_zero(places));
  }
  return std::string_view::npos;
}

template <std::size_t count>
PII_TARGET_AVX512 std::size_t search_avx512(std::string_view text, std::size_t from, const NameMarks& marks) noexcept {
  const __m512i without_case = _mm512_set1_epi8(static_cast<char>(~NameMarks::kCaseBit));
  __m512i firsts[count], seconds[count], fourths[count];
  for (std::size_t k = 0; k < count; ++k) {
    firsts[k] = _mm512_set1_epi8(marks.first[k]);
    seconds[k] = _mm512_set1_epi8(marks.second[k]);
    fourths[k] = _mm512_set1_epi8(marks.fourth[k]);
  }
  const auto places_in = [&](__m512i first, __m512i second, __m512i fourth) PII_TARGET_AVX512 {
    constexpr int kOrDiffers = 0xF6;  // a | (b ^ c)
    std::uint64_t places = 0;
    for (std::size_t k = 0; k < count; ++k) {
      __m512i differs = _mm512_xor_si512(first, firsts[k]);
      differs = _mm512_ternarylogic_epi64(differs, second, seconds[k], kOrDiffers);
      differs = _mm512_ternarylogic_epi64(differs, fourth, fourths[k], kOrDiffers);
      places |= _mm512_testn_epi8_mask(differs, without_case);
    }
    return places;
  };
  const std::size_t end = text.size() < kFourth ? 0 : text.size() - kFourth;
  for (; from + kWidest <= end; from += kWidest) {
    const char* const at = text.data() + from;
    const std::uint64_t places = places_in(_mm512_loadu_si512(at), _mm512_loadu_si512(at + 1), _mm512_loadu_si512(at + kFourth));
    if (places != 0) return from + static_cast<std::size_t>(std::countr_zero(places));
  }
  if (from >= end) return std::string_view::npos;
  const __mmask64 there = (__mmask64{1} << (end - from)) - 1;
  const char* const at = text.data() + from;
  const std::uint64_t places = there & places_in(_mm512_maskz_loadu_epi8(there, at), _mm512_maskz_loadu_epi8(there, at + 1),
                                                 _mm512_maskz_loadu_epi8(there, at + kFourth));
  return places != 0 ? from + static_cast<std::size_t>(std::countr_zero(places)) : std::string_view::npos;
}

// The marks of one name, as most events have, are known to stand in registers.
std::size_t search_avx2_any(std::string_view text, std::size_t from, const NameMarks& marks) noexcept {
  constexpr decltype(&search_avx2<1>) kByCount[] = {search_avx2<1>, search_avx2<2>, search_avx2<3>, search_avx2<4>};
  return kByCount[marks.count - 1](text, from, marks);
}
std::size_t search_avx512_any(std::string_view text, std::size_t from, const NameMarks& marks) noexcept {
  constexpr decltype(&search_avx512<1>) kByCount[] = {search_avx512<1>, search_avx512<2>, search_avx512<3>, search_avx512<4>};
  return kByCount[marks.count - 1](text, from, marks);
}

constexpr NameSearch kAll[] = {
    {"portable", 0, search_portable}, {"sse2", kNarrow + kFourth, search_sse2}, {"avx2", kWide + kFourth, search_avx2_any}, {"avx512", 0, search_avx512_any}};
std::size_t available() noexcept {
  if (!__builtin_cpu_supports("avx2")) return 2;
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") ? 4 : 3;
}
#else
constexpr NameSearch kAll[] = {{"portable", 0, search_portable}};
std::size_t available() noexcept { return 1; }
#endif

}  // namespace

std::span<const NameSearch> name_searches() noexcept {
  return {kAll, available()};
}

std::size_t search_names(std::string_view text, std::size_t from, const NameMarks& marks) noexcept {
  static constinit base::Once<const NameSearch*> best;
  const NameSearch* search = best.get([] { return &name_searches().back(); });
  while (text.size() < search->least) --search;
  return search->search(text, from, marks);
}

}  // namespace pii::mask
