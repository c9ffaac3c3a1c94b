#include "detect/leaf_class_implementations.hpp"

#if PII_LEAF_VECTOR
#include <immintrin.h>

#include <bit>

#include "detect/byte_tables.hpp"

#define PII_TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vpopcntdq,gfni,popcnt,bmi,bmi2")))

namespace pii::detect {
namespace {

// Two tables of a class byte for each byte of ASCII; a bit's number is the plane's.
enum First : unsigned { kAt, kDigitPlane, kColonPlane, kEqualsPlane, kPercentPlane, kBackslashPlane, kDotPlane, kSpacePlane };
enum Second : unsigned { kWordPlane, kDashPlane, kMarkPlane, kThird, kSecond, kLast, kBracePlane, kPlanes = 8 };
// What a short text must have, of the second.
constexpr unsigned kTelling = 1U << kDashPlane | 1U << kMarkPlane | 1U << kBracePlane;

alignas(64) constexpr ByteTable kFirstTable = [] {
  ByteTable table{};
  add(table, "@", kAt);
  add(table, ":", kColonPlane);
  add(table, "=", kEqualsPlane);
  add(table, "%&", kPercentPlane);
  add(table, "\\", kBackslashPlane);
  add(table, "0123456789", kDigitPlane);
  add(table, ".", kDotPlane);
  add(table, " ", kSpacePlane);
  return table;
}();
alignas(64) constexpr ByteTable kSecondTable = [] {
  ByteTable table{};
  add(table, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-", kWordPlane);
  add(table, "-", kDashPlane);
  add(table, "[*", kMarkPlane);
  add(table, "{", kBracePlane);
  add(table, kAnnouncingThird, kThird);
  add(table, kAnnouncingSecond, kSecond);
  add(table, kAnnouncingLast, kLast);
  return table;
}();

// The classes' planes, eight times the bits of a block. Each eight bytes are a matrix of bits, which a product with the unit matrix
// transposes (and turns around, as `classes` are); then those of one class are brought together.
PII_TARGET inline __m512i planes_of(__m512i classes) noexcept {
  const __m512i unit = _mm512_set1_epi64(static_cast<long long>(0x8040201008040201));
  return _mm512_permutexvar_epi8(_mm512_load_si512(kColumns.data()), _mm512_gf2p8affine_epi64_epi8(unit, classes, 0));
}

// Bits of a block, and where they go on from the block before.
struct Bits {
  std::uint64_t before = 0, now = 0;

  void next(std::uint64_t bits) noexcept {
    before = now;
    now = bits;
  }
  template <int by>
  std::uint64_t moved() const noexcept {
    return now << by | before >> (64 - by);
  }
  // Whether so many stand on end.
  template <unsigned size>
  PII_TARGET bool has_run() const noexcept {
    static_assert(std::has_single_bit(size));
    std::uint64_t run = now;
    for (unsigned by = 1; by < size; by *= 2) run &= run >> by;
    return run != 0 || static_cast<unsigned>(std::countl_one(before) + std::countr_one(now)) >= size;
  }
};

}  // namespace

PII_TARGET LeafClass classify_leaf_avx512(std::string_view text) noexcept {
  const __m512i first_low = _mm512_load_si512(kFirstTable.data()), first_high = _mm512_load_si512(kFirstTable.data() + 64);
  const __m512i second_low = _mm512_load_si512(kSecondTable.data()), second_high = _mm512_load_si512(kSecondTable.data() + 64);
  const __m512i backwards = _mm512_load_si512(kBackwards.data());
  __m512i seen_first = _mm512_setzero_si512(), seen_second = seen_first, counts = seen_first;
  std::uint64_t beyond_ascii = 0;
  std::uint32_t bits = 0;
  Bits words, dashes, third, second, last;
  for (std::size_t at = 0; at < text.size(); at += 64) {
    const std::size_t left = text.size() - at;
    const __mmask64 there = _cvtu64_mask64(left >= 64 ? ~std::uint64_t{0} : ~(~std::uint64_t{0} << left));
    const __m512i x = _mm512_shuffle_epi8(_mm512_maskz_loadu_epi8(there, text.data() + at), backwards);
    const __mmask64 high = _mm512_movepi8_mask(x);
    beyond_ascii |= _cvtmask64_u64(high);
    const __m512i first_classes = _mm512_maskz_permutex2var_epi8(_knot_mask64(high), first_low, x, first_high);
    const __m512i second_classes = _mm512_maskz_permutex2var_epi8(_knot_mask64(high), second_low, x, second_high);
    if (text.size() < kLongRun) {
      // A short word, as most values are, has nothing of all this.
      const __m512i telling = _mm512_and_si512(second_classes, _mm512_set1_epi8(kTelling));
      if (beyond_ascii == 0 && _cvtmask64_u64(_mm512_test_epi8_mask(_mm512_or_si512(first_classes, telling), _mm512_set1_epi8(-1))) == 0) return {};
    }
    const __m512i of_first = planes_of(first_classes), of_second = planes_of(second_classes);
    seen_first = _mm512_or_si512(seen_first, of_first);
    seen_second = _mm512_or_si512(seen_second, of_second);
    counts = _mm512_add_epi64(counts, _mm512_popcnt_epi64(of_first));
    alignas(64) std::uint64_t spaces[kPlanes], planes[kPlanes];
    _mm512_store_si512(spaces, of_first);
    _mm512_store_si512(planes, of_second);
    words.next(planes[kWordPlane]);
    if (words.has_run<kLongRun>()) bits |= LeafClass::long_run;
    dashes.next(planes[kDashPlane]);
    if (dashes.now != 0 && dashes.has_run<kDashes>()) bits |= LeafClass::announces;
    third.next(planes[kThird]);
    second.next(planes[kSecond]);
    last.next(planes[kLast]);
    std::uint64_t blanks = spaces[kSpacePlane] & last.moved<1>() & second.moved<2>() & third.moved<3>();
    for (; blanks != 0 && (bits & LeafClass::announces) == 0; blanks &= blanks - 1) {
      if (announces_at(text, at + static_cast<std::size_t>(std::countr_zero(blanks)))) bits |= LeafClass::announces;
    }
  }
  const unsigned of_first = _mm512_test_epi64_mask(seen_first, seen_first), of_second = _mm512_test_epi64_mask(seen_second, seen_second);
  // As far as they are below 64, the bits of LeafClass are the planes'.
  static_assert(LeafClass::at == 1U << kAt && LeafClass::colon == 1U << kColonPlane && LeafClass::equals == 1U << kEqualsPlane &&
                LeafClass::percent == 1U << kPercentPlane && LeafClass::backslash == 1U << kBackslashPlane);
  bits |= of_first & (LeafClass::at | LeafClass::colon | LeafClass::equals | LeafClass::percent | LeafClass::backslash);
  if ((of_first >> kDotPlane & 1) != 0) bits |= LeafClass::dot;
  if ((of_first >> kSpacePlane & 1) != 0) bits |= LeafClass::space;
  if ((of_second >> kMarkPlane & 1) != 0) bits |= LeafClass::marks;
  if (beyond_ascii != 0) bits |= LeafClass::non_ascii;
  alignas(64) std::uint64_t count[kPlanes];
  _mm512_store_si512(count, counts);
  return {bits | counted_bits(count[kDigitPlane], count[kDotPlane], count[kColonPlane]) | first_brace(text), count[kDigitPlane]};
}

}  // namespace pii::detect
#endif
