#include "mask/hex_shape.hpp"

#include "mask/hex_digit.hpp"
#include "mask/text.hpp"

#if defined(__SSE2__) && !defined(PII_PORTABLE_ONLY)
#include <emmintrin.h>
#define PII_HEX_SSE2 1
#else
#define PII_HEX_SSE2 0
#endif

namespace pii::mask {
namespace {

#if PII_HEX_SSE2
// Of the sixteen bytes at `at`, their bits moved to `place`.
void add_sixteen(const char* at, std::size_t place, HexShape& shape) noexcept {
  const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  const auto within = [](__m128i bytes, char first, char count) {
    const __m128i distance = _mm_sub_epi8(bytes, _mm_set1_epi8(first));
    return _mm_cmpeq_epi8(distance, _mm_min_epu8(distance, _mm_set1_epi8(static_cast<char>(count - 1))));
  };
  const auto bits = [place](__m128i found) { return std::uint64_t{static_cast<unsigned>(_mm_movemask_epi8(found))} << place; };
  shape.digits |= bits(within(x, '0', 10));
  shape.letters |= bits(within(_mm_or_si128(x, _mm_set1_epi8(0x20)), 'a', 6));
  shape.dashes |= bits(_mm_cmpeq_epi8(x, _mm_set1_epi8('-')));
}
#endif

}  // namespace

HexShape hex_shape_of(std::string_view text) noexcept {
  HexShape shape;
  if (text.empty()) return shape;
  shape.all = ~std::uint64_t{0} >> (HexShape::kLongest - text.size());
  std::size_t i = 0;
#if PII_HEX_SSE2
  if (text.size() >= 16) {
    for (; i + 16 <= text.size(); i += 16) add_sixteen(text.data() + i, i, shape);
    if (i < text.size()) add_sixteen(text.data() + text.size() - 16, text.size() - 16, shape);
    return shape;
  }
#endif
  for (; i < text.size(); ++i) {
    const std::uint64_t bit = std::uint64_t{1} << i;
    if (is_digit(text[i])) {
      shape.digits |= bit;
    } else if (hex_digit(text[i]) >= 0) {
      shape.letters |= bit;
    } else if (text[i] == '-') {
      shape.dashes |= bit;
    }
  }
  return shape;
}

}  // namespace pii::mask
