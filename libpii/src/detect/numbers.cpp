#include "detect/numbers.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "detect/characters.hpp"

#if defined(__SSE2__) && !defined(PII_PORTABLE_ONLY)
#include <emmintrin.h>
#define PII_NUMBERS_SSE2 1
#else
#define PII_NUMBERS_SSE2 0
#endif

namespace pii::detect {
namespace {

// Which of sixteen bytes are digits, the first one's bit the lowest.
std::uint64_t digits_of(const char* at) noexcept {
#if PII_NUMBERS_SSE2
  const __m128i shifted = _mm_add_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at)), _mm_set1_epi8(127 - '9'));
  return static_cast<std::uint64_t>(_mm_movemask_epi8(_mm_cmpgt_epi8(shifted, _mm_set1_epi8(127 - 10))));
#else
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < 16; ++i) bits |= std::uint64_t{is_digit(at[i])} << i;
  return bits;
#endif
}

// Of up to 64 bytes that begin at text[base].
std::uint64_t digits_of(std::string_view text, std::size_t base) noexcept {
  const char* const at = text.data() + base;
  const std::size_t size = std::min<std::size_t>(64, text.size() - base);
  std::uint64_t bits = 0;
  std::size_t i = 0;
  for (; i + 16 <= size; i += 16) bits |= digits_of(at + i) << i;
  if (i == size) return bits;
  // The rest, together with what stands before it.
  if (base + size >= 16) return bits | digits_of(at + size - 16) >> (16 - (size - i)) << i;
  if (size >= 8) {
    char both[16];
    std::memcpy(both, at, 8);
    std::memcpy(both + 8, at + size - 8, 8);
    const std::uint64_t found = digits_of(both);
    return (found & 0xFF) | found >> 8 << (size - 8);
  }
  for (; i < size; ++i) bits |= std::uint64_t{is_digit(at[i])} << i;
  return bits;
}

}  // namespace

inline void Numbers::add(std::string_view text, std::size_t begin, std::size_t end) noexcept {
  constexpr std::size_t kWidestGap = 8;  // ") (" with a dash of Unicode is 6
  const std::size_t size = end - begin;
  if (count_ > 0) {
    const std::size_t gap = begin - runs_[count_ - 1].end;
    if (gap > kWidestGap) chain_ = 0;
    grouped_ = grouped_ || gap == 1;
  }
  chain_ += size;
  longest_chain_ = std::max(longest_chain_, chain_);
  sizes_ |= std::uint32_t{1} << std::min<std::size_t>(size, 31);
  if (size >= 2 && text[begin] == '0' && text[begin + 1] == '0') international_ = true;
  if (begin > 0) {
    const char last = text[begin - 1];
    if (last == '+' || last == '(') international_ = true;
    if (last == ';') behind_semicolon_ = true;
    if (is_letter(last) && begin > 1 && is_letter(text[begin - 2])) behind_letters_ = true;
  }
  runs_[count_++] = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
}

void Numbers::build(std::string_view text, const Spans& spans) {
  clear();
  if (capacity_ < text.size() / 2 + 1) {
    const std::size_t capacity = text.size() + 64;
    runs_ = std::make_unique_for_overwrite<Number[]>(capacity);
    capacity_ = capacity;  // last: the allocation may throw
  }
  std::size_t from = 0;
  for (const Span& span : spans) {
    if (span.begin > from) build_window(text.substr(0, span.begin), from);
    from = span.end;
  }
  if (from < text.size()) build_window(text, from);
}

// Of what stands from `from` on.
void Numbers::build_window(std::string_view text, std::size_t from) {
  std::uint64_t before = 0;
  std::size_t begin = 0;
  for (std::size_t base = from; base < text.size(); base += 64) {
    const std::uint64_t bits = digits_of(text, base);
    // Where runs begin and where they have ended, by turns.
    bool inside = before != 0;
    for (std::uint64_t edges = bits ^ (bits << 1 | before); edges != 0; edges &= edges - 1) {
      const std::size_t at = base + static_cast<std::size_t>(std::countr_zero(edges));
      if (inside) {
        add(text, begin, at);
      } else {
        begin = at;
      }
      inside = !inside;
    }
    before = bits >> 63;
  }
  // One that ends with the text: the last block's rest is no digit unless it is full.
  if (before != 0) add(text, begin, text.size());
}

}  // namespace pii::detect
