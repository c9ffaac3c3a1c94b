#include <cstring>

#include "crypto/sha256_block.hpp"
#include "crypto/sha256_constants.hpp"
#include "crypto/sha256_kernels.hpp"
#include "crypto/sha256_lanes.hpp"

namespace pii::crypto {
namespace {

// The lanes' round functions serve plain words and, where the compiler has vectors, four words at a time.
template <class W>
struct PortableWords {
  using Word = W;

  static Word add(Word a, Word b) noexcept { return a + b; }
  template <int n>
  static Word rotate(Word x) noexcept {
    return (x >> n) | (x << (32 - n));
  }
  template <int p, int q, int r>
  static Word sum(Word x) noexcept {
    return rotate<p>(x) ^ rotate<q>(x) ^ rotate<r>(x);
  }
  template <int p, int q, int r>
  static Word sigma(Word x) noexcept {
    return rotate<p>(x) ^ rotate<q>(x) ^ (x >> r);
  }
  static Word choose(Word e, Word f, Word g) noexcept { return g ^ (e & (f ^ g)); }
  static Word majority(Word a, Word b, Word c) noexcept { return b ^ ((a ^ b) & (b ^ c)); }
};

struct OneLane : PortableWords<std::uint32_t> {
  static Word set(std::uint32_t x) noexcept { return x; }
  // Rotations of rotations: they need fewer copies of x, which pays where a rotation is one instruction.
  template <int p, int q, int r>
  static Word sum(Word x) noexcept {
    return rotate<p>(x ^ rotate<q - p>(x ^ rotate<r - q>(x)));
  }
  static void load_block(const HmacJob* const* jobs, std::size_t block, std::size_t blocks,
                         Word (&w)[16]) noexcept {
    std::byte staged[64];
    stage_block(*jobs[0], block, blocks, staged);
    load_words(staged, w);
  }
  static void load_words(const std::byte* block, Word (&w)[16]) noexcept {
    for (std::size_t i = 0; i < 16; ++i) w[i] = load_be32(block + 4 * i);
  }
  static void store_macs(const Word (&state)[8], const HmacJob* const* jobs) noexcept {
    for (std::size_t i = 0; i < 8; ++i) store_be32(jobs[0]->mac + 4 * i, state[i]);
  }
};

using FourWords [[gnu::vector_size(16)]] = std::uint32_t;

struct FourLanes : PortableWords<FourWords> {
  static Word set(std::uint32_t x) noexcept { return Word{x, x, x, x}; }
  static void load_block(const HmacJob* const* jobs, std::size_t block, std::size_t blocks,
                         Word (&w)[16]) noexcept {
    std::byte staged[4][64];
    for (std::size_t lane = 0; lane < 4; ++lane) stage_block(*jobs[lane], block, blocks, staged[lane]);
    for (std::size_t i = 0; i < 16; ++i) {
      w[i] = Word{load_be32(&staged[0][4 * i]), load_be32(&staged[1][4 * i]), load_be32(&staged[2][4 * i]),
                  load_be32(&staged[3][4 * i])};
    }
  }
  static void store_macs(const Word (&state)[8], const HmacJob* const* jobs) noexcept {
    for (std::size_t lane = 0; lane < 4; ++lane) {
      for (std::size_t i = 0; i < 8; ++i) store_be32(jobs[lane]->mac + 4 * i, state[i][lane]);
    }
  }
};

}  // namespace

void compress_portable(std::uint32_t* state, const std::byte* blocks, std::size_t count) noexcept {
  std::uint32_t s[8];
  std::uint32_t w[16];
  std::memcpy(s, state, sizeof(s));
  for (; count != 0; --count, blocks += 64) {
    OneLane::load_words(blocks, w);
    Sha256Lanes<OneLane>::compress(s, w);
  }
  std::memcpy(state, s, sizeof(s));
}

void hmac_portable_x1(const HmacState& state, const HmacJob* const* jobs, std::size_t blocks) noexcept {
  Sha256Lanes<OneLane>::hmac(state, jobs, blocks);
}

void hmac_portable_x4(const HmacState& state, const HmacJob* const* jobs, std::size_t blocks) noexcept {
  Sha256Lanes<FourLanes>::hmac(state, jobs, blocks);
}

}  // namespace pii::crypto
