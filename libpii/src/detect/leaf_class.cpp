#include "detect/leaf_class.hpp"

#include <bit>
#include <cstring>

#include "base/once.hpp"
#include "detect/leaf_class_implementations.hpp"

#if PII_LEAF_VECTOR
#include <immintrin.h>
#endif

namespace pii::detect {
namespace {

// What one byte adds.
constexpr auto kByteBits = [] {
  std::array<std::uint32_t, 256> bits{};
  for (std::size_t c = 0x80; c <= 0xFF; ++c) bits[c] = LeafClass::non_ascii;
  bits['@'] = LeafClass::at;
  bits[':'] = LeafClass::colon;
  bits['='] = LeafClass::equals;
  bits['%'] = bits['&'] = LeafClass::percent;
  bits['\\'] = LeafClass::backslash;
  bits['.'] = LeafClass::dot;
  bits[' '] = LeafClass::space;
  bits['['] = bits['*'] = LeafClass::marks;
  return bits;
}();

// How many of a kind it is, eight bits each: digits, dots, colons, dashes.
constexpr auto kByteCounts = [] {
  std::array<std::uint32_t, 256> counts{};
  for (std::size_t c = '0'; c <= '9'; ++c) counts[c] = 1;
  counts['.'] = 1U << 8;
  counts[':'] = 1U << 16;
  counts['-'] = 1U << 24;
  return counts;
}();

LeafClass classify_portable(std::string_view text) noexcept {
  std::uint32_t bits = first_brace(text);
  unsigned digits = 0, dots = 0, colons = 0;
  unsigned run = 0, dashes = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    bits |= kByteBits[static_cast<unsigned char>(c)];
    digits += is_digit(c) ? 1U : 0U;
    dots += c == '.' ? 1U : 0U;
    colons += c == ':' ? 1U : 0U;
    run = is_word(c) || c == '-' ? run + 1 : 0;
    dashes = c == '-' ? dashes + 1 : 0;
    if (run >= kLongRun) bits |= LeafClass::long_run;
    if (dashes >= kDashes || (c == ' ' && (bits & LeafClass::announces) == 0 && announces_at(text, i))) bits |= LeafClass::announces;
  }
  return {bits | counted_bits(digits, dots, colons), digits};
}

#if PII_LEAF_VECTOR
#define PII_TARGET gnu::target("avx2,popcnt,bmi,bmi2")
#define PII_READS_BEHIND __attribute__((no_sanitize("address", "thread")))

// Classes of bytes by table: entry of the low nibble AND entry of the high one.
enum ByteClass : std::uint8_t {
  kAt = 1, kColon = 2, kEquals = 4, kPercent = 8, kBackslash = 16, kSpace = 32, kDot = 64, kDigitClass = 128
};

[[PII_TARGET, gnu::always_inline]] inline __m256i classes_of(__m256i x) noexcept {
  constexpr char kDigitByte = static_cast<char>(kDigitClass);
  const __m256i low = _mm256_setr_epi8(
      kAt | kSpace | kDigitByte, kDigitByte, kDigitByte, kDigitByte, kDigitByte, kPercent | kDigitByte,
      kPercent | kDigitByte, kDigitByte, kDigitByte, kDigitByte, kColon, 0, kBackslash, kEquals, kDot, 0,
      kAt | kSpace | kDigitByte, kDigitByte, kDigitByte, kDigitByte, kDigitByte, kPercent | kDigitByte,
      kPercent | kDigitByte, kDigitByte, kDigitByte, kDigitByte, kColon, 0, kBackslash, kEquals, kDot, 0);
  constexpr char kRow3 = static_cast<char>(kDigitClass | kColon | kEquals);
  constexpr char kRow2 = kSpace | kPercent | kDot;
  const __m256i high = _mm256_setr_epi8(0, 0, kRow2, kRow3, kAt, kBackslash, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, kRow2,
                                        kRow3, kAt, kBackslash, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  const __m256i nibble = _mm256_set1_epi8(0x0F);
  return _mm256_and_si256(_mm256_shuffle_epi8(low, _mm256_and_si256(x, nibble)),
                          _mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(x, 4), nibble)));
}

// The bytes that have the class `1 << bit`.
template <int bit>
[[PII_TARGET, gnu::always_inline]] inline std::uint32_t mask_of(__m256i classes) noexcept {
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_slli_epi16(classes, 7 - bit)));
}

[[PII_TARGET, gnu::always_inline]] inline __m256i equal(__m256i x, char c) noexcept {
  return _mm256_cmpeq_epi8(x, _mm256_set1_epi8(c));
}
[[PII_TARGET, gnu::always_inline]] inline std::uint32_t bits_of(__m256i x) noexcept {
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(x));
}

// Letters, digits, '_' and '-'.
[[PII_TARGET, gnu::always_inline]] inline std::uint32_t word_mask(__m256i x, __m256i classes) noexcept {
  const __m256i folded = _mm256_or_si256(x, _mm256_set1_epi8(0x20));
  const __m256i distance = _mm256_sub_epi8(folded, _mm256_set1_epi8('a'));
  const __m256i letters = _mm256_cmpeq_epi8(distance, _mm256_min_epu8(distance, _mm256_set1_epi8(25)));
  return bits_of(_mm256_or_si256(letters, _mm256_or_si256(equal(x, '_'), equal(x, '-')))) | mask_of<7>(classes);
}

// The last byte of `runs` is where `length` set bits on end have stood.
constexpr std::uint64_t runs_of_16(std::uint64_t runs) noexcept {
  runs &= runs >> 1;
  runs &= runs >> 2;
  runs &= runs >> 4;
  return runs & runs >> 8;
}
constexpr std::uint64_t runs_of_4(std::uint64_t runs) noexcept {
  runs &= runs >> 1;
  return runs & runs >> 2;
}

// The letters that words of kAnnouncing end with, by tables as classes_of() has them: bits 0 to 2 third, second and last from the end in
// the columns 4 and 6 of ASCII, bits 3 to 5 the same in columns 5 and 7.
struct LetterTables {
  alignas(32) std::array<std::uint8_t, 32> low{}, high{};  // by nibble, twice
};
constexpr LetterTables kLetterTables = [] {
  LetterTables tables;
  constexpr std::string_view kPlaces[] = {kAnnouncingThird, kAnnouncingSecond, kAnnouncingLast};
  for (unsigned place = 0; place < std::size(kPlaces); ++place) {
    for (const char letter : kPlaces[place]) {
      const auto byte = static_cast<unsigned char>(letter);
      const bool odd = (byte >> 4 & 1) != 0;
      for (std::size_t half = 0; half < 32; half += 16) {
        tables.low[half + (byte & 15)] |= static_cast<std::uint8_t>(1U << (place + (odd ? 3 : 0)));
        tables.high[half + (byte >> 4)] = odd ? 7 << 3 : 7;
      }
    }
  }
  return tables;
}();

[[PII_TARGET, gnu::always_inline]] inline __m256i letters_of(__m256i x) noexcept {
  const __m256i low = _mm256_load_si256(reinterpret_cast<const __m256i*>(kLetterTables.low.data()));
  const __m256i high = _mm256_load_si256(reinterpret_cast<const __m256i*>(kLetterTables.high.data()));
  const __m256i nibble = _mm256_set1_epi8(0x0F);
  return _mm256_and_si256(_mm256_shuffle_epi8(low, _mm256_and_si256(x, nibble)),
                          _mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(x, 4), nibble)));
}

// Blanks behind what may be a word that announces a secret; `x` is the chunk, `before` carries the last three bytes' bits.
struct Announcing {
  std::uint64_t third = 0, second = 0, first = 0;  // 32 bits of the chunk before, then those of this one

  // Their bits, of this chunk.
  [[PII_TARGET, gnu::always_inline]] inline std::uint32_t at(__m256i x, std::uint32_t spaces) noexcept {
    const __m256i letters = letters_of(x);
    const std::uint32_t last = bits_of(_mm256_slli_epi16(letters, 5)) | bits_of(_mm256_slli_epi16(letters, 2));
    const std::uint32_t middle = bits_of(_mm256_slli_epi16(letters, 6)) | bits_of(_mm256_slli_epi16(letters, 3));
    const std::uint32_t start = bits_of(_mm256_slli_epi16(letters, 7)) | bits_of(_mm256_slli_epi16(letters, 4));
    first = first >> 32 | static_cast<std::uint64_t>(last) << 32;
    second = second >> 32 | static_cast<std::uint64_t>(middle) << 32;
    third = third >> 32 | static_cast<std::uint64_t>(start) << 32;
    return spaces & static_cast<std::uint32_t>((first << 1 & second << 2 & third << 3) >> 32);
  }
};

alignas(64) constexpr auto kKeepMasks = [] {
  std::array<std::uint8_t, 64> bytes{};
  for (std::size_t i = 0; i < 32; ++i) bytes[i] = 0xFF;
  return bytes;
}();

// The last bytes of a text, zeros behind them. Reads up to the end of the page they lie in.
[[PII_TARGET, gnu::always_inline]] PII_READS_BEHIND inline __m256i load_rest(const char* at, std::size_t left) noexcept {
  constexpr std::uintptr_t kPage = 4096;
  if ((reinterpret_cast<std::uintptr_t>(at) & (kPage - 1)) > kPage - 32) [[unlikely]] {
    alignas(32) char rest[32] = {};
    std::memcpy(rest, at, left);
    return _mm256_load_si256(reinterpret_cast<const __m256i*>(rest));
  }
  const __m256i keep = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(kKeepMasks.data() + 32 - left));
  return _mm256_and_si256(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(at)), keep);
}

[[PII_TARGET]] PII_READS_BEHIND LeafClass classify_avx2(std::string_view text) noexcept {
  if (text.empty()) return {};  // there may be no memory to read from
  const char* at = text.data();
  if (text.size() < kLongRun) {
    // A short word, as most values are, has nothing of all this.
    const __m256i x = load_rest(at, text.size());
    const __m256i telling = _mm256_or_si256(_mm256_or_si256(classes_of(x), _mm256_or_si256(equal(x, '-'), equal(x, '{'))),
                                            _mm256_or_si256(_mm256_or_si256(equal(x, '*'), equal(x, '[')),
                                                            _mm256_and_si256(x, _mm256_set1_epi8(static_cast<char>(0x80)))));
    if (_mm256_testz_si256(telling, telling) != 0) return {};
  }
  __m256i seen_classes = _mm256_setzero_si256(), seen_bytes = seen_classes, seen_marks = seen_classes;
  std::uint32_t bits = 0;
  unsigned digits = 0, dots = 0, colons = 0;
  std::uint64_t words = 0, dashes = 0;
  Announcing announcing;
  bool spaces_before = false;
  for (std::size_t left = text.size(); left > 0;) {
    const bool whole = left >= 32;
    const __m256i x = whole ? _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at)) : load_rest(at, left);
    at += 32;
    left -= whole ? 32 : left;

    const __m256i classes = classes_of(x);
    seen_classes = _mm256_or_si256(seen_classes, classes);
    seen_bytes = _mm256_or_si256(seen_bytes, x);
    seen_marks = _mm256_or_si256(seen_marks, _mm256_or_si256(equal(x, '['), equal(x, '*')));
    digits += static_cast<unsigned>(__builtin_popcount(mask_of<7>(classes)));
    dots += static_cast<unsigned>(__builtin_popcount(mask_of<6>(classes)));
    colons += static_cast<unsigned>(__builtin_popcount(mask_of<1>(classes)));
    const std::uint32_t spaces = mask_of<5>(classes);
    if (text.size() >= kLongRun) {
      words = words >> 32 | static_cast<std::uint64_t>(word_mask(x, classes)) << 32;
      if (runs_of_16(words) != 0) bits |= LeafClass::long_run;
    }
    const std::uint32_t dash = bits_of(equal(x, '-'));
    dashes = dashes >> 32 | static_cast<std::uint64_t>(dash) << 32;
    if (dash != 0 && runs_of_4(dashes) != 0) bits |= LeafClass::announces;
    if (spaces != 0 || left > 0 || spaces_before) {
      spaces_before = true;
      for (std::uint32_t blanks = announcing.at(x, spaces); blanks != 0 && (bits & LeafClass::announces) == 0; blanks &= blanks - 1) {
        const auto chunk = static_cast<std::size_t>(at - 32 - text.data());
        if (announces_at(text, chunk + static_cast<std::size_t>(std::countr_zero(blanks)))) bits |= LeafClass::announces;
      }
    }
  }
  const __m128i half = _mm_or_si128(_mm256_castsi256_si128(seen_classes), _mm256_extracti128_si256(seen_classes, 1));
  const std::uint64_t two = static_cast<std::uint64_t>(_mm_cvtsi128_si64(half)) |
                            static_cast<std::uint64_t>(_mm_cvtsi128_si64(_mm_unpackhi_epi64(half, half)));
  const std::uint64_t four = two | two >> 32;
  const std::uint64_t eight = four | four >> 16;
  const std::uint32_t seen = static_cast<std::uint32_t>(eight | eight >> 8) & 0xFF;  // ByteClass
  if (bits_of(seen_bytes) != 0) bits |= LeafClass::non_ascii;
  if (bits_of(seen_marks) != 0) bits |= LeafClass::marks;
  bits |= ((seen & kAt) != 0 ? std::uint32_t{LeafClass::at} : 0U) |
          ((seen & kColon) != 0 ? std::uint32_t{LeafClass::colon} : 0U) |
          ((seen & kEquals) != 0 ? std::uint32_t{LeafClass::equals} : 0U) |
          ((seen & kPercent) != 0 ? std::uint32_t{LeafClass::percent} : 0U) |
          ((seen & kBackslash) != 0 ? std::uint32_t{LeafClass::backslash} : 0U) |
          ((seen & kSpace) != 0 ? std::uint32_t{LeafClass::space} : 0U) |
          ((seen & kDot) != 0 ? std::uint32_t{LeafClass::dot} : 0U);
  return {bits | counted_bits(digits, dots, colons) | first_brace(text), digits};
}

constexpr LeafImplementation kAll[] = {{"portable", classify_portable}, {"avx2", classify_avx2}, {"avx512", classify_leaf_avx512}};
std::size_t available() noexcept {
  const bool bits = __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
  if (!bits || !__builtin_cpu_supports("avx2")) return 1;
  const bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi") &&
                    __builtin_cpu_supports("avx512vpopcntdq") && __builtin_cpu_supports("gfni");
  return wide ? 3 : 2;
}
#else
constexpr LeafImplementation kAll[] = {{"portable", classify_portable}};
std::size_t available() noexcept { return 1; }
#endif

}  // namespace

std::span<const LeafImplementation> leaf_implementations() noexcept {
  return {kAll, available()};
}

LeafClass classify_leaf(std::string_view text) noexcept {
  static constinit base::Once<decltype(LeafImplementation::classify)> classify;
  return classify.get([] { return leaf_implementations().back().classify; })(text);
}

LeafClass classify_gap(std::string_view text) noexcept {
  // Below this vectors do not pay.
  constexpr std::size_t kShort = 8;
  static_assert(kShort < kLongRun);
  if (text.size() > kShort) return classify_leaf(text);
  std::uint32_t bits = 0, counts = 0;
  for (const char c : text) {
    bits |= kByteBits[static_cast<unsigned char>(c)];
    counts += kByteCounts[static_cast<unsigned char>(c)];
  }
  const unsigned digits = counts & 0xFF, dots = counts >> 8 & 0xFF, colons = counts >> 16 & 0xFF, dashes = counts >> 24;
  if (dashes >= kDashes) return classify_leaf(text);
  for (std::size_t i = kShortestAnnouncing; (bits & LeafClass::space) != 0 && i < text.size(); ++i) {
    if (text[i] == ' ' && announces_at(text, i)) bits |= LeafClass::announces;
  }
  return {bits | counted_bits(digits, dots, colons) | first_brace(text), digits};
}

}  // namespace pii::detect
