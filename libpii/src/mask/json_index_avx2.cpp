#include "mask/json_index_vector.hpp"

#if PII_JSON_INDEX_VECTOR
#include <immintrin.h>

#include <cstring>

#define PII_TARGET __attribute__((target("avx2,pclmul,bmi,bmi2,popcnt")))

namespace pii::mask {
namespace {

// The planes of half a block. Bits 4 and 6 of a byte choose one of four tables of sixteen codes; a byte beyond ASCII has none of them.
PII_TARGET inline void read_half(const char* data, std::uint32_t* planes) noexcept {
  const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(data));
  const auto codes_of = [bytes](std::size_t row) PII_TARGET {
    const __m128i codes = _mm_load_si128(reinterpret_cast<const __m128i*>(kCodes.data() + 16 * row));
    return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(codes), bytes);
  };
  const auto bits_of = [](__m256i of) PII_TARGET { return static_cast<std::uint32_t>(_mm256_movemask_epi8(of)); };
  const __m256i bit6 = _mm256_slli_epi16(bytes, 1), bit4 = _mm256_slli_epi16(bytes, 3);
  const __m256i codes = _mm256_blendv_epi8(_mm256_blendv_epi8(codes_of(0), codes_of(1), bit4), _mm256_blendv_epi8(codes_of(2), codes_of(3), bit4), bit6);
  planes[kOne] = bits_of(_mm256_slli_epi16(codes, 7));
  planes[kTwo] = bits_of(_mm256_slli_epi16(codes, 6));
  planes[kFour] = bits_of(_mm256_slli_epi16(codes, 5));
  planes[kEight] = bits_of(_mm256_slli_epi16(codes, 4));
  planes[kWord] = bits_of(_mm256_slli_epi16(codes, 3));
  planes[kBit6] = bits_of(bit6);
  planes[kBit5] = bits_of(_mm256_slli_epi16(bytes, 2));
  planes[kBit7] = bits_of(bytes);
}

template <Reader reader>
PII_TARGET inline BlockClasses classify(const char* data) noexcept {
  std::uint32_t halves[2][kPlanes];
  read_half(data, halves[0]);
  read_half(data + 32, halves[1]);
  const auto plane = [&halves](unsigned of) { return static_cast<std::uint64_t>(halves[1][of]) << 32 | halves[0][of]; };
  const std::uint64_t one = plane(kOne), two = plane(kTwo), four = plane(kFour), eight = plane(kEight), word = plane(kWord);
  const std::uint64_t bit6 = plane(kBit6), bit5 = plane(kBit5), bit7 = plane(kBit7);
  const std::uint64_t no_word = (bit6 | bit5) & ~word, first = no_word & ~eight, second = no_word & eight;
  const std::uint64_t from_blank_on = bit5 & ~bit6;  // to `?`, and beyond ASCII
  BlockClasses is{};
  is.controls = ~(bit7 | bit6 | bit5);
  is.quotes = second & one & ~bit6;
  is.backslashes = second & one & ~bit5;
  is.structure = first & one;
  is.digits = from_blank_on & word & ~one;
  is.ats = second & two & ~bit5;
  if constexpr (reader == Reader::ecsctx) {
    is.telling = bit7 | is.backslashes | is.ats;
    return is;
  }
  const std::uint64_t letters = word & bit6;
  is.telling = (first & two) | bit7 | is.backslashes;
  is.dots = second & two & ~bit6;
  is.marks = first & four & ~(bit6 & bit5);
  is.dashes = from_blank_on & word & one;
  is.opening = four & (second | is.structure);
  is.words = word;
  is.last = one & letters;
  is.third = two & letters;
  is.fourth = four & letters;
  is.fifth = eight & letters;
  return is;
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
