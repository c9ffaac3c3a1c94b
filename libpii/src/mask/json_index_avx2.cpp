#include "mask/json_index_avx2.hpp"

#if PII_JSON_INDEX_AVX2
#include <immintrin.h>

#include <cstring>

#include "mask/json_index.hpp"

#define PII_TARGET __attribute__((target("avx2,pclmul,bmi,bmi2,popcnt")))

namespace pii::mask {
namespace {

struct Block {
  std::uint64_t quotes;
  std::uint64_t backslashes;
  std::uint64_t structure;
  std::uint64_t controls;
};

PII_TARGET inline std::uint64_t to_bits(__m256i equal, int half) noexcept {
  return static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm256_movemask_epi8(equal))) << (32 * half);
}

// `{ } [ ] , :` by the low nibble's table entry: the byte equals it (`[` and `]` after 0x20 is set, which makes
// them `{` and `}`; only they and the braces become so).
PII_TARGET inline Block classify(const char* data) noexcept {
  const __m256i table = _mm256_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ':', '{', ',', '}', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                                         0, 0, ':', '{', ',', '}', 0, 0);
  Block block{};
  for (int half = 0; half < 2; ++half) {
    const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(data + 32 * half));
    block.quotes |= to_bits(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('"')), half);
    block.backslashes |= to_bits(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\\')), half);
    // ',' and ':' have 0x20 set already; 0x0C | 0x20 and 0x1A | 0x20 would look like them, and are controls.
    const __m256i folded = _mm256_or_si256(bytes, _mm256_set1_epi8(0x20));
    block.structure |= to_bits(_mm256_cmpeq_epi8(folded, _mm256_shuffle_epi8(table, bytes)), half);
    block.controls |= to_bits(_mm256_cmpeq_epi8(_mm256_max_epu8(bytes, _mm256_set1_epi8(0x1F)), _mm256_set1_epi8(0x1F)), half);
  }
  block.structure &= ~block.controls;
  return block;
}

// The bytes that a backslash escapes. `carry`: the byte before the block was such a backslash.
inline std::uint64_t find_escaped(std::uint64_t backslashes, std::uint64_t& carry) noexcept {
  if (backslashes == 0) {
    const std::uint64_t escaped = carry;
    carry = 0;
    return escaped;
  }
  backslashes &= ~carry;
  const std::uint64_t follows = backslashes << 1 | carry;
  constexpr std::uint64_t kEven = 0x5555555555555555;
  const std::uint64_t odd_starts = backslashes & ~kEven & ~follows;
  unsigned long long even_sequences;
  carry = __builtin_add_overflow(static_cast<unsigned long long>(odd_starts),
                                 static_cast<unsigned long long>(backslashes), &even_sequences)
              ? 1
              : 0;
  return (kEven ^ (even_sequences << 1)) & follows;
}

PII_TARGET inline std::uint64_t prefix_xor(std::uint64_t bits) noexcept {
  const __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, static_cast<long long>(bits)), _mm_set1_epi8(-1), 0);
  return static_cast<std::uint64_t>(_mm_cvtsi128_si64(product));
}

}  // namespace

PII_TARGET std::size_t build_index_avx2(std::string_view text, std::uint32_t* out) noexcept {
  std::uint64_t escape_carry = 0, in_string_carry = 0, bad = 0;
  std::uint32_t* next = out;
  char tail[64];
  for (std::size_t offset = 0; offset < text.size(); offset += 64) {
    const char* data = text.data() + offset;
    if (text.size() - offset < 64) {
      std::memset(tail, ' ', sizeof tail);
      std::memcpy(tail, data, text.size() - offset);
      data = tail;
    }
    const Block block = classify(data);
    const std::uint64_t quotes = block.quotes & ~find_escaped(block.backslashes, escape_carry);
    const std::uint64_t in_string = prefix_xor(quotes) ^ in_string_carry;  // opening quote included, closing one not
    in_string_carry = static_cast<std::uint64_t>(static_cast<std::int64_t>(in_string) >> 63);
    bad |= (block.controls & in_string) | (block.backslashes & ~in_string);
    std::uint64_t bits = (block.structure & ~in_string) | quotes;
    const int found = __builtin_popcountll(bits);
    const auto base = static_cast<std::uint32_t>(offset);
    // Eight at a time without a branch for each; what is written too much is overwritten.
    for (int written = 0; written < found; written += 8) {
      for (int k = 0; k < 8; ++k) {
        next[written + k] = base + static_cast<std::uint32_t>(_tzcnt_u64(bits));
        bits = _blsr_u64(bits);
      }
    }
    next += found;
  }
  return bad != 0 || in_string_carry != 0 ? kNoJson : static_cast<std::size_t>(next - out);
}

}  // namespace pii::mask
#endif
