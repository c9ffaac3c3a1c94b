#include "mask/json_index_vector.hpp"

#if PII_JSON_INDEX_VECTOR
#include <immintrin.h>

#include <array>

#define PII_TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,pclmul,bmi,bmi2,popcnt")))

namespace pii::mask {
namespace {

// Two tables of a class byte for each byte of ASCII.
enum First : std::uint8_t { kQuote = 1, kBackslash = 2, kStructure = 4, kControl = 8, kTelling = 16, kDigit = 32, kDot = 64, kWord = 128 };
enum Second : std::uint8_t { kThird = 1, kSecond = 2, kLast = 4, kSpace = 8, kDash = 16 };

using Table = std::array<std::uint8_t, 128>;

constexpr void add(Table& table, std::string_view characters, int bits) noexcept {
  for (const char c : characters) table[static_cast<std::size_t>(c)] = static_cast<std::uint8_t>(table[static_cast<std::size_t>(c)] | bits);
}
alignas(64) constexpr Table kFirst = [] {
  Table table{};
  for (std::size_t c = 0; c < 0x20; ++c) table[c] = kControl;
  add(table, "\"", kQuote);
  add(table, "\\", kBackslash);
  add(table, "{}[],:", kStructure);
  add(table, "@:=%&\\", kTelling);
  add(table, "0123456789", kDigit | kWord);
  add(table, ".", kDot);
  add(table, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-", kWord);
  return table;
}();
alignas(64) constexpr Table kSecondTable = [] {
  Table table{};
  add(table, "rsekRSEK", kThird);
  add(table, "eisEIS", kSecond);
  add(table, "rctynRCTYN", kLast);
  add(table, " ", kSpace);
  add(table, "-", kDash);
  return table;
}();

struct Tables {
  __m512i first_low, first_high, second_low, second_high;
};

PII_TARGET inline Tables load_tables() noexcept {
  return {_mm512_load_si512(kFirst.data()), _mm512_load_si512(kFirst.data() + 64), _mm512_load_si512(kSecondTable.data()),
          _mm512_load_si512(kSecondTable.data() + 64)};
}

PII_TARGET inline std::uint64_t of_class(__m512i classes, std::uint8_t bit) noexcept {
  return _cvtmask64_u64(_mm512_test_epi8_mask(classes, _mm512_set1_epi8(static_cast<char>(bit))));
}

PII_TARGET inline BlockClasses classify(__m512i x, const Tables& tables) noexcept {
  const __mmask64 beyond = _mm512_movepi8_mask(x);
  const __mmask64 ascii = _knot_mask64(beyond);
  const __m512i first = _mm512_maskz_permutex2var_epi8(ascii, tables.first_low, x, tables.first_high);
  const __m512i second = _mm512_maskz_permutex2var_epi8(ascii, tables.second_low, x, tables.second_high);
  return {.quotes = of_class(first, kQuote),
          .backslashes = of_class(first, kBackslash),
          .structure = of_class(first, kStructure),
          .controls = of_class(first, kControl),
          .telling = of_class(first, kTelling) | _cvtmask64_u64(beyond),
          .digits = of_class(first, kDigit),
          .dots = of_class(first, kDot),
          .words = of_class(first, kWord),
          .spaces = of_class(second, kSpace),
          .dashes = of_class(second, kDash),
          .third = of_class(second, kThird),
          .second = of_class(second, kSecond),
          .last = of_class(second, kLast)};
}

PII_TARGET inline std::uint64_t prefix_xor(std::uint64_t bits) noexcept {
  const __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, static_cast<long long>(bits)), _mm_set1_epi8(-1), 0);
  return static_cast<std::uint64_t>(_mm_cvtsi128_si64(product));
}

alignas(64) constexpr auto kPlaces = [] {
  std::array<std::uint8_t, 64> places{};
  for (std::size_t i = 0; i < 64; ++i) places[i] = static_cast<std::uint8_t>(i);
  return places;
}();

PII_TARGET inline void write_sixteen(__m128i places, __m512i base, std::uint32_t* out) noexcept {
  _mm512_storeu_si512(out, _mm512_add_epi32(_mm512_cvtepu8_epi32(places), base));
}

// Writes `base` plus the place of each bit, sixteen at a time; what is written too much is overwritten.
PII_TARGET inline std::uint32_t* write_places(std::uint64_t bits, std::uint32_t base, __m512i all, std::uint32_t* out) noexcept {
  const __m512i places = _mm512_maskz_compress_epi8(_cvtu64_mask64(bits), all);
  const int count = __builtin_popcountll(bits);
  const __m512i offset = _mm512_set1_epi32(static_cast<int>(base));
  write_sixteen(_mm512_castsi512_si128(places), offset, out);
  if (count > 16) {
    write_sixteen(_mm512_extracti32x4_epi32(places, 1), offset, out + 16);
    if (count > 32) {
      write_sixteen(_mm512_extracti32x4_epi32(places, 2), offset, out + 32);
      if (count > 48) write_sixteen(_mm512_extracti32x4_epi32(places, 3), offset, out + 48);
    }
  }
  return out + count;
}

}  // namespace

PII_TARGET std::size_t build_index_avx512(std::string_view text, std::uint32_t* out, ByteBits* bits) noexcept {
  const Tables tables = load_tables();
  const __m512i all_places = _mm512_load_si512(kPlaces.data());
  BlockState state;
  std::uint32_t* next = out;
  for (std::size_t offset = 0; offset < text.size(); offset += 64, ++bits) {
    const std::size_t left = text.size() - offset;
    const std::uint64_t inside = left >= 64 ? ~std::uint64_t{0} : ~(~std::uint64_t{0} << left);
    const __m512i x = _mm512_mask_loadu_epi8(_mm512_set1_epi8(' '), _cvtu64_mask64(inside), text.data() + offset);
    const BlockClasses block = classify(x, tables);
    const std::uint64_t quotes = state.unescaped(block);
    const std::uint64_t in_string = state.add(block, prefix_xor(quotes), *bits);
    bits->marks &= inside;
    next = write_places((block.structure & ~in_string) | quotes, static_cast<std::uint32_t>(offset), all_places, next);
  }
  return state.is_json() ? static_cast<std::size_t>(next - out) : kNoJson;
}

}  // namespace pii::mask
#endif
