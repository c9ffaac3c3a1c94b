// Compiled for the SHA extensions and SSE 4.1; see sha256_kernels.hpp.
#include <immintrin.h>

#include <cstring>
#include <utility>

#include "crypto/sha256_constants.hpp"
#include "crypto/sha256_kernels.hpp"

namespace pii::crypto {
namespace {

// sha256rnds2 keeps the eight variables as (F, E, B, A) and (H, G, D, C).
struct Variables {
  __m128i abef;
  __m128i cdgh;
};

// The words of a state in order.
struct Words {
  __m128i abcd;
  __m128i efgh;
};

[[gnu::always_inline]] inline __m128i load(const void* in) noexcept {
  return _mm_loadu_si128(static_cast<const __m128i*>(in));
}

[[gnu::always_inline]] inline void store(void* out, __m128i x) noexcept {
  _mm_storeu_si128(static_cast<__m128i*>(out), x);
}

[[gnu::always_inline]] inline __m128i swap_bytes(__m128i x) noexcept {
  return _mm_shuffle_epi8(x, _mm_setr_epi8(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12));
}

[[gnu::always_inline]] inline Variables load_variables(const std::uint32_t* state) noexcept {
  const __m128i badc = _mm_shuffle_epi32(load(state), 0xB1);
  const __m128i hgfe = _mm_shuffle_epi32(load(state + 4), 0x1B);
  return {_mm_alignr_epi8(badc, hgfe, 8), _mm_blend_epi16(hgfe, badc, 0xF0)};
}

[[gnu::always_inline]] inline Words to_words(const Variables& v) noexcept {
  const __m128i abef = _mm_shuffle_epi32(v.abef, 0x1B);
  const __m128i ghcd = _mm_shuffle_epi32(v.cdgh, 0xB1);
  return {_mm_blend_epi16(abef, ghcd, 0xF0), _mm_alignr_epi8(ghcd, abef, 8)};
}

// Loading at kMark + 15 - n puts the mark that ends a message at byte n.
alignas(32) constexpr unsigned char kMark[31] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80};

// As an order for pshufb, loading at kDown + 16 - n moves the last n bytes to the front and zeros the others.
alignas(32) constexpr unsigned char kDown[32] = {
    0,    1,    2,    3,    4,    5,    6,    7,    8,    9,    10,   11,   12,   13,   14,   15,
    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};

// `size` < 16 bytes and zeros behind them.
[[gnu::always_inline]] inline __m128i load_short(const char* in, std::size_t size) noexcept {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  if (size > 8) {
    std::memcpy(&low, in, 8);
    std::memcpy(&high, in + size - 8, 8);
    high >>= 8 * (16 - size);
  } else if (size >= 4) {
    std::uint32_t first;
    std::uint32_t last;
    std::memcpy(&first, in, 4);
    std::memcpy(&last, in + size - 4, 4);
    low = first | std::uint64_t{last} << (8 * (size - 4));
  } else if (size != 0) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(in);
    low = std::uint64_t{bytes[0]} | std::uint64_t{bytes[size / 2]} << (8 * (size / 2)) |
          std::uint64_t{bytes[size - 1]} << (8 * (size - 1));
  }
  return _mm_set_epi64x(static_cast<long long>(high), static_cast<long long>(low));
}

// Block `index` of the padded message, without a copy in memory: a vector that is loaded soon after narrower
// stores to the same place waits for them, which would cost a quarter of the hash.
[[gnu::always_inline]] inline void load_block(const HmacJob& job, std::size_t index, std::size_t blocks,
                                              __m128i (&w)[4]) noexcept {
  const std::size_t size = job.message.size();
  const char* message = job.message.data();
  const std::size_t begin = index * 64;
  for (std::size_t i = 0; i < 4; ++i) {
    const std::size_t at = begin + 16 * i;
    if (at + 16 <= size) {
      w[i] = load(message + at);
    } else if (at <= size) {
      const std::size_t rest = size - at;
      if (size < 16) {
        w[i] = load_short(message, rest);
      } else {
        w[i] = _mm_shuffle_epi8(load(message + size - 16), load(kDown + 16 - rest));
      }
      w[i] = _mm_or_si128(w[i], load(kMark + 15 - rest));
    } else {
      w[i] = _mm_setzero_si128();
    }
    w[i] = swap_bytes(w[i]);
  }
  if (index + 1 == blocks) {
    const std::uint64_t bits = (static_cast<std::uint64_t>(size) + 64) * 8;
    w[3] = _mm_or_si128(w[3], _mm_set_epi64x(static_cast<long long>(bits << 32 | bits >> 32), 0));
  }
}

// Rounds 4 i to 4 i + 3 of kStreams messages, whose dependency chains hide each other's latency. w is a ring
// of the last 16 words.
template <std::size_t kStreams, std::size_t i>
[[gnu::always_inline]] inline void four_rounds(Variables (&v)[kStreams], __m128i (&w)[kStreams][4]) noexcept {
  const __m128i k = _mm_load_si128(reinterpret_cast<const __m128i*>(kSha256Round + 4 * i));
  for (std::size_t s = 0; s < kStreams; ++s) {
    if constexpr (i >= 4) {
      const __m128i last = w[s][(i + 3) % 4];
      const __m128i w9 = _mm_alignr_epi8(last, w[s][(i + 2) % 4], 4);
      const __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(w[s][i % 4], w[s][(i + 1) % 4]), w9);
      w[s][i % 4] = _mm_sha256msg2_epu32(sum, last);
    }
    const __m128i wk = _mm_add_epi32(w[s][i % 4], k);
    v[s].cdgh = _mm_sha256rnds2_epu32(v[s].cdgh, v[s].abef, wk);
    v[s].abef = _mm_sha256rnds2_epu32(v[s].abef, v[s].cdgh, _mm_shuffle_epi32(wk, 0x0E));
  }
}

template <std::size_t kStreams, std::size_t... i>
[[gnu::always_inline]] inline void all_rounds(Variables (&v)[kStreams], __m128i (&w)[kStreams][4],
                                              std::index_sequence<i...>) noexcept {
  (four_rounds<kStreams, i>(v, w), ...);
}

template <std::size_t kStreams>
[[gnu::always_inline]] inline void compress(Variables (&state)[kStreams],
                                            __m128i (&w)[kStreams][4]) noexcept {
  Variables v[kStreams];
  for (std::size_t s = 0; s < kStreams; ++s) v[s] = state[s];
  all_rounds(v, w, std::make_index_sequence<16>());
  for (std::size_t s = 0; s < kStreams; ++s) {
    state[s].abef = _mm_add_epi32(state[s].abef, v[s].abef);
    state[s].cdgh = _mm_add_epi32(state[s].cdgh, v[s].cdgh);
  }
}

template <std::size_t kStreams>
[[gnu::always_inline]] inline void hmac(const HmacState& state, const HmacJob* const* jobs, std::size_t blocks) noexcept {
  Variables v[kStreams];
  __m128i w[kStreams][4];
  for (std::size_t s = 0; s < kStreams; ++s) v[s] = load_variables(state.inner);
  for (std::size_t block = 0; block < blocks; ++block) {
    for (std::size_t s = 0; s < kStreams; ++s) load_block(*jobs[s], block, blocks, w[s]);
    compress(v, w);
  }
  for (std::size_t s = 0; s < kStreams; ++s) {
    const Words digest = to_words(v[s]);
    w[s][0] = digest.abcd;
    w[s][1] = digest.efgh;
    w[s][2] = _mm_setr_epi32(static_cast<int>(0x80000000), 0, 0, 0);
    w[s][3] = _mm_setr_epi32(0, 0, 0, (64 + 32) * 8);
    v[s] = load_variables(state.outer);
  }
  compress(v, w);
  for (std::size_t s = 0; s < kStreams; ++s) {
    const Words mac = to_words(v[s]);
    store(jobs[s]->mac, swap_bytes(mac.abcd));
    store(jobs[s]->mac + 16, swap_bytes(mac.efgh));
  }
}

}  // namespace

void compress_shani(std::uint32_t* state, const std::byte* blocks, std::size_t count) noexcept {
  Variables v[1] = {load_variables(state)};
  for (; count != 0; --count, blocks += 64) {
    __m128i w[1][4];
    for (std::size_t i = 0; i < 4; ++i) w[0][i] = swap_bytes(load(blocks + 16 * i));
    compress(v, w);
  }
  const Words words = to_words(v[0]);
  store(state, words.abcd);
  store(state + 4, words.efgh);
}

void hmac_shani_x1(const HmacState& state, const HmacJob* const* jobs, std::size_t blocks) noexcept {
  hmac<1>(state, jobs, blocks);
}

void hmac_shani_x2(const HmacState& state, const HmacJob* const* jobs, std::size_t blocks) noexcept {
  hmac<2>(state, jobs, blocks);
}

}  // namespace pii::crypto
