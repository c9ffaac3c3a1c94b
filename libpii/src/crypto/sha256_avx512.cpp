// Compiled for AVX-512 F, BW and VL; see sha256_kernels.hpp.
#include <immintrin.h>

#include "crypto/sha256_kernels.hpp"
#include "crypto/sha256_lanes.hpp"

namespace pii::crypto {
namespace {

// 0x80 behind 63 zeros: loading at kMark + 63 - n puts it at byte n.
alignas(64) constexpr unsigned char kMark[127] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80};

struct SixteenLanes {
  using Word = __m512i;

  static Word set(std::uint32_t x) noexcept { return _mm512_set1_epi32(static_cast<int>(x)); }
  static Word add(Word a, Word b) noexcept { return _mm512_add_epi32(a, b); }
  // The last operand of a ternary logic is its truth table: bit (a << 2 | b << 1 | c) is the result.
  template <int p, int q, int r>
  static Word sum(Word x) noexcept {
    return _mm512_ternarylogic_epi32(_mm512_ror_epi32(x, p), _mm512_ror_epi32(x, q), _mm512_ror_epi32(x, r),
                                     0x96);
  }
  template <int p, int q, int r>
  static Word sigma(Word x) noexcept {
    return _mm512_ternarylogic_epi32(_mm512_ror_epi32(x, p), _mm512_ror_epi32(x, q), _mm512_srli_epi32(x, r),
                                     0x96);
  }
  static Word choose(Word e, Word f, Word g) noexcept { return _mm512_ternarylogic_epi32(e, f, g, 0xCA); }
  static Word majority(Word a, Word b, Word c) noexcept { return _mm512_ternarylogic_epi32(a, b, c, 0xE8); }

  static Word swap_bytes(Word x) noexcept {
    const Word order =
        _mm512_broadcast_i32x4(_mm_setr_epi8(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12));
    return _mm512_shuffle_epi8(x, order);
  }

  // The first two of the three steps in which rows become columns: afterwards x[4 r + c] holds columns c, c +
  // 4, c + 8 and c + 12 of rows 4 r to 4 r + 3, each in 128 bits.
  template <std::size_t kRows>
  static void transpose_quads(Word* x) noexcept {
    Word pair[kRows];
    for (std::size_t i = 0; i < kRows; i += 2) {
      pair[i] = _mm512_unpacklo_epi32(x[i], x[i + 1]);
      pair[i + 1] = _mm512_unpackhi_epi32(x[i], x[i + 1]);
    }
    for (std::size_t i = 0; i < kRows; i += 4) {
      x[i] = _mm512_unpacklo_epi64(pair[i], pair[i + 2]);
      x[i + 1] = _mm512_unpackhi_epi64(pair[i], pair[i + 2]);
      x[i + 2] = _mm512_unpacklo_epi64(pair[i + 1], pair[i + 3]);
      x[i + 3] = _mm512_unpackhi_epi64(pair[i + 1], pair[i + 3]);
    }
  }

  // x[i][j] <-> x[j][i].
  static void transpose(Word* x) noexcept {
    transpose_quads<16>(x);
    for (int c = 0; c < 4; ++c) {
      const Word low01 = _mm512_shuffle_i32x4(x[c], x[c + 4], 0x44);
      const Word high01 = _mm512_shuffle_i32x4(x[c], x[c + 4], 0xEE);
      const Word low23 = _mm512_shuffle_i32x4(x[c + 8], x[c + 12], 0x44);
      const Word high23 = _mm512_shuffle_i32x4(x[c + 8], x[c + 12], 0xEE);
      x[c] = _mm512_shuffle_i32x4(low01, low23, 0x88);
      x[c + 4] = _mm512_shuffle_i32x4(low01, low23, 0xDD);
      x[c + 8] = _mm512_shuffle_i32x4(high01, high23, 0x88);
      x[c + 12] = _mm512_shuffle_i32x4(high01, high23, 0xDD);
    }
  }

  static void load_block(const HmacJob* const* jobs, std::size_t block, std::size_t blocks,
                         Word (&w)[16]) noexcept {
    const std::size_t begin = block * 64;
    alignas(64) std::uint32_t bits[16];
    alignas(64) std::uint32_t bits_high[16];
    for (std::size_t i = 0; i < 16; ++i) {
      const std::size_t size = jobs[i]->message.size();
      const char* message = jobs[i]->message.data();
      const std::uint64_t bit_size = (static_cast<std::uint64_t>(size) + 64) * 8;
      bits[i] = static_cast<std::uint32_t>(bit_size);
      bits_high[i] = static_cast<std::uint32_t>(bit_size >> 32);
      // Masked-out bytes are not accessed, so this neither reads past the message nor needs a copy of it.
      Word row;
      if (size >= begin + 64) {
        row = _mm512_loadu_si512(message + begin);
      } else if (size >= begin) {
        const std::size_t rest = size - begin;
        row = _mm512_mask_loadu_epi8(_mm512_loadu_si512(kMark + 63 - rest), (__mmask64{1} << rest) - 1, message + begin);
      } else {
        row = _mm512_setzero_si512();
      }
      w[i] = swap_bytes(row);
    }
    transpose(w);
    if (block + 1 == blocks) {
      w[14] = _mm512_load_si512(bits_high);
      w[15] = _mm512_load_si512(bits);
    }
  }

  // Messages that end with their mark within half a block.
  static constexpr std::size_t kHalfWords = 8;
  static bool fit_half(const HmacJob* const* jobs) noexcept {
    std::size_t sizes = 0;
    for (std::size_t i = 0; i < 16; ++i) sizes |= jobs[i]->message.size();
    return sizes < 32;
  }
  // The first half of their only block in w[0] to w[7], and w[15]. Half the shuffles of load_block().
  static void load_half_block(const HmacJob* const* jobs, Word (&w)[16]) noexcept {
    alignas(64) std::uint32_t bits[16];
    const auto half = [&](std::size_t lane) noexcept {
      const std::size_t size = jobs[lane]->message.size();
      bits[lane] = static_cast<std::uint32_t>((size + 64) * 8);
      const auto* mark = reinterpret_cast<const __m256i*>(kMark + 63 - size);
      const auto mask = static_cast<__mmask32>((std::uint32_t{1} << size) - 1);
      return _mm256_mask_loadu_epi8(_mm256_loadu_si256(mark), mask, jobs[lane]->message.data());
    };
    // Rows of two lanes: 0 and 4 to 3 and 7, then 8 and 12 to 11 and 15, so that in the end the lanes are in order.
    for (std::size_t i = 0; i < 8; ++i) {
      const std::size_t lane = i < 4 ? i : i + 4;
      w[i] = swap_bytes(_mm512_inserti64x4(_mm512_castsi256_si512(half(lane)), half(lane + 4), 1));
    }
    transpose_quads<8>(w);
    for (std::size_t c = 0; c < 4; ++c) {
      const Word low = w[c];
      const Word high = w[c + 4];
      w[c] = _mm512_shuffle_i32x4(low, high, 0x88);
      w[c + 4] = _mm512_shuffle_i32x4(low, high, 0xDD);
    }
    w[15] = _mm512_load_si512(bits);
  }

  static void store_macs(Word (&state)[8], const HmacJob* const* jobs) noexcept {
    transpose_quads<8>(state);
    const Word low = _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11);
    const Word high = _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15);
    for (std::size_t c = 0; c < 4; ++c) {
      const Word macs01 = swap_bytes(_mm512_permutex2var_epi64(state[c], low, state[c + 4]));
      const Word macs23 = swap_bytes(_mm512_permutex2var_epi64(state[c], high, state[c + 4]));
      store_half(jobs[c]->mac, _mm512_castsi512_si256(macs01));
      store_half(jobs[c + 4]->mac, _mm512_extracti64x4_epi64(macs01, 1));
      store_half(jobs[c + 8]->mac, _mm512_castsi512_si256(macs23));
      store_half(jobs[c + 12]->mac, _mm512_extracti64x4_epi64(macs23, 1));
    }
  }

  static void store_half(std::byte* out, __m256i x) noexcept {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), x);
  }
};

}  // namespace

void hmac_avx512_x16(const HmacState& state, const HmacJob* const* jobs, std::size_t blocks) noexcept {
  Sha256Lanes<SixteenLanes>::hmac(state, jobs, blocks);
}

}  // namespace pii::crypto
