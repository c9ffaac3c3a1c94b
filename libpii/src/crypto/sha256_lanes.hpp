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

// &HmacState::inner or &HmacState::outer.
using HalfState = std::uint32_t (HmacState::*)[8];

// Lanes has
//   Word                             the vector, one lane a message
//   set(x), add(a, b), choose(e, f, g), majority(a, b, c)
//   sum<p, q, r>(x)                  rotr(x, p) ^ rotr(x, q) ^ rotr(x, r), where p < q < r
//   sigma<p, q, r>(x)                rotr(x, p) ^ rotr(x, q) ^ shr(x, r)
//   load_block(jobs, block, blocks, w)   word i of every lane's padded block in w[i]
//   load_state(jobs, half, state), store_macs(state, jobs)
template <class Lanes>
struct Sha256Lanes {
  using Word = typename Lanes::Word;

  template <bool kScheduled, std::size_t J>
  [[gnu::always_inline]] static void round(Word (&s)[8], Word (&w)[16], const std::uint32_t* k) noexcept {
    if constexpr (kScheduled) {
      w[J] = Lanes::add(Lanes::add(w[J], Lanes::template sigma<7, 18, 3>(w[(J + 1) % 16])),
                        Lanes::add(w[(J + 9) % 16], Lanes::template sigma<17, 19, 10>(w[(J + 14) % 16])));
    }
    // The eight variables stand still and their names move round.
    Word& a = s[(0 - J) % 8];
    Word& b = s[(1 - J) % 8];
    Word& c = s[(2 - J) % 8];
    Word& d = s[(3 - J) % 8];
    Word& e = s[(4 - J) % 8];
    Word& f = s[(5 - J) % 8];
    Word& g = s[(6 - J) % 8];
    Word& h = s[(7 - J) % 8];
    const Word choice = Lanes::add(Lanes::add(h, Lanes::add(w[J], Lanes::set(k[J]))), Lanes::choose(e, f, g));
    const Word t1 = Lanes::add(choice, Lanes::template sum<6, 11, 25>(e));
    d = Lanes::add(d, t1);
    h = Lanes::add(t1, Lanes::add(Lanes::template sum<2, 13, 22>(a), Lanes::majority(a, b, c)));
  }

  template <bool kScheduled, std::size_t... J>
  [[gnu::always_inline]] static void sixteen_rounds(Word (&s)[8], Word (&w)[16], const std::uint32_t* k,
                                                    std::index_sequence<J...>) noexcept {
    (round<kScheduled, J>(s, w, k), ...);
  }

  [[gnu::always_inline]] static void compress(Word (&state)[8], Word (&w)[16]) noexcept {
    constexpr auto kSixteen = std::make_index_sequence<16>();
    Word s[8];
    for (std::size_t i = 0; i < 8; ++i) s[i] = state[i];
    sixteen_rounds<false>(s, w, kSha256Round, kSixteen);
    for (std::size_t r = 16; r < 64; r += 16) sixteen_rounds<true>(s, w, kSha256Round + r, kSixteen);
    for (std::size_t i = 0; i < 8; ++i) state[i] = Lanes::add(state[i], s[i]);
  }

  static void hmac(const HmacJob* const* jobs, std::size_t blocks) noexcept {
    Word state[8];
    Word w[16];
    Lanes::load_state(jobs, &HmacState::inner, state);
    for (std::size_t block = 0; block < blocks; ++block) {
      Lanes::load_block(jobs, block, blocks, w);
      compress(state, w);
    }
    for (std::size_t i = 0; i < 8; ++i) w[i] = state[i];
    w[8] = Lanes::set(0x80000000);
    for (std::size_t i = 9; i < 15; ++i) w[i] = Lanes::set(0);
    w[15] = Lanes::set((64 + 32) * 8);
    Lanes::load_state(jobs, &HmacState::outer, state);
    compress(state, w);
    Lanes::store_macs(state, jobs);
  }
};

}  // namespace pii::crypto
