#ifndef OPENSSL_SUPPRESS_DEPRECATED
#define OPENSSL_SUPPRESS_DEPRECATED  // SHA256_Transform(): EVP cannot go on from a state that lies in memory of ours
#endif
#include <openssl/sha.h>

#include <cstring>

#include "base/traces.hpp"
#include "crypto/big_endian.hpp"
#include "crypto/sha256_block.hpp"
#include "crypto/sha256_kernels.hpp"
#include "crypto/sha256_lanes.hpp"

namespace pii::crypto {
namespace {

struct OneLane {
  using Word = std::uint32_t;

  static Word set(std::uint32_t x) noexcept { return x; }
  static Word add(Word a, Word b) noexcept { return a + b; }
  template <int n>
  static Word rotate(Word x) noexcept {
    return (x >> n) | (x << (32 - n));
  }
  // Rotations of rotations: they need fewer copies of x.
  template <int p, int q, int r>
  static Word sum(Word x) noexcept {
    return rotate<p>(x ^ rotate<q - p>(x ^ rotate<r - q>(x)));
  }
  template <int p, int q, int r>
  static Word sigma(Word x) noexcept {
    return rotate<p>(x) ^ rotate<q>(x) ^ (x >> r);
  }
  static Word choose(Word e, Word f, Word g) noexcept { return g ^ (e & (f ^ g)); }
  static Word majority(Word a, Word b, Word c) noexcept { return b ^ ((a ^ b) & (b ^ c)); }
};

template <CompressFunction compress>
void hmac(const HmacState& state, const HmacJob& job, std::size_t blocks) noexcept {
  std::uint32_t digest[8];
  alignas(16) std::byte block[64];
  std::memcpy(digest, state.inner, sizeof(digest));
  for (std::size_t i = 0; i < blocks; ++i) {
    stage_block(job, i, blocks, block);
    compress(digest, block, 1);
  }
  stage_digest(digest, block);
  std::memcpy(digest, state.outer, sizeof(digest));
  compress(digest, block, 1);
  store_digest(digest, job.mac);
}

}  // namespace

void compress_portable(std::uint32_t* state, const std::byte* blocks, std::size_t count) noexcept {
  std::uint32_t s[8];
  std::uint32_t w[16];
  std::memcpy(s, state, sizeof(s));
  for (; count != 0; --count, blocks += 64) {
    for (std::size_t i = 0; i < 16; ++i) w[i] = load_be32(blocks + 4 * i);
    Sha256Lanes<OneLane>::compress(s, w);
  }
  std::memcpy(state, s, sizeof(s));
}

void hmac_portable_x1(const HmacState& state, const HmacJob* const* jobs, std::size_t blocks) noexcept {
  hmac<compress_portable>(state, *jobs[0], blocks);
}

#ifndef OPENSSL_NO_DEPRECATED_3_0
void compress_openssl(std::uint32_t* state, const std::byte* blocks, std::size_t count) noexcept {
  SHA256_CTX context;
  static_assert(sizeof(context.h) == sizeof(HmacState::inner));
  std::memcpy(context.h, state, sizeof(context.h));
  for (; count != 0; --count, blocks += 64) {
    SHA256_Transform(&context, reinterpret_cast<const unsigned char*>(blocks));
  }
  std::memcpy(state, context.h, sizeof(context.h));
}

void hmac_openssl_x1(const HmacState& state, const HmacJob* const* jobs, std::size_t blocks) noexcept {
  hmac<compress_openssl>(state, *jobs[0], blocks);
  // OpenSSL's code for AVX2 lays a block's words and constants down as far as 2 KiB below, and leaves them there.
  base::clear_stack_below<2560>();
}
#endif

}  // namespace pii::crypto
