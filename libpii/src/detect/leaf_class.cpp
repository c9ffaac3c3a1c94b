#include "detect/leaf_class.hpp"

#include <bit>
#include <cstring>

#include "detect/leaf_class_implementations.hpp"

#if defined(__x86_64__) && !defined(PII_PORTABLE_ONLY)
#include <immintrin.h>
#define PII_LEAF_AVX2 1
#else
#define PII_LEAF_AVX2 0
#endif

namespace pii::detect {
namespace {

constexpr unsigned kSixDigits = 6;
constexpr unsigned kRun = 16;

// What one byte adds: a bit of LeafClass, and which of the counts it goes to.
constexpr auto kByteBits = [] {
  std::array<std::uint32_t, 256> bits{};
  for (std::size_t c = 0; c < 0x20; ++c) bits[c] = LeafClass::control;
  for (std::size_t c = 0x80; c <= 0xFF; ++c) bits[c] = LeafClass::non_ascii;
  bits['@'] = LeafClass::at;
  bits[':'] = LeafClass::colon;
  bits['='] = LeafClass::equals;
  bits['%'] = bits['&'] = LeafClass::percent;
  bits['\\'] = LeafClass::backslash;
  bits['.'] = LeafClass::dot;
  bits[' '] = LeafClass::space;
  bits['+'] = LeafClass::plus;
  return bits;
}();

std::uint32_t first_brace(std::string_view text) noexcept {
  for (const char c : text) {
    if (is_blank(c)) continue;
    return c == '{' || c == '[' ? std::uint32_t{LeafClass::brace} : 0U;
  }
  return 0;
}

std::uint32_t counted(unsigned digits, unsigned dots, unsigned colons) noexcept {
  return (digits >= kSixDigits ? std::uint32_t{LeafClass::digits} : 0U) |
         (dots >= 3 ? std::uint32_t{LeafClass::dots} : 0U) |
         (colons >= 2 ? std::uint32_t{LeafClass::colons} : 0U);
}

LeafClass classify_portable(std::string_view text) noexcept {
  std::uint32_t bits = first_brace(text);
  unsigned digits = 0;
  unsigned dots = 0;
  unsigned colons = 0;
  unsigned run = 0;
  for (const char c : text) {
    bits |= kByteBits[static_cast<unsigned char>(c)];
    digits += is_digit(c) ? 1U : 0U;
    dots += c == '.' ? 1U : 0U;
    colons += c == ':' ? 1U : 0U;
    run = is_word(c) || c == '-' ? run + 1 : 0;
    if (run >= kRun) bits |= LeafClass::long_run;
  }
  return LeafClass(bits | counted(digits, dots, colons));
}

#if PII_LEAF_AVX2
// Bytes of one chunk as bit sets.
struct Masks {
  std::uint32_t seen = 0;
  unsigned digits = 0;
  unsigned dots = 0;
  unsigned colons = 0;
  std::uint64_t runs = 0;  // the last two chunks' bytes of [A-Za-z0-9_-], the newer one above
};

[[gnu::target("avx2,popcnt"), gnu::always_inline]] inline std::uint32_t equal(__m256i x, char c) noexcept {
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(x, _mm256_set1_epi8(c))));
}

[[gnu::target("avx2,popcnt"), gnu::always_inline]] inline std::uint32_t within(__m256i x, char first,
                                                                               char last) noexcept {
  const __m256i distance = _mm256_sub_epi8(x, _mm256_set1_epi8(first));
  const __m256i least = _mm256_min_epu8(distance, _mm256_set1_epi8(static_cast<char>(last - first)));
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(distance, least)));
}

[[gnu::target("avx2,popcnt"), gnu::always_inline]] inline void look_at(__m256i x, std::uint32_t valid,
                                                                       Masks& masks) noexcept {
  const auto add = [&](std::uint32_t mask, std::uint32_t bit) {
    masks.seen |= (mask & valid) != 0 ? bit : 0;
  };
  const std::uint32_t digit = within(x, '0', '9') & valid;
  const std::uint32_t dot = equal(x, '.') & valid;
  const std::uint32_t colon = equal(x, ':') & valid;
  const __m256i folded = _mm256_or_si256(x, _mm256_set1_epi8(0x20));
  const std::uint32_t word = digit | within(folded, 'a', 'z') | equal(x, '_') | equal(x, '-');
  masks.digits += static_cast<unsigned>(std::popcount(digit));
  masks.dots += static_cast<unsigned>(std::popcount(dot));
  masks.colons += static_cast<unsigned>(std::popcount(colon));
  add(dot, LeafClass::dot);
  add(colon, LeafClass::colon);
  add(equal(x, '@'), LeafClass::at);
  add(equal(x, '='), LeafClass::equals);
  add(equal(x, '%') | equal(x, '&'), LeafClass::percent);
  add(equal(x, '\\'), LeafClass::backslash);
  add(equal(x, ' '), LeafClass::space);
  add(equal(x, '+'), LeafClass::plus);
  add(static_cast<std::uint32_t>(_mm256_movemask_epi8(x)), LeafClass::non_ascii);
  add(within(x, 0, 0x1F), LeafClass::control);
  masks.runs = masks.runs >> 32 | static_cast<std::uint64_t>(word & valid) << 32;
  std::uint64_t runs = masks.runs;
  runs &= runs >> 1;
  runs &= runs >> 2;
  runs &= runs >> 4;
  runs &= runs >> 8;
  if (runs != 0) masks.seen |= LeafClass::long_run;
}

[[gnu::target("avx2,popcnt")]] LeafClass classify_avx2(std::string_view text) noexcept {
  Masks masks;
  const char* at = text.data();
  std::size_t left = text.size();
  for (; left >= 32; left -= 32, at += 32) {
    look_at(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(at)), 0xFFFFFFFF, masks);
  }
  if (left > 0) {
    alignas(32) char rest[32] = {};
    std::memcpy(rest, at, left);
    look_at(_mm256_load_si256(reinterpret_cast<const __m256i*>(rest)), (1U << left) - 1, masks);
  }
  const std::uint32_t bits = masks.seen | counted(masks.digits, masks.dots, masks.colons);
  return LeafClass(bits | first_brace(text));
}

constexpr LeafImplementation kAll[] = {{"portable", classify_portable}, {"avx2", classify_avx2}};
std::size_t available() noexcept { return __builtin_cpu_supports("avx2") ? 2 : 1; }
#else
constexpr LeafImplementation kAll[] = {{"portable", classify_portable}};
std::size_t available() noexcept { return 1; }
#endif

}  // namespace

std::span<const LeafImplementation> leaf_implementations() noexcept {
  static const std::size_t count = available();
  return {kAll, count};
}

LeafClass classify_leaf(std::string_view text) noexcept {
  static const auto classify = leaf_implementations().back().classify;
  return classify(text);
}

}  // namespace pii::detect
