#include "pii/selftest.hpp"

#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/base64url_implementations.hpp"
#include "crypto/aes_gcm_implementations.hpp"
#include "crypto/committing_aead.hpp"
#include "crypto/ff1.hpp"
#include "crypto/hkdf.hpp"
#include "crypto/random_pool.hpp"
#include "crypto/sha256_kernels.hpp"
#include "crypto/xaes_gcm.hpp"
#include "pii/secret.hpp"

namespace pii {
namespace {

SelfTestResult result(std::string_view primitive, std::string_view name, bool passed) {
  return {std::string(primitive) + "/" + std::string(name), passed,
          passed ? "" : "differs from the known answer and is not used"};
}

std::string name_of(crypto::XaesParts parts) {
  return std::string(crypto::name_of(parts.block)) + " and " + crypto::name_of(parts.gcm);
}

// RFC 5869, A.3.
bool hkdf_passes() {
  static constexpr unsigned char kExpected[] = {
      0x8d, 0xa4, 0xe7, 0x75, 0xa5, 0x63, 0xc1, 0x8f, 0x71, 0x5f, 0x80, 0x2a, 0x06, 0x3c,
      0x5a, 0x31, 0xb8, 0xa1, 0x1f, 0x5c, 0x5e, 0xe1, 0x87, 0x9e, 0xc3, 0x45, 0x4e, 0x5f,
      0x3c, 0x73, 0x8d, 0x2d, 0x9d, 0x20, 0x13, 0x95, 0xfa, 0xa4, 0xb6, 0x1a, 0x96, 0xc8};
  std::byte ikm[22];
  std::memset(ikm, 0x0b, sizeof(ikm));
  std::byte okm[sizeof(kExpected)];
  crypto::hkdf_sha256(ikm, {}, {}, okm);
  return std::memcmp(okm, kExpected, sizeof(okm)) == 0;
}

// Keys of ones and twos around the worked example of XAES-256-GCM; commitment and ciphertext by Python's hmac
// and the package cryptography.
bool committing_aead_passes() {
  using Aead = crypto::CommittingAead;
  static constexpr std::string_view kMessage = "XAES-256-GCM";
  static constexpr unsigned char kExpected[] = {
      0x6d, 0x3c, 0xfd, 0x9b, 0xdb, 0x21, 0x0f, 0xd4, 0x3b, 0x1d, 0xb7, 0xe9, 0x26, 0xd8, 0xe6,
      0x26, 0x2f, 0x13, 0x93, 0x7a, 0x0f, 0xef, 0xa1, 0xb2, 0xd2, 0xd4, 0x3b, 0x86, 0x17, 0xdd,
      0xff, 0x83, 0xce, 0x54, 0x6e, 0xf6, 0x3c, 0x9c, 0xc6, 0x07, 0x65, 0x92, 0x36, 0x09, 0x45,
      0xc3, 0x3b, 0x60, 0x7e, 0x08, 0x94, 0x39, 0xd3, 0x41, 0xe3, 0x99, 0x7a, 0xb9, 0x57, 0xab};
  static_assert(sizeof(kExpected) == kMessage.size() + Aead::kOverhead - crypto::kXaesNonceSize);
  const auto bytes = [](std::string_view text) { return std::as_bytes(std::span(text)); };
  const auto nonce = bytes("ABCDEFGHIJKLMNOPQRSTUVWX").first<crypto::kXaesNonceSize>();
  const auto aad = bytes("c2sp.org/XAES-256-GCM");
  std::byte encryption_key[crypto::kAes256KeySize];
  std::byte commitment_key[crypto::kAes256KeySize];
  std::memset(encryption_key, 1, sizeof(encryption_key));
  std::memset(commitment_key, 2, sizeof(commitment_key));
  SecretBytes state(Aead::kStateSize);
  std::byte* const key = state.expose_mutable().data();
  std::byte sealed[kMessage.size() + Aead::kOverhead];
  std::byte opened[kMessage.size()];
  bool passed = Aead::prepare(encryption_key, commitment_key, key) &&
                Aead::seal(key, nonce, aad, bytes(kMessage), sealed) &&
                std::memcmp(sealed + nonce.size(), kExpected, sizeof(kExpected)) == 0 &&
                Aead::open(key, aad, sealed, opened) &&
                std::memcmp(opened, kMessage.data(), kMessage.size()) == 0;
  sealed[nonce.size()] ^= std::byte{1};
  passed = passed && !Aead::open(key, aad, sealed, opened);
  Aead::destroy(key);
  return passed;
}

// Sample 8 of NIST's FF1 samples.
bool ff1_passes(crypto::AesBlockImplementation block) {
  static constexpr unsigned char kKey[] = {0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae, 0xd2, 0xa6, 0xab, 0xf7, 0x15,
                                           0x88, 0x09, 0xcf, 0x4f, 0x3c, 0xef, 0x43, 0x59, 0xd8, 0xd5, 0x80,
                                           0xaa, 0x4f, 0x7f, 0x03, 0x6d, 0x6f, 0x04, 0xfc, 0x6a, 0x94};
  static constexpr std::string_view kTweak = "9876543210";
  static constexpr std::uint8_t kExpected[] = {1, 0, 0, 1, 6, 2, 3, 4, 6, 3};
  crypto::AesBlockKey key;
  if (!crypto::aes_block_prepare(block, std::as_bytes(std::span(kKey)), key)) return false;
  std::uint8_t numerals[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  const auto tweak = std::as_bytes(std::span(kTweak));
  const bool passed = crypto::ff1_encrypt(crypto::ff1_aes256(key), 10, tweak, numerals) &&
                      std::memcmp(numerals, kExpected, sizeof(numerals)) == 0 &&
                      crypto::ff1_decrypt(crypto::ff1_aes256(key), 10, tweak, numerals) && numerals[1] == 1 &&
                      numerals[9] == 9;
  crypto::aes_block_destroy(key);
  return passed;
}

}  // namespace

std::vector<SelfTestResult> run_self_test() {
  std::vector<SelfTestResult> results;
  for (const crypto::CompressKernel& kernel : crypto::compress_kernels()) {
    results.push_back(result("sha256", kernel.name, crypto::passes_known_answer(kernel)));
  }
  for (const crypto::HmacKernel& kernel : crypto::hmac_kernels()) {
    results.push_back(
        result("hmac-sha256", kernel.name,
               crypto::passes_known_answer(kernel, 1) && crypto::passes_known_answer(kernel, 2)));
  }
  for (const crypto::AesGcmImplementation implementation : crypto::aes_gcm_implementations()) {
    results.push_back(
        result("aes-256-gcm", crypto::name_of(implementation), crypto::passes_known_answer(implementation)));
  }
  for (const crypto::AesBlockImplementation block : crypto::aes_block_implementations()) {
    results.push_back(result("aes-256", crypto::name_of(block), crypto::passes_known_answer(block)));
    results.push_back(result("ff1", crypto::name_of(block), ff1_passes(block)));
    for (const crypto::AesGcmImplementation gcm : crypto::aes_gcm_implementations()) {
      results.push_back(result("xaes-256-gcm", name_of(crypto::XaesParts{block, gcm}),
                               crypto::passes_known_answer(crypto::XaesParts{block, gcm})));
    }
  }
  results.push_back(result("hkdf-sha256", "rfc 5869", hkdf_passes()));
  results.push_back(result("pii-aead-2", "own vector", committing_aead_passes()));
  for (const base::Base64Implementation& implementation : base::base64_implementations()) {
    results.push_back(result("base64url", implementation.name, base::passes_known_answer(implementation)));
  }
  return results;
}

std::vector<Implementation> implementations() {
  const crypto::Sha256Dispatch& sha256 = crypto::sha256_dispatch();
  std::string lanes = sha256.one.name;
  for (std::size_t i = sha256.tier_count; i-- > 0;) lanes += std::string(" + ") + sha256.tiers[i].kernel.name;
  return {{"sha256", sha256.compress.name},
          {"hmac-sha256", lanes},
          {"aes-256-gcm", crypto::name_of(crypto::aes_gcm_in_force())},
          {"xaes-256-gcm", name_of({crypto::aes_block_in_force(), crypto::aes_gcm_in_force()})},
          {"base64url", base::base64_in_force().name},
          {"random", crypto::RandomPool().is_buffered() ? "getrandom, buffered" : "getrandom"}};
}

}  // namespace pii
