#include "crypto/aes_block.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <cstring>
#include <memory>

#include "base/best_of.hpp"
#include "base/once.hpp"
#include "base/traces.hpp"
#include "pii/secret.hpp"

#if defined(__x86_64__) && !defined(PII_PORTABLE_ONLY)
#define PII_AES_X86 1
#else
#define PII_AES_X86 0
#endif

namespace pii::crypto {
namespace {

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

unsigned char* raw(std::byte* data) noexcept { return reinterpret_cast<unsigned char*>(data); }
const unsigned char* raw(const std::byte* data) noexcept {
  return reinterpret_cast<const unsigned char*>(data);
}

Context make_keyed(std::span<const std::byte, kAes256KeySize> key) noexcept {
  static constinit base::Once<const EVP_CIPHER*> fetched;
  const EVP_CIPHER* const cipher = fetched.get([] { return EVP_CIPHER_fetch(nullptr, "AES-256-ECB", nullptr); });
  Context context(EVP_CIPHER_CTX_new());
  if (cipher == nullptr || context == nullptr ||
      EVP_EncryptInit_ex2(context.get(), cipher, raw(key.data()), nullptr, nullptr) != 1 ||
      EVP_CIPHER_CTX_set_padding(context.get(), 0) != 1) {
    return nullptr;
  }
  return context;
}

// The kept context is shared by threads, so each call works on a copy.
bool openssl_encrypt_two(const EVP_CIPHER_CTX* keyed, const std::byte* blocks, std::byte* out) noexcept {
  constexpr int kSize = 2 * kAesBlockSize;
  ERR_set_mark();
  const Context context(EVP_CIPHER_CTX_new());
  int written = 0;
  const bool done = context != nullptr && EVP_CIPHER_CTX_copy(context.get(), keyed) == 1 &&
                    EVP_EncryptUpdate(context.get(), raw(out), &written, raw(blocks), kSize) == 1 &&
                    written == kSize;
  ERR_pop_to_mark();
  return done;
}

bool has_aesni() noexcept {
#if PII_AES_X86
  return __builtin_cpu_supports("aes");
#else
  return false;
#endif
}

}  // namespace

const char* name_of(AesBlockImplementation implementation) noexcept {
  return implementation == AesBlockImplementation::aesni ? "aes-ni" : "openssl";
}

std::span<const AesBlockImplementation> aes_block_implementations() noexcept {
  static constexpr AesBlockImplementation kAll[] = {AesBlockImplementation::openssl,
                                                    AesBlockImplementation::aesni};
  return {kAll, has_aesni() ? std::size_t{2} : std::size_t{1}};
}

AesBlockImplementation aes_block_in_force() noexcept {
  static constinit base::Once<const AesBlockImplementation*> chosen;
  return *chosen.get([] { return base::best_of(aes_block_implementations(), passes_known_answer); });
}

bool aes_block_prepare(AesBlockImplementation implementation, std::span<const std::byte, kAes256KeySize> key,
                       AesBlockKey& out) noexcept {
  out.implementation = implementation;
  out.keyed = nullptr;
#if PII_AES_X86
  if (implementation == AesBlockImplementation::aesni) {
    aesni_expand_key(key.data(), out.round_keys);
    base::clear_vector_registers();
    return true;
  }
#endif
  ERR_set_mark();
  out.keyed = make_keyed(key).release();
  ERR_pop_to_mark();
  return out.keyed != nullptr;
}

void aes_block_destroy(AesBlockKey& key) noexcept {
  EVP_CIPHER_CTX_free(key.keyed);
  wipe(&key, sizeof(key));
}

bool aes_encrypt_two(const AesBlockKey& key, std::span<const std::byte, 2 * kAesBlockSize> blocks,
                     std::byte* out) noexcept {
#if PII_AES_X86
  if (key.implementation == AesBlockImplementation::aesni) {
    aesni_encrypt_two(key.round_keys, blocks.data(), out);
    return true;
  }
#endif
  return openssl_encrypt_two(key.keyed, blocks.data(), out);
}

bool passes_known_answer(AesBlockImplementation implementation) noexcept {
  // FIPS 197, C.3, and SP 800-38A, F.1.5, first block, which has another key: each key with both blocks.
  static constexpr unsigned char kBlocks[] = {
      0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff,
      0x6b, 0xc1, 0xbe, 0xe2, 0x2e, 0x40, 0x9f, 0x96, 0xe9, 0x3d, 0x7e, 0x11, 0x73, 0x93, 0x17, 0x2a};
  static constexpr unsigned char kFips197[] = {0x8e, 0xa2, 0xb7, 0xca, 0x51, 0x67, 0x45, 0xbf,
                                               0xea, 0xfc, 0x49, 0x90, 0x4b, 0x49, 0x60, 0x89};
  static constexpr unsigned char kKey38a[] = {
      0x60, 0x3d, 0xeb, 0x10, 0x15, 0xca, 0x71, 0xbe, 0x2b, 0x73, 0xae, 0xf0, 0x85, 0x7d, 0x77, 0x81,
      0x1f, 0x35, 0x2c, 0x07, 0x3b, 0x61, 0x08, 0xd7, 0x2d, 0x98, 0x10, 0xa3, 0x09, 0x14, 0xdf, 0xf4};
  static constexpr unsigned char kSp80038a[] = {0xf3, 0xee, 0xd1, 0xbd, 0xb5, 0xd2, 0xa0, 0x3c,
                                                0x06, 0x4b, 0x5a, 0x7e, 0x3d, 0xb1, 0x81, 0xf8};
  std::byte fips_key[kAes256KeySize];
  for (std::size_t i = 0; i < sizeof(fips_key); ++i) fips_key[i] = static_cast<std::byte>(i);
  AesBlockKey fips;
  AesBlockKey sp;
  const auto blocks = std::as_bytes(std::span(kBlocks));
  std::byte first[2 * kAesBlockSize];
  std::byte second[2 * kAesBlockSize];
  // Both are prepared, whatever comes of the first: both are destroyed.
  const bool fips_ready = aes_block_prepare(implementation, fips_key, fips);
  const bool sp_ready = aes_block_prepare(implementation, std::as_bytes(std::span(kKey38a)), sp);
  const bool passed = fips_ready && sp_ready && aes_encrypt_two(fips, blocks, first) && aes_encrypt_two(sp, blocks, second) &&
                      std::memcmp(first, kFips197, kAesBlockSize) == 0 &&
                      std::memcmp(second + kAesBlockSize, kSp80038a, kAesBlockSize) == 0;
  aes_block_destroy(fips);
  aes_block_destroy(sp);
  return passed;
}

}  // namespace pii::crypto
