#include <openssl/macros.h>

#include <algorithm>
#include <iterator>

#include "base/once.hpp"
#include "crypto/sha256.hpp"
#include "crypto/sha256_kernels.hpp"

#if defined(__x86_64__) && !defined(PII_PORTABLE_ONLY)
#include <cpuid.h>
#define PII_SHA256_X86 1
#else
#define PII_SHA256_X86 0
#endif

namespace pii::crypto {
namespace {

#if PII_SHA256_X86
// clang 14 does not know "sha" in __builtin_cpu_supports. The extension needs no state of its own from the
// system.
bool has_sha_extensions() noexcept {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  constexpr unsigned kSha = 1U << 29;
  return __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) != 0 && (ebx & kSha) != 0 &&
         __builtin_cpu_supports("sse4.1");
}
bool has_avx512() noexcept {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl");
}
#endif

template <class Kernel, std::size_t kCapacity>
struct KernelList {
  Kernel kernels[kCapacity];
  std::size_t count = 0;

  void add(bool available, Kernel kernel) noexcept {
    if (available) kernels[count++] = kernel;
  }
};

using CompressList = KernelList<CompressKernel, 3>;
using HmacList = KernelList<HmacKernel, 6>;

CompressList list_compress_kernels() noexcept {
  CompressList list;
  list.add(true, {"portable", compress_portable});
#ifndef OPENSSL_NO_DEPRECATED_3_0
  list.add(true, {"openssl", compress_openssl});
#endif
#if PII_SHA256_X86
  list.add(has_sha_extensions(), {"shani", compress_shani});
#endif
  return list;
}

// By rising number of lanes. The costs are nanoseconds measured with tests/bench/crypto_bench.cpp on a
// Granite Rapids core; only their ratios matter, and those of a Zen 5 core lead to the same choice.
HmacList list_hmac_kernels() noexcept {
  HmacList list;
  list.add(true, {"portable x1", 1, 330, hmac_portable_x1});
#ifndef OPENSSL_NO_DEPRECATED_3_0
  // Without SHA extensions; with them OpenSSL takes 115, and ours still less.
  list.add(true, {"openssl x1", 1, 300, hmac_openssl_x1});
#endif
#if PII_SHA256_X86
  list.add(has_sha_extensions(), {"shani x1", 1, 76, hmac_shani_x1});
  list.add(has_sha_extensions(), {"shani x2", 2, 126, hmac_shani_x2});
  list.add(__builtin_cpu_supports("avx2"), {"avx2 x8", 8, 800, hmac_avx2_x8});
  list.add(has_avx512(), {"avx512 x16", 16, 540, hmac_avx512_x16});
#endif
  return list;
}

// Sixteen messages of 0 to 55 bytes (one block), 56 to 119 (two) or 0 to 31 (half a block) under one key; the answer is the SHA-256
// of all MACs. It was computed with Python's hmac and hashlib.
struct KnownAnswer {
  std::size_t shortest;
  std::size_t range;
  Sha256Digest digest;
};
template <class... Byte>
constexpr Sha256Digest bytes(Byte... byte) noexcept {
  return {static_cast<std::byte>(byte)...};
}
constexpr std::size_t kKnownMessages = 16;
constexpr KnownAnswer kKnownAnswer[3] = {
    {0, 55,
     bytes(0xc7, 0xf7, 0xbd, 0xfd, 0x3f, 0xcc, 0x51, 0xc5, 0x6f, 0x6a, 0xbf, 0x35, 0xe6, 0x6f, 0x4f, 0xbb,
           0x89, 0xf4, 0xc9, 0xe3, 0x63, 0xc5, 0x86, 0xd5, 0x21, 0x1d, 0x6a, 0x65, 0xf4, 0x08, 0x31, 0xeb)},
    {56, 63,
     bytes(0xf1, 0xae, 0x27, 0x51, 0x9f, 0x7c, 0xc9, 0xfe, 0x96, 0xf5, 0xde, 0x94, 0xf0, 0xc7, 0x8e, 0x61,
           0x07, 0x98, 0xe9, 0xbc, 0x1f, 0xf1, 0xb6, 0x90, 0xee, 0x0c, 0x5f, 0x9a, 0xfd, 0x7b, 0x17, 0x9a)},
    {0, 31,
     bytes(0x5b, 0x91, 0x1b, 0xa5, 0x92, 0x7c, 0x6a, 0x36, 0x41, 0xe6, 0x99, 0x7e, 0x81, 0x71, 0x59, 0x7a,
           0x66, 0x62, 0xc1, 0xc2, 0x75, 0x68, 0x26, 0x22, 0x2d, 0xb3, 0xe0, 0x83, 0xe3, 0xe1, 0xed, 0x93)}};

}  // namespace

std::span<const CompressKernel> compress_kernels() noexcept {
  static const CompressList list = list_compress_kernels();
  return {list.kernels, list.count};
}

std::span<const HmacKernel> hmac_kernels() noexcept {
  static const HmacList list = list_hmac_kernels();
  return {list.kernels, list.count};
}

namespace {
bool gives(const HmacKernel& kernel, const KnownAnswer& known, std::size_t blocks) noexcept {
  std::byte key[32];
  for (std::size_t i = 0; i < sizeof(key); ++i) key[i] = static_cast<std::byte>(i);
  char message[128];
  for (std::size_t i = 0; i < sizeof(message); ++i) message[i] = static_cast<char>(7 * i + 3);

  HmacState state;
  hmac_prepare_with(compress_portable, key, state);
  std::byte macs[kKnownMessages * kMacSize];
  HmacJob jobs[kKnownMessages];
  const HmacJob* lanes[kKnownMessages];
  for (std::size_t i = 0; i < kKnownMessages; ++i) {
    const std::size_t size = known.shortest + i * known.range / (kKnownMessages - 1);
    jobs[i] = {{message, size}, macs + i * kMacSize};
    lanes[i] = &jobs[i];
  }
  for (std::size_t i = 0; i < kKnownMessages; i += kernel.lanes) kernel.run(state, lanes + i, blocks);
  Sha256 hash(compress_portable);
  hash.update(macs);
  return hash.finish() == known.digest;
}
}  // namespace

bool passes_known_answer(const HmacKernel& kernel, std::size_t blocks) noexcept {
  return gives(kernel, kKnownAnswer[blocks - 1], blocks) && (blocks != 1 || gives(kernel, kKnownAnswer[2], 1));
}

bool passes_known_answer(const CompressKernel& kernel) noexcept {
  // FIPS 180-4 example: "abc".
  constexpr Sha256Digest kDigest =
      bytes(0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23,
            0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad);
  constexpr std::byte kMessage[] = {std::byte{'a'}, std::byte{'b'}, std::byte{'c'}};
  Sha256 hash(kernel.run);
  hash.update(kMessage);
  return hash.finish() == kDigest;
}

Sha256Dispatch choose_sha256(std::span<const CompressKernel> compress,
                             std::span<const HmacKernel> hmac) noexcept {
  Sha256Dispatch chosen{compress[0], hmac[0], {}, 0};
  for (const CompressKernel& kernel : compress.subspan(1)) {
    if (passes_known_answer(kernel)) chosen.compress = kernel;
  }
  for (const HmacKernel& kernel : hmac.subspan(1)) {
    if (kernel.lanes == 1 && kernel.cost < chosen.one.cost && passes_known_answer(kernel, 1))
      chosen.one = kernel;
  }
  // A wider kernel earns its place by a lower cost per message, and runs from the count at which it beats the
  // one below.
  HmacKernel below = chosen.one;
  for (const HmacKernel& kernel : hmac) {
    if (kernel.lanes <= below.lanes || kernel.cost * below.lanes >= below.cost * kernel.lanes) continue;
    if (chosen.tier_count == std::size(chosen.tiers) || !passes_known_answer(kernel, 1)) continue;
    chosen.tiers[chosen.tier_count++] = {kernel, kernel.cost * below.lanes / below.cost + 1};
    below = kernel;
  }
  std::reverse(chosen.tiers, chosen.tiers + chosen.tier_count);
  return chosen;
}

const Sha256Dispatch& sha256_dispatch() noexcept {
  static constinit base::Once<const Sha256Dispatch*> chosen;
  static constinit Sha256Dispatch place{};  // so that nothing is allocated
  return *chosen.get([] {
    place = choose_sha256(compress_kernels(), hmac_kernels());
    return &place;
  });
}

}  // namespace pii::crypto
