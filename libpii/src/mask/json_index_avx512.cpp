#include "mask/json_index_vector.hpp"

#if PII_JSON_INDEX_VECTOR
#include <immintrin.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "detect/announcing.hpp"
#include "detect/byte_tables.hpp"

#define PII_TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,gfni,vpclmulqdq,pclmul,bmi,bmi2,popcnt")))

namespace pii::mask {
namespace {

// Two tables of a class byte for each byte of ASCII; each bit's number is its mask's.
enum Class : std::uint8_t { kQuote, kBackslash, kStructure, kControl, kTelling, kDigit, kDot, kWord, kThird, kSecond, kLast, kSpace, kDash, kOpening, kAt, kMark };

using detect::add;
using detect::ByteTable;
using detect::kBackwards;
using detect::kColumns;
using detect::places;

alignas(64) constexpr ByteTable kFirst = [] {
  ByteTable table{};
  for (std::size_t c = 0; c < 0x20; ++c) table[c] = 1U << kControl;
  add(table, "\"", kQuote);
  add(table, "\\", kBackslash);
  add(table, "{}[],:", kStructure);
  add(table, ":=%&\\", kTelling);
  add(table, "0123456789", kDigit);
  add(table, ".", kDot);
  add(table, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-", kWord);
  return table;
}();
alignas(64) constexpr ByteTable kEcsctx = [] {
  ByteTable table{};
  for (std::size_t c = 0; c < 0x20; ++c) table[c] = 1U << kControl;
  add(table, "\"", kQuote);
  add(table, "\\", kBackslash);
  add(table, "{}[],:", kStructure);
  add(table, "@\\", kTelling);
  add(table, "0123456789", kDigit);
  return table;
}();
alignas(64) constexpr ByteTable kSecondTable = [] {
  ByteTable table{};
  add(table, detect::kAnnouncingThird, kThird);
  add(table, detect::kAnnouncingSecond, kSecond);
  add(table, detect::kAnnouncingLast, kLast);
  add(table, " ", kSpace);
  add(table, "-", kDash);
  add(table, "{[", kOpening);
  add(table, "@", kAt);
  add(table, "[*", kMark);
  return table;
}();

alignas(64) constexpr auto kInOrder = places([](std::size_t i) { return i; });

using Vector = __m512i;  // a class's bits of eight blocks

struct Constants {
  Vector first_low, first_high, second_low, second_high, backwards, columns, ones, low_pairs, high_pairs;
};

PII_TARGET inline Constants load_constants(Reader reader) noexcept {
  const auto load = [](const auto& bytes, std::size_t at) PII_TARGET { return _mm512_load_si512(bytes.data() + at); };
  const ByteTable& first = reader == Reader::ecsctx ? kEcsctx : kFirst;
  return {load(first, 0), load(first, 64), load(kSecondTable, 0), load(kSecondTable, 64), load(kBackwards, 0), load(kColumns, 0),
          _mm512_set1_epi64(-1), _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13), _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15)};
}

// The bits of a block's eight classes one behind the other. Each eight bytes are a matrix of bits, which a product with the unit matrix
// transposes (and turns around, as `classes` are); then those of one class are brought together.
PII_TARGET inline Vector to_bits(Vector classes, const Constants& constants) noexcept {
  const Vector unit = _mm512_set1_epi64(static_cast<long long>(0x8040201008040201));
  return _mm512_permutexvar_epi8(constants.columns, _mm512_gf2p8affine_epi64_epi8(unit, classes, 0));
}

// Rows of eight become columns.
PII_TARGET inline void transpose(const Vector* rows, Vector* columns, const Constants& constants) noexcept {
  Vector quads[8];  // columns 0 and 4, 1 and 5, 2 and 6, 3 and 7; of rows 0 to 3, then of rows 4 to 7
  for (int half = 0; half < 2; ++half) {
    const Vector* four = rows + 4 * half;
    const Vector even = _mm512_unpacklo_epi64(four[0], four[1]), even_below = _mm512_unpacklo_epi64(four[2], four[3]);
    const Vector odd = _mm512_unpackhi_epi64(four[0], four[1]), odd_below = _mm512_unpackhi_epi64(four[2], four[3]);
    quads[4 * half] = _mm512_permutex2var_epi64(even, constants.low_pairs, even_below);
    quads[4 * half + 1] = _mm512_permutex2var_epi64(odd, constants.low_pairs, odd_below);
    quads[4 * half + 2] = _mm512_permutex2var_epi64(even, constants.high_pairs, even_below);
    quads[4 * half + 3] = _mm512_permutex2var_epi64(odd, constants.high_pairs, odd_below);
  }
  for (int i = 0; i < 4; ++i) {
    columns[i] = _mm512_shuffle_i64x2(quads[i], quads[4 + i], 0x44);
    columns[4 + i] = _mm512_shuffle_i64x2(quads[i], quads[4 + i], 0xEE);
  }
}

// The classes of eight blocks from `data` on, of which `left` bytes are there; blanks stand for the others.
template <Reader reader>
PII_TARGET inline void classify(const char* data, std::size_t left, const Constants& constants, Vector* classes) noexcept {
  Vector first[8], second[8];
#pragma GCC unroll 8
  for (std::size_t k = 0; k < 8; ++k) {
    Vector x = _mm512_set1_epi8(' ');
    if (left >= 64 * (k + 1)) {
      x = _mm512_loadu_si512(data + 64 * k);
    } else if (left > 64 * k) {
      x = _mm512_mask_loadu_epi8(x, _cvtu64_mask64(~(~std::uint64_t{0} << (left - 64 * k))), data + 64 * k);
    }
    const Vector turned = _mm512_shuffle_epi8(x, constants.backwards);
    first[k] = to_bits(_mm512_mask_mov_epi8(_mm512_permutex2var_epi8(constants.first_low, turned, constants.first_high),
                                            _mm512_movepi8_mask(turned), _mm512_set1_epi8(1 << kTelling)),
                       constants);
    // A byte beyond ASCII looks like another one here, but its string tells already.
    if constexpr (reader == Reader::detectors) second[k] = to_bits(_mm512_permutex2var_epi8(constants.second_low, turned, constants.second_high), constants);
  }
  transpose(first, classes, constants);
  if constexpr (reader == Reader::detectors) transpose(second, classes + 8, constants);
}

// What goes over from eight blocks to the next, and how they are understood by it: BlockState with a lane for each block.
class GroupState {
 public:
  PII_TARGET explicit GroupState(const Constants& constants) noexcept : constants_(constants), bad_(_mm512_setzero_si512()) {
    // One by one: what the processor's string stores have written is long in coming back.
#pragma GCC unroll 9
    for (Vector& last : last_) last = _mm512_setzero_si512();
  }

  // The bits of the structural characters; what is known of the blocks, of which `count` are there, goes to `bits`.
  template <Reader reader>
  PII_TARGET inline Vector add(const Vector* classes, BlockBits* bits, std::size_t count) noexcept {
    const Vector quotes = unescaped(classes[kQuote], classes[kBackslash]);
    const Vector in_string = strings(quotes);
    const Vector outside = _mm512_andnot_si512(in_string, constants_.ones);
    bad_ = _mm512_or_si512(bad_, _mm512_or_si512(_mm512_and_si512(classes[kControl], in_string), _mm512_and_si512(classes[kBackslash], outside)));

    Vector telling = classes[kTelling], counted = classes[kDigit], digits = classes[kDigit], dots = _mm512_setzero_si512();
    if constexpr (reader == Reader::detectors) {
      const Vector more = _mm512_or_si512(telling, told_by_more(classes, _mm512_and_si512(quotes, in_string)));
      digits = _mm512_or_si512(digits, behind_strings_with(_mm512_or_si512(more, classes[kMark]), in_string, more_));
      telling = _mm512_or_si512(more, classes[kAt]);
      dots = classes[kDot];
      counted = _mm512_or_si512(counted, dots);
    }
    const Vector known[4] = {behind_strings_with(telling, in_string, telling_), behind_strings_with(counted, in_string, counted_), digits, dots};
    write(known, bits, count);
    return _mm512_or_si512(_mm512_and_si512(classes[kStructure], outside), quotes);
  }
  PII_TARGET bool is_json() const noexcept { return _mm512_test_epi64_mask(bad_, bad_) == 0 && in_string_ == 0; }

 private:
  // What tells by more than one byte.
  PII_TARGET inline Vector told_by_more(const Vector* classes, Vector opening_quotes) noexcept {
    const Vector first = moved<1>(opening_quotes, last_[0]);
    const Vector words_end = _mm512_and_si512(_mm512_and_si512(moved<1>(classes[kLast], last_[1]), moved<2>(classes[kSecond], last_[2])),
                                              moved<3>(classes[kThird], last_[3]));
    const Vector dashes = _mm512_and_si512(classes[kDash], moved<1>(classes[kDash], last_[4]));
    Vector run = classes[kWord];
    run = _mm512_and_si512(run, moved<1>(run, last_[5]));
    run = _mm512_and_si512(run, moved<2>(run, last_[6]));
    run = _mm512_and_si512(run, moved<4>(run, last_[7]));
    run = _mm512_and_si512(run, moved<8>(run, last_[8]));
    const Vector blanks = _mm512_and_si512(classes[kSpace], _mm512_or_si512(words_end, first));
    return _mm512_or_si512(_mm512_or_si512(blanks, _mm512_or_si512(dashes, run)), _mm512_and_si512(classes[kOpening], first));
  }
  PII_TARGET inline Vector unescaped(Vector quotes, Vector backslashes) noexcept {
    if (_mm512_test_epi64_mask(backslashes, backslashes) == 0 && !escapes_.any()) return quotes;
    alignas(64) std::uint64_t lanes[8];
    _mm512_store_si512(lanes, backslashes);
    for (std::uint64_t& lane : lanes) lane = escapes_.of(lane);
    return _mm512_andnot_si512(_mm512_load_si512(lanes), quotes);
  }
  // Which bytes lie in strings, the opening quote included, the closing one not.
  PII_TARGET inline Vector strings(Vector quotes) noexcept {
    const Vector parity = _mm512_unpacklo_epi64(_mm512_clmulepi64_epi128(quotes, constants_.ones, 0x00),
                                                _mm512_clmulepi64_epi128(quotes, constants_.ones, 0x01));
    unsigned ends = _mm512_movepi64_mask(parity);  // of which lanes end in a string that began in them
    ends ^= ends << 1;
    ends ^= ends << 2;
    ends ^= ends << 4;
    const unsigned before = (ends << 1 ^ in_string_) & 0xFF;
    in_string_ ^= (ends & 0x80) != 0 ? 0xFF : 0;
    return _mm512_mask_xor_epi64(parity, static_cast<__mmask8>(before), parity, constants_.ones);
  }
  // The bits `by` places on; `last` has those of the blocks before.
  template <int by>
  PII_TARGET static inline Vector moved(Vector bits, Vector& last) noexcept {
    const Vector before = _mm512_alignr_epi64(bits, last, 7);
    last = bits;
    return _mm512_shldi_epi64(bits, before, by);
  }
  // As in BlockState. A lane whose sum is all ones hands on what is carried into it.
  PII_TARGET inline Vector behind_strings_with(Vector marks, Vector strings, unsigned& carry) noexcept {
    const Vector sum = _mm512_add_epi64(strings, _mm512_and_si512(marks, strings));
    const unsigned over = _mm512_cmplt_epu64_mask(sum, strings), hands_on = _mm512_cmpeq_epi64_mask(sum, constants_.ones);
    const unsigned carried = ((over << 1 | carry) + hands_on) ^ hands_on;
    carry = carried >> 8;
    return _mm512_andnot_si512(strings, _mm512_mask_sub_epi64(sum, static_cast<__mmask8>(carried & 0xFF), sum, constants_.ones));
  }
  PII_TARGET inline void write(const Vector* known, BlockBits* bits, std::size_t count) noexcept {
    static_assert(sizeof(BlockBits) == 32 && offsetof(BlockBits, dots) == 24);
    const Vector even = _mm512_unpacklo_epi64(known[0], known[1]), even_counts = _mm512_unpacklo_epi64(known[2], known[3]);
    const Vector odd = _mm512_unpackhi_epi64(known[0], known[1]), odd_counts = _mm512_unpackhi_epi64(known[2], known[3]);
    const Vector a = _mm512_permutex2var_epi64(even, constants_.low_pairs, even_counts), b = _mm512_permutex2var_epi64(odd, constants_.low_pairs, odd_counts);
    const Vector c = _mm512_permutex2var_epi64(even, constants_.high_pairs, even_counts), d = _mm512_permutex2var_epi64(odd, constants_.high_pairs, odd_counts);
    const std::uint32_t words = 0xFFFFFFFFU >> (32 - 4 * count);
    _mm512_mask_storeu_epi64(bits, static_cast<__mmask8>(words), _mm512_shuffle_i64x2(a, b, 0x44));
    _mm512_mask_storeu_epi64(bits + 2, static_cast<__mmask8>(words >> 8), _mm512_shuffle_i64x2(c, d, 0x44));
    _mm512_mask_storeu_epi64(bits + 4, static_cast<__mmask8>(words >> 16), _mm512_shuffle_i64x2(a, b, 0xEE));
    _mm512_mask_storeu_epi64(bits + 6, static_cast<__mmask8>(words >> 24), _mm512_shuffle_i64x2(c, d, 0xEE));
  }

  const Constants& constants_;
  Vector bad_;
  Vector last_[9];
  unsigned in_string_ = 0;  // 0xFF: the next block begins in one
  unsigned telling_ = 0, counted_ = 0, more_ = 0;
  Escapes escapes_;
};

PII_TARGET inline void write_sixteen(__m128i places, __m512i base, std::uint32_t* out) noexcept {
  _mm512_storeu_si512(out, _mm512_add_epi32(_mm512_cvtepu8_epi32(places), base));
}

// Writes `base` plus the place of each bit, thirty-two at a time, so that the processor need not guess how many there are; what is
// written too much is overwritten.
PII_TARGET inline std::uint32_t* write_places(std::uint64_t bits, std::uint32_t base, __m512i all, std::uint32_t* out) noexcept {
  const __m512i places = _mm512_maskz_compress_epi8(_cvtu64_mask64(bits), all);
  const int count = __builtin_popcountll(bits);
  const __m512i offset = _mm512_set1_epi32(static_cast<int>(base));
  write_sixteen(_mm512_castsi512_si128(places), offset, out);
  write_sixteen(_mm512_extracti32x4_epi32(places, 1), offset, out + 16);
  if (count > 32) [[unlikely]] {
    write_sixteen(_mm512_extracti32x4_epi32(places, 2), offset, out + 32);
    write_sixteen(_mm512_extracti32x4_epi32(places, 3), offset, out + 48);
  }
  return out + count;
}

template <Reader reader>
PII_TARGET std::size_t build(std::string_view text, std::uint32_t* out, BlockBits* bits) noexcept {
  constexpr std::size_t kGroup = 8 * 64;
  const Constants constants = load_constants(reader);
  const Vector in_order = _mm512_load_si512(kInOrder.data());
  GroupState state(constants);
  std::uint32_t* next = out;
  for (std::size_t offset = 0; offset < text.size(); offset += kGroup, bits += 8) {
    const std::size_t left = text.size() - offset, blocks = left < kGroup ? (left + 63) / 64 : 8;
    Vector classes[16];
    classify<reader>(text.data() + offset, left, constants, classes);
    alignas(64) std::uint64_t structure[8];
    _mm512_store_si512(structure, state.add<reader>(classes, bits, blocks));
    for (std::size_t k = 0; k < blocks; ++k) next = write_places(structure[k], static_cast<std::uint32_t>(offset + 64 * k), in_order, next);
  }
  return state.is_json() ? static_cast<std::size_t>(next - out) : kNoJson;
}

}  // namespace

std::size_t build_index_avx512(std::string_view text, Reader reader, std::uint32_t* out, BlockBits* bits) noexcept {
  return reader == Reader::ecsctx ? build<Reader::ecsctx>(text, out, bits) : build<Reader::detectors>(text, out, bits);
}

}  // namespace pii::mask
#endif
