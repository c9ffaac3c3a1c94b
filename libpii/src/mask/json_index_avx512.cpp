#include "mask/json_index_vector.hpp"

#if PII_JSON_INDEX_VECTOR
#include <immintrin.h>

#include <cstddef>

#include "detect/byte_tables.hpp"

#define PII_TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,gfni,vpclmulqdq,pclmul,bmi,bmi2,popcnt")))

namespace pii::mask {
namespace {

using Vector = __m512i;  // bits of eight blocks of sixty-four bytes

alignas(64) constexpr auto kInOrder = detect::places([](std::size_t i) { return i; });

// Of three vectors, the function of kA, kB and kC.
constexpr int kA = 0xF0, kB = 0xCC, kC = 0xAA;
template <int function>
PII_TARGET inline Vector logic(Vector a, Vector b, Vector c) noexcept {
  return _mm512_ternarylogic_epi64(a, b, c, function & 0xFF);
}
PII_TARGET inline Vector both(Vector a, Vector b) noexcept { return _mm512_and_si512(a, b); }

// `swapping` and `unit` are matrices of bits, for products with each eight bytes; `own` are the bits of a code that are the byte's own.
struct Constants {
  Vector codes, columns, ones, swapping, unit, own;
};
PII_TARGET inline Constants load_constants() noexcept {
  return {_mm512_load_si512(kCodes.data()), _mm512_load_si512(detect::kColumns.data()), _mm512_set1_epi64(-1),
          _mm512_set1_epi64(0x0102040810402080),  // bits 5 and 6 change places
          _mm512_set1_epi64(static_cast<long long>(0x8040201008040201)), _mm512_set1_epi8(static_cast<char>(0xE0))};
}

// The planes of a block, one behind the other. A product with the unit matrix transposes the codes of each eight bytes (and turns the rows
// around); then those of one plane are brought together.
PII_TARGET inline Vector planes_of(Vector bytes, const Constants& constants) noexcept {
  const Vector place = _mm512_gf2p8affine_epi64_epi8(bytes, constants.swapping, 0);
  const Vector codes = logic<kA | (kB & kC)>(_mm512_permutexvar_epi8(place, constants.codes), place, constants.own);
  return _mm512_permutexvar_epi8(constants.columns, _mm512_gf2p8affine_epi64_epi8(constants.unit, codes, 0));
}

// Rows of eight become columns: one after the other the three bits of the row's number change places with those of the column's.
PII_TARGET inline void transpose(const Vector* rows, Vector* columns) noexcept {
  Vector quads[8];  // columns 0 and 4, 1 and 5, 2 and 6, 3 and 7; of rows 0 to 3, then of rows 4 to 7
  for (int half = 0; half < 2; ++half) {
    const Vector* four = rows + 4 * half;
    const Vector even = _mm512_unpacklo_epi64(four[0], four[1]), even_below = _mm512_unpacklo_epi64(four[2], four[3]);
    const Vector odd = _mm512_unpackhi_epi64(four[0], four[1]), odd_below = _mm512_unpackhi_epi64(four[2], four[3]);
    quads[4 * half] = _mm512_shuffle_i64x2(even, even_below, 0x88);
    quads[4 * half + 1] = _mm512_shuffle_i64x2(odd, odd_below, 0x88);
    quads[4 * half + 2] = _mm512_shuffle_i64x2(even, even_below, 0xDD);
    quads[4 * half + 3] = _mm512_shuffle_i64x2(odd, odd_below, 0xDD);
  }
  for (int i = 0; i < 4; ++i) {
    columns[i] = _mm512_shuffle_i64x2(quads[i], quads[4 + i], 0x88);
    columns[4 + i] = _mm512_shuffle_i64x2(quads[i], quads[4 + i], 0xDD);
  }
}

// The planes of eight blocks from `data` on, of which `left` bytes are there; blanks stand for the others.
PII_TARGET inline void read(const char* data, std::size_t left, const Constants& constants, Vector* planes) noexcept {
  Vector rows[8];
#pragma GCC unroll 8
  for (std::size_t k = 0; k < 8; ++k) {
    Vector bytes = _mm512_set1_epi8(' ');
    if (left >= 64 * (k + 1)) {
      bytes = _mm512_loadu_si512(data + 64 * k);
    } else if (left > 64 * k) {
      bytes = _mm512_mask_loadu_epi8(bytes, _cvtu64_mask64(~(~std::uint64_t{0} << (left - 64 * k))), data + 64 * k);
    }
    rows[k] = planes_of(bytes, constants);
  }
  transpose(rows, planes);
#pragma GCC unroll 8
  for (std::size_t k = 0; k < kPlanes; ++k) planes[k] = _mm512_gf2p8affine_epi64_epi8(planes[k], constants.unit, 0);
}

// Which bytes are what, of those that the reader asks for. A byte beyond ASCII may look like part of a word, but its string tells already.
struct Classes {
  Vector quotes, backslashes, structure, controls, telling, digits, dots, ats, marks, dashes, opening, letters;
};
template <Reader reader>
PII_TARGET inline Classes classify(const Vector* planes) noexcept {
  const Vector one = planes[kOne], two = planes[kTwo], four = planes[kFour], bit6 = planes[kBit6], bit5 = planes[kBit5], bit7 = planes[kBit7];
  const Vector visible = logic<~kA & (kB | kC)>(bit7, bit6, bit5);
  const Vector first = logic<kA & ~kB & ~kC>(visible, planes[kWord], planes[kEight]);
  const Vector second = logic<kA & ~kB & kC>(visible, planes[kWord], planes[kEight]);
  const Vector from_blank_on = logic<~kA & ~kB & kC>(bit7, bit6, bit5);  // to `?`
  Classes is;
  is.controls = logic<~kA & ~kB & ~kC>(bit7, bit6, bit5);
  is.quotes = logic<kA & kB & ~kC>(second, one, bit6);
  is.backslashes = logic<kA & kB & ~kC>(second, one, bit5);
  is.structure = both(first, one);
  is.digits = logic<kA & kB & ~kC>(from_blank_on, planes[kWord], one);
  is.ats = logic<kA & kB & ~kC>(second, two, bit5);
  if constexpr (reader == Reader::ecsctx) {
    is.telling = logic<kA | kB | kC>(bit7, is.backslashes, is.ats);
    return is;
  }
  is.telling = _mm512_or_si512(logic<(kA & kB) | kC>(first, two, bit7), is.backslashes);
  is.dots = logic<kA & kB & ~kC>(second, two, bit6);
  is.marks = logic<kA & ~(kB & kC)>(both(first, four), bit6, bit5);
  is.dashes = logic<kA & kB & kC>(from_blank_on, planes[kWord], one);
  is.opening = logic<kA & (kB | kC)>(four, second, is.structure);
  is.letters = both(bit6, planes[kWord]);
  return is;
}

// What goes over from eight blocks to the next, and how they are understood by it: BlockState with a lane for each block.
class GroupState {
 public:
  PII_TARGET explicit GroupState(const Constants& constants) noexcept : constants_(constants), bad_(_mm512_setzero_si512()) {
    // One by one: what the processor's string stores have written is long in coming back.
#pragma GCC unroll 9
    for (Vector& last : last_) last = _mm512_setzero_si512();
  }

  // The bits of the structural characters; what is known of the blocks goes to `bits`, from block `at` on.
  template <Reader reader>
  PII_TARGET inline Vector add(const Vector* planes, const BlockBits& bits, std::size_t at) noexcept {
    const Classes is = classify<reader>(planes);
    const Vector quotes = unescaped(is.quotes, is.backslashes);
    const Strings strings = strings_of(quotes);
    bad_ = logic<kA | (kB & kC)>(bad_, is.controls, strings.inside);
    bad_ = logic<kA | (kB & ~kC)>(bad_, is.backslashes, strings.inside);

    Vector telling = is.telling, counted = is.digits, digits = is.digits, dots = _mm512_setzero_si512();
    if constexpr (reader == Reader::detectors) {
      const Vector more = told_by_more(planes, is, both(quotes, strings.inside));
      digits = _mm512_or_si512(digits, behind_strings_with(_mm512_or_si512(more, is.marks), strings, more_));
      telling = _mm512_or_si512(more, is.ats);
      dots = is.dots;
      counted = _mm512_or_si512(counted, dots);
    }
    _mm512_storeu_si512(bits.telling + at, behind_strings_with(telling, strings, telling_));
    _mm512_storeu_si512(bits.counted + at, behind_strings_with(counted, strings, counted_));
    _mm512_storeu_si512(bits.digits + at, digits);
    _mm512_storeu_si512(bits.dots + at, dots);
    return logic<kA | (kB & ~kC)>(quotes, is.structure, strings.inside);
  }
  PII_TARGET bool is_json() const noexcept { return _mm512_test_epi64_mask(bad_, bad_) == 0 && in_string_ == 0; }

 private:
  // Which bytes lie in strings, the opening quote included, the closing one not, and which lanes do so whole.
  struct Strings {
    Vector inside;
    unsigned whole;
  };

  // What tells, by more than one byte too.
  PII_TARGET inline Vector told_by_more(const Vector* planes, const Classes& is, Vector opening_quotes) noexcept {
    const Vector words = planes[kWord];
    const Vector two = both(words, moved<1>(words, last_[0]));
    const Vector four = both(two, moved<2>(two, last_[1]));
    const Vector eight = both(four, moved<4>(four, last_[2]));
    Vector end = both(planes[kFifth], is.letters);
    end = logic<kA & kB & kC>(planes[kFourth], is.letters, moved<1>(end, last_[3]));
    end = logic<kA & kB & kC>(planes[kThird], is.letters, moved<1>(end, last_[4]));
    end = logic<kA & kB & kC>(both(planes[kLast], is.letters), two, moved<2>(end, last_[5]));
    Vector telling = logic<kA | (kB & kC)>(is.telling, is.opening, moved<1>(_mm512_or_si512(end, opening_quotes), last_[6]));
    telling = logic<kA | (kB & kC)>(telling, is.dashes, moved<1>(is.dashes, last_[7]));
    return logic<kA | (kB & kC)>(telling, eight, moved<8>(eight, last_[8]));
  }
  PII_TARGET inline Vector unescaped(Vector quotes, Vector backslashes) noexcept {
    if (_mm512_test_epi64_mask(backslashes, backslashes) == 0 && !escapes_.any()) return quotes;
    alignas(64) std::uint64_t lanes[8];
    _mm512_store_si512(lanes, backslashes);
    for (std::uint64_t& lane : lanes) lane = escapes_.of(lane);
    return _mm512_andnot_si512(_mm512_load_si512(lanes), quotes);
  }
  PII_TARGET inline Strings strings_of(Vector quotes) noexcept {
    const Vector parity = _mm512_unpacklo_epi64(_mm512_clmulepi64_epi128(quotes, constants_.ones, 0x00),
                                                _mm512_clmulepi64_epi128(quotes, constants_.ones, 0x01));
    unsigned ends = _mm512_movepi64_mask(parity);  // of which lanes end in a string that began in them
    ends ^= ends << 1;
    ends ^= ends << 2;
    ends ^= ends << 4;
    const unsigned before = (ends << 1 ^ in_string_) & 0xFF;
    in_string_ ^= (0U - (ends >> 7 & 1)) & 0xFF;  // no branch, which could not be foretold
    const Vector inside = _mm512_mask_xor_epi64(parity, static_cast<__mmask8>(before), parity, constants_.ones);
    return {inside, _mm512_cmpeq_epi64_mask(inside, constants_.ones)};
  }
  // The bits `by` places on; `last` has those of the blocks before.
  template <int by>
  PII_TARGET static inline Vector moved(Vector bits, Vector& last) noexcept {
    const Vector before = _mm512_alignr_epi64(bits, last, 7);
    last = bits;
    return _mm512_shldi_epi64(bits, before, by);
  }
  // As in BlockState. A lane that lies whole in a string without marks hands on what is carried into it.
  PII_TARGET inline Vector behind_strings_with(Vector marks, const Strings& strings, unsigned& carry) noexcept {
    const Vector sum = _mm512_add_epi64(strings.inside, both(marks, strings.inside));
    const unsigned over = _mm512_cmplt_epu64_mask(sum, strings.inside), hands_on = strings.whole & ~over;
    const unsigned carried = ((over << 1 | carry) + hands_on) ^ hands_on;
    carry = carried >> 8;
    return _mm512_andnot_si512(strings.inside, _mm512_mask_sub_epi64(sum, static_cast<__mmask8>(carried & 0xFF), sum, constants_.ones));
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
PII_TARGET std::size_t build(std::string_view text, std::uint32_t* out, const BlockBits& bits) noexcept {
  constexpr std::size_t kGroup = 8 * 64;
  const Constants constants = load_constants();
  const Vector in_order = _mm512_load_si512(kInOrder.data());
  GroupState state(constants);
  std::uint32_t* next = out;
  Vector planes[2][kPlanes];
  alignas(64) std::uint64_t structure[8];
  const std::size_t groups = (text.size() + kGroup - 1) / kGroup;
  // A group is read, the one before it understood, and of that before this the places are written: each waits long for its own steps, and
  // the processor has the others to go on with.
  for (std::size_t i = 0; i < groups + 2; ++i) {
    if (i < groups) read(text.data() + i * kGroup, text.size() - i * kGroup, constants, planes[i % 2]);
    if (i >= 2) {
      for (std::size_t k = 0; k < 8; ++k) {
        if (structure[k] == 0) continue;  // as in most blocks of a long string, and behind the text
        next = write_places(structure[k], static_cast<std::uint32_t>((i - 2) * kGroup + 64 * k), in_order, next);
      }
    }
    if (i >= 1 && i <= groups) _mm512_store_si512(structure, state.add<reader>(planes[(i - 1) % 2], bits, 8 * (i - 1)));
  }
  return state.is_json() ? static_cast<std::size_t>(next - out) : kNoJson;
}

}  // namespace

std::size_t build_index_avx512(std::string_view text, Reader reader, std::uint32_t* out, const BlockBits& bits) noexcept {
  return reader == Reader::ecsctx ? build<Reader::ecsctx>(text, out, bits) : build<Reader::detectors>(text, out, bits);
}

}  // namespace pii::mask
#endif
