#include "mask/json_index_vector.hpp"

#if PII_JSON_INDEX_VECTOR
#include <immintrin.h>

#include <cstring>

#include "detect/byte_tables.hpp"

#define PII_TARGET __attribute__((target("avx2,pclmul,bmi,bmi2,popcnt")))

namespace pii::mask {
namespace {

// Classes of bytes by table: entry of the low nibble AND entry of the high one. The first four tell.
enum : std::uint8_t { kReference = 1, kColonEquals = 2, kAt = 4, kBackslash = 8, kDigit = 16, kDot = 32, kQuote = 64, kSpace = 128 };
constexpr char kSpaceByte = static_cast<char>(kSpace);
constexpr char kRow2 = static_cast<char>(kReference | kDot | kQuote | kSpace);

struct Half {
  std::uint32_t quotes, backslashes, structure, controls, telling, digits, dots, words, dashes, opening, fifth, fourth, third, last, ats, marks;
};

PII_TARGET inline __m256i twice(__m128i half) noexcept { return _mm256_broadcastsi128_si256(half); }
PII_TARGET inline __m256i twice(const std::uint8_t* half) noexcept { return twice(_mm_load_si128(reinterpret_cast<const __m128i*>(half))); }
PII_TARGET inline std::uint32_t bits_of(__m256i equal) noexcept { return static_cast<std::uint32_t>(_mm256_movemask_epi8(equal)); }
template <int bit>
PII_TARGET inline std::uint32_t bits_of_class(__m256i classes) noexcept {
  return bits_of(_mm256_slli_epi16(classes, 7 - bit));
}

template <Reader reader>
PII_TARGET inline Half classify(__m256i x) noexcept {
  const __m256i low_nibbles = _mm256_and_si256(x, _mm256_set1_epi8(0x0F));
  const __m256i high_nibbles = _mm256_and_si256(_mm256_srli_epi16(x, 4), _mm256_set1_epi8(0x0F));
  const __m256i classes = _mm256_and_si256(
      _mm256_shuffle_epi8(twice(_mm_setr_epi8(kSpaceByte | kDigit | kAt, kDigit, kDigit | kQuote, kDigit, kDigit, kDigit | kReference,
                                              kDigit | kReference, kDigit, kDigit, kDigit, kColonEquals, 0, kBackslash, kColonEquals, kDot, 0)),
                          low_nibbles),
      _mm256_shuffle_epi8(twice(_mm_setr_epi8(0, 0, kRow2, kDigit | kColonEquals, kAt, kBackslash, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)), high_nibbles));
  Half half{};
  half.quotes = bits_of_class<6>(classes);
  half.backslashes = bits_of_class<3>(classes);
  half.digits = bits_of_class<4>(classes);
  const __m256i tells = _mm256_set1_epi8(reader == Reader::ecsctx ? kAt | kBackslash : kReference | kColonEquals | kBackslash);
  half.telling = bits_of(_mm256_or_si256(_mm256_cmpgt_epi8(_mm256_and_si256(classes, tells), _mm256_setzero_si256()), x));
  half.controls = bits_of(_mm256_cmpeq_epi8(_mm256_max_epu8(x, _mm256_set1_epi8(0x1F)), _mm256_set1_epi8(0x1F)));
  // `{ } [ ] , :` by the low nibble's table entry: the byte equals it (`[` and `]` after 0x20 is set, which makes them `{` and
  // `}`; only they and the braces become so). ',' and ':' have 0x20 set already; 0x0C | 0x20 and 0x1A | 0x20 would look like
  // them, and are controls.
  const __m256i folded = _mm256_or_si256(x, _mm256_set1_epi8(0x20));
  const __m256i expected = twice(_mm_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ':', '{', ',', '}', 0, 0));
  half.structure = bits_of(_mm256_cmpeq_epi8(folded, _mm256_shuffle_epi8(expected, x))) & ~half.controls;
  if constexpr (reader == Reader::ecsctx) return half;

  const __m256i by_column = _mm256_and_si256(_mm256_shuffle_epi8(twice(detect::kAnnouncingLetters.low.data()), low_nibbles),
                                             _mm256_shuffle_epi8(twice(detect::kAnnouncingLetters.high.data()), high_nibbles));
  const __m256i letters = _mm256_or_si256(by_column, _mm256_srli_epi16(by_column, 4));

  half.dots = bits_of_class<5>(classes);
  half.last = bits_of_class<0>(letters);
  half.third = bits_of_class<1>(letters);
  half.fourth = bits_of_class<2>(letters);
  half.fifth = bits_of_class<3>(letters);
  half.opening = bits_of(_mm256_or_si256(_mm256_cmpeq_epi8(folded, _mm256_set1_epi8('{')), classes));  // and `[`, and a blank
  half.ats = bits_of_class<2>(classes);
  half.marks = bits_of(_mm256_or_si256(_mm256_cmpeq_epi8(x, _mm256_set1_epi8('[')), _mm256_cmpeq_epi8(x, _mm256_set1_epi8('*'))));
  const __m256i dashes = _mm256_cmpeq_epi8(x, _mm256_set1_epi8('-'));
  half.dashes = bits_of(dashes);
  const __m256i distance = _mm256_sub_epi8(folded, _mm256_set1_epi8('a'));
  const __m256i is_letter = _mm256_cmpeq_epi8(distance, _mm256_min_epu8(distance, _mm256_set1_epi8(25)));
  half.words = bits_of(_mm256_or_si256(is_letter, _mm256_or_si256(_mm256_cmpeq_epi8(folded, _mm256_set1_epi8(0x7F)), dashes))) | half.digits;
  return half;
}

template <Reader reader>
PII_TARGET inline BlockClasses classify(const char* data) noexcept {
  const Half first = classify<reader>(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(data)));
  const Half second = classify<reader>(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(data + 32)));
  const auto both = [&](std::uint32_t Half::*which) { return static_cast<std::uint64_t>(second.*which) << 32 | first.*which; };
  return {.quotes = both(&Half::quotes), .backslashes = both(&Half::backslashes), .structure = both(&Half::structure),
          .controls = both(&Half::controls), .telling = both(&Half::telling), .digits = both(&Half::digits), .dots = both(&Half::dots),
          .words = both(&Half::words), .dashes = both(&Half::dashes), .opening = both(&Half::opening),
          .fifth = both(&Half::fifth), .fourth = both(&Half::fourth), .third = both(&Half::third), .last = both(&Half::last),
          .ats = both(&Half::ats), .marks = both(&Half::marks)};
}

PII_TARGET inline std::uint64_t prefix_xor(std::uint64_t bits) noexcept {
  const __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, static_cast<long long>(bits)), _mm_set1_epi8(-1), 0);
  return static_cast<std::uint64_t>(_mm_cvtsi128_si64(product));
}

template <Reader reader>
PII_TARGET std::size_t build(std::string_view text, std::uint32_t* out, const BlockBits& bits) noexcept {
  BlockState state;
  std::uint32_t* next = out;
  char tail[64];
  for (std::size_t offset = 0; offset < text.size(); offset += 64) {
    const char* data = text.data() + offset;
    const bool whole = text.size() - offset >= 64;
    if (!whole) {
      std::memset(tail, ' ', sizeof tail);
      std::memcpy(tail, data, text.size() - offset);
      data = tail;
    }
    const BlockClasses block = classify<reader>(data);
    const std::uint64_t quotes = state.unescaped(block);
    const std::uint64_t in_string = state.add<reader>(block, quotes, prefix_xor(quotes), bits, offset / 64);
    std::uint64_t structure = (block.structure & ~in_string) | quotes;
    const int found = __builtin_popcountll(structure);
    const auto base = static_cast<std::uint32_t>(offset);
    // Eight at a time without a branch for each; what is written too much is overwritten.
    for (int written = 0; written < found; written += 8) {
      for (int k = 0; k < 8; ++k) {
        next[written + k] = base + static_cast<std::uint32_t>(_tzcnt_u64(structure));
        structure = _blsr_u64(structure);
      }
    }
    next += found;
  }
  return state.is_json() ? static_cast<std::size_t>(next - out) : kNoJson;
}

}  // namespace

std::size_t build_index_avx2(std::string_view text, Reader reader, std::uint32_t* out, const BlockBits& bits) noexcept {
  return reader == Reader::ecsctx ? build<Reader::ecsctx>(text, out, bits) : build<Reader::detectors>(text, out, bits);
}

PII_TARGET TextCounts count_text_popcnt(const BlockBits& bits, std::uint32_t begin, std::uint32_t end) noexcept {
  const std::uint32_t last = end / 64;
  std::uint64_t inside = ~std::uint64_t{0} << (begin % 64);
  TextCounts count{};
  const auto add = [&](std::uint32_t at) PII_TARGET {
    count.digits += static_cast<unsigned>(__builtin_popcountll(bits.digits[at] & inside));
    count.dots += static_cast<unsigned>(__builtin_popcountll(bits.dots[at] & inside));
  };
  for (std::uint32_t at = begin / 64; at < last; ++at, inside = ~std::uint64_t{0}) add(at);
  inside = _bzhi_u64(inside, end % 64);
  add(last);
  return count;
}

}  // namespace pii::mask
#endif
