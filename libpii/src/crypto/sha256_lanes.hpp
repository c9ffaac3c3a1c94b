#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "crypto/sha256_constants.hpp"
#include "crypto/sha256_kernels.hpp"

// SHA-256 of several messages side by side, word i of every message in one vector. `Lanes` describes the
// vector; each instruction set instantiates this in a source file of its own with a type of internal linkage,
// so nothing compiled for one instruction set can be linked into another's path.
namespace pii::crypto {

// What is known of a block when a compression is compiled. Words that are 0 or constant take no part in the schedule.
struct BlockShape {
  bool fixed[16] = {};
  std::uint32_t value[16] = {};

  constexpr bool is_fixed(std::size_t i) const { return i < 16 && fixed[i]; }
  constexpr std::uint32_t value_of(std::size_t i) const { return is_fixed(i) ? value[i] : 0; }
  constexpr void fix(std::size_t i, std::uint32_t word) {
    fixed[i] = true;
    value[i] = word;
  }
};

inline constexpr BlockShape kAnyBlock;

/// A message and its mark in the first `words` words, and nothing more but the length in the last one.
constexpr BlockShape short_block(std::size_t words) {
  BlockShape shape;
  for (std::size_t i = words; i < 15; ++i) shape.fix(i, 0);
  return shape;
}

/// The block of HMAC's outer hash: a digest and its padding.
constexpr BlockShape digest_block() {
  BlockShape shape = short_block(8);
  shape.fix(8, 0x80000000);
  shape.fix(15, (64 + 32) * 8);
  return shape;
}

// Lanes has
//   Word                             the vector, one lane a message
//   set(x), add(a, b), choose(e, f, g), majority(a, b, c)
//   sum<p, q, r>(x)                  rotr(x, p) ^ rotr(x, q) ^ rotr(x, r), where p < q < r
//   sigma<p, q, r>(x)                rotr(x, p) ^ rotr(x, q) ^ shr(x, r)
//   load_block(jobs, block, blocks, w)   word i of every lane's padded block in w[i]
//   store_macs(digest, jobs)
// and, where rounds are so short that code for each shape of block still fits the caches, kHalfWords, fit_half(jobs) and
// load_half_block(jobs, w) for short messages. compress() alone needs no load_block and store_macs.
template <class Lanes>
struct Sha256Lanes {
  using Word = typename Lanes::Word;
  using State = std::uint32_t[8];

  static constexpr std::uint32_t rotate(std::uint32_t x, int n) { return x >> n | x << (32 - n); }
  static constexpr std::uint32_t sigma0(std::uint32_t x) { return rotate(x, 7) ^ rotate(x, 18) ^ x >> 3; }
  static constexpr std::uint32_t sigma1(std::uint32_t x) { return rotate(x, 17) ^ rotate(x, 19) ^ x >> 10; }

  // Word kIndex >= 16 of the schedule, in the place of word kIndex - 16.
  template <BlockShape kShape, std::size_t kIndex>
  [[gnu::always_inline]] static void schedule(Word (&w)[16]) noexcept {
    constexpr std::uint32_t kFixed = kShape.value_of(kIndex - 16) + sigma0(kShape.value_of(kIndex - 15)) +
                                     kShape.value_of(kIndex - 7) + sigma1(kShape.value_of(kIndex - 2));
    Word sum = Lanes::set(kFixed);  // the compiler leaves out what adds 0
    if constexpr (!kShape.is_fixed(kIndex - 16)) sum = Lanes::add(sum, w[kIndex % 16]);
    if constexpr (!kShape.is_fixed(kIndex - 7)) sum = Lanes::add(sum, w[(kIndex - 7) % 16]);
    if constexpr (!kShape.is_fixed(kIndex - 15)) {
      sum = Lanes::add(sum, Lanes::template sigma<7, 18, 3>(w[(kIndex - 15) % 16]));
    }
    if constexpr (!kShape.is_fixed(kIndex - 2)) {
      sum = Lanes::add(sum, Lanes::template sigma<17, 19, 10>(w[(kIndex - 2) % 16]));
    }
    w[kIndex % 16] = sum;
  }

  // Round kIndex without its word: `t` is h, the constant and the word. The eight variables stand still and their names move
  // round.
  template <std::size_t kIndex>
  [[gnu::always_inline]] static void mix(Word (&s)[8], Word t) noexcept {
    Word& a = s[(0 - kIndex) % 8];
    Word& b = s[(1 - kIndex) % 8];
    Word& c = s[(2 - kIndex) % 8];
    Word& d = s[(3 - kIndex) % 8];
    Word& e = s[(4 - kIndex) % 8];
    Word& f = s[(5 - kIndex) % 8];
    Word& g = s[(6 - kIndex) % 8];
    Word& h = s[(7 - kIndex) % 8];
    t = Lanes::add(Lanes::add(t, Lanes::choose(e, f, g)), Lanes::template sum<6, 11, 25>(e));
    d = Lanes::add(d, t);
    h = Lanes::add(t, Lanes::add(Lanes::template sum<2, 13, 22>(a), Lanes::majority(a, b, c)));
  }

  template <BlockShape kShape, std::size_t kIndex>
  [[gnu::always_inline]] static void round(Word (&s)[8], Word (&w)[16], const std::uint32_t* k) noexcept {
    if constexpr (kIndex >= 16) schedule<kShape, kIndex>(w);
    const Word h = s[(7 - kIndex) % 8];
    if constexpr (kShape.is_fixed(kIndex)) {
      constexpr std::uint32_t kWord = kShape.value_of(kIndex);
      mix<kIndex>(s, Lanes::add(h, Lanes::set(kWord == 0 ? k[kIndex] : kSha256Round[kIndex] + kWord)));
    } else {
      mix<kIndex>(s, Lanes::add(h, Lanes::add(w[kIndex % 16], Lanes::set(k[kIndex]))));
    }
  }

  template <BlockShape kShape, std::size_t kFirst, std::size_t... kIndex>
  [[gnu::always_inline]] static void rounds(Word (&s)[8], Word (&w)[16], const std::uint32_t* k,
                                            std::index_sequence<kIndex...>) noexcept {
    (round<kShape, kFirst + kIndex>(s, w, k), ...);
  }

  // Rounds `first` to 63, 16 at a time, whose words are known of no block.
  [[gnu::always_inline]] static void last_rounds(std::size_t first, Word (&s)[8], Word (&w)[16],
                                                 const std::uint32_t* k) noexcept {
    for (std::size_t r = first; r < 64; r += 16) rounds<kAnyBlock, 16>(s, w, k + r - 16, std::make_index_sequence<16>());
  }

  [[gnu::always_inline]] static void compress(Word (&state)[8], Word (&w)[16]) noexcept {
    Word s[8];
    for (std::size_t i = 0; i < 8; ++i) s[i] = state[i];
    rounds<kAnyBlock, 0>(s, w, kSha256Round, std::make_index_sequence<16>());
    last_rounds(16, s, w, kSha256Round);
    for (std::size_t i = 0; i < 8; ++i) state[i] = Lanes::add(state[i], s[i]);
  }

  static constexpr std::uint32_t sum_of(std::uint32_t x, int p, int q, int r) {
    return rotate(x, p) ^ rotate(x, q) ^ rotate(x, r);
  }

  // Compresses one block from a state that all lanes share.
  template <BlockShape kShape>
  [[gnu::always_inline]] static void compress_from(const State& state, Word (&w)[16], Word (&out)[8]) noexcept {
    if constexpr (requires { Lanes::kHalfWords; }) {
      compress_shape<kShape>(state, w, out);
    } else {
      for (std::size_t i = 0; i < 16; ++i) {
        if (kShape.is_fixed(i)) w[i] = Lanes::set(kShape.value_of(i));
      }
      for (std::size_t i = 0; i < 8; ++i) out[i] = Lanes::set(state[i]);
      compress(out, w);
    }
  }

  // But for its word round 0 is the same in every lane, and h is a constant as long as it comes from the state.
  template <BlockShape kShape>
  [[gnu::always_inline]] static void compress_shape(const State& state, Word (&w)[16], Word (&out)[8]) noexcept {
    const auto& [a, b, c, d, e, f, g, h] = state;
    const std::uint32_t t = h + kSha256Round[0] + sum_of(e, 6, 11, 25) + (g ^ (e & (f ^ g)));
    const std::uint32_t next_a = t + sum_of(a, 2, 13, 22) + (b ^ ((a ^ b) & (b ^ c)));
    Word s[8];
    for (std::size_t i = 0; i < 7; ++i) s[i] = Lanes::set(state[i]);
    s[3] = Lanes::add(w[0], Lanes::set(d + t));
    s[7] = Lanes::add(w[0], Lanes::set(next_a));
    mix<1>(s, Lanes::add(w[1], Lanes::set(kSha256Round[1] + g)));
    mix<2>(s, Lanes::add(w[2], Lanes::set(kSha256Round[2] + f)));
    mix<3>(s, Lanes::add(w[3], Lanes::set(kSha256Round[3] + e)));
    const std::uint32_t* k = kSha256Round;
    // Otherwise the compiler, which knows the table, moves constants through registers and takes a vector port for each.
    __asm__("" : "+r"(k));
    rounds<kShape, 4>(s, w, k, std::make_index_sequence<28>());
    last_rounds(32, s, w, k);
    for (std::size_t i = 0; i < 8; ++i) out[i] = Lanes::add(Lanes::set(state[i]), s[i]);
  }

  [[gnu::always_inline]] static void compress_only_block(const HmacState& state, const HmacJob* const* jobs, Word (&w)[16],
                                                         Word (&digest)[8]) noexcept {
    if constexpr (requires { Lanes::kHalfWords; }) {
      if (Lanes::fit_half(jobs)) {
        Lanes::load_half_block(jobs, w);
        compress_from<short_block(Lanes::kHalfWords)>(state.inner, w, digest);
        return;
      }
    }
    Lanes::load_block(jobs, 0, 1, w);
    compress_from<short_block(14)>(state.inner, w, digest);
  }

  static void hmac(const HmacState& state, const HmacJob* const* jobs, std::size_t blocks) noexcept {
    Word w[16];
    Word digest[8];
    if (blocks == 1) {
      compress_only_block(state, jobs, w, digest);
    } else {
      for (std::size_t i = 0; i < 8; ++i) digest[i] = Lanes::set(state.inner[i]);
      for (std::size_t block = 0; block < blocks; ++block) {
        Lanes::load_block(jobs, block, blocks, w);
        compress(digest, w);
      }
    }
    for (std::size_t i = 0; i < 8; ++i) w[i] = digest[i];
    compress_from<digest_block()>(state.outer, w, digest);
    Lanes::store_macs(digest, jobs);
  }
};

}  // namespace pii::crypto
