// Compiled for AVX2; see sha256_kernels.hpp.
#include <immintrin.h>

#include "crypto/sha256_block.hpp"
#include "crypto/sha256_kernels.hpp"
#include "crypto/sha256_lanes.hpp"

namespace pii::crypto {
namespace {

struct EightLanes {
  using Word = __m256i;

  static Word set(std::uint32_t x) noexcept { return _mm256_set1_epi32(static_cast<int>(x)); }
  static Word add(Word a, Word b) noexcept { return _mm256_add_epi32(a, b); }
  template <int n>
  static Word rotate(Word x) noexcept {
    return _mm256_or_si256(_mm256_srli_epi32(x, n), _mm256_slli_epi32(x, 32 - n));
  }
  template <int p, int q, int r>
  static Word sum(Word x) noexcept {
    return _mm256_xor_si256(_mm256_xor_si256(rotate<p>(x), rotate<q>(x)), rotate<r>(x));
  }
  template <int p, int q, int r>
  static Word sigma(Word x) noexcept {
    return _mm256_xor_si256(_mm256_xor_si256(rotate<p>(x), rotate<q>(x)), _mm256_srli_epi32(x, r));
  }
  static Word choose(Word e, Word f, Word g) noexcept {
    return _mm256_xor_si256(g, _mm256_and_si256(e, _mm256_xor_si256(f, g)));
  }
  static Word majority(Word a, Word b, Word c) noexcept {
    return _mm256_xor_si256(b, _mm256_and_si256(_mm256_xor_si256(a, b), _mm256_xor_si256(b, c)));
  }

  static Word swap_bytes(Word x) noexcept {
    const Word order = _mm256_setr_epi8(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12, 3, 2, 1, 0, 7,
                                        6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
    return _mm256_shuffle_epi8(x, order);
  }

  static Word load(const void* in) noexcept { return _mm256_loadu_si256(static_cast<const __m256i*>(in)); }

  // Rows become columns: x[i][j] <-> x[j][i].
  static void transpose(Word* x) noexcept {
    Word pair[8];
    for (int i = 0; i < 8; i += 2) {
      pair[i] = _mm256_unpacklo_epi32(x[i], x[i + 1]);
      pair[i + 1] = _mm256_unpackhi_epi32(x[i], x[i + 1]);
    }
    Word quad[8];
    for (int i = 0; i < 8; i += 4) {
      quad[i] = _mm256_unpacklo_epi64(pair[i], pair[i + 2]);
      quad[i + 1] = _mm256_unpackhi_epi64(pair[i], pair[i + 2]);
      quad[i + 2] = _mm256_unpacklo_epi64(pair[i + 1], pair[i + 3]);
      quad[i + 3] = _mm256_unpackhi_epi64(pair[i + 1], pair[i + 3]);
    }
    for (int i = 0; i < 4; ++i) {
      x[i] = _mm256_permute2x128_si256(quad[i], quad[i + 4], 0x20);
      x[i + 4] = _mm256_permute2x128_si256(quad[i], quad[i + 4], 0x31);
    }
  }

  static void load_block(const HmacJob* const* jobs, std::size_t block, std::size_t blocks,
                         Word (&w)[16]) noexcept {
    for (std::size_t lane = 0; lane < 8; ++lane) {
      alignas(32) std::byte staged[64];
      stage_block(*jobs[lane], block, blocks, staged);
      w[lane] = swap_bytes(load(staged));
      w[lane + 8] = swap_bytes(load(staged + 32));
    }
    transpose(w);
    transpose(w + 8);
  }
  static void store_macs(Word (&state)[8], const HmacJob* const* jobs) noexcept {
    transpose(state);
    for (std::size_t lane = 0; lane < 8; ++lane) {
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(jobs[lane]->mac), swap_bytes(state[lane]));
    }
  }
};

}  // namespace

void hmac_avx2_x8(const HmacState& state, const HmacJob* const* jobs, std::size_t blocks) noexcept {
  Sha256Lanes<EightLanes>::hmac(state, jobs, blocks);
}

}  // namespace pii::crypto
