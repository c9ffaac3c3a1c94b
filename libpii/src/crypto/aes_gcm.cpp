#include "crypto/aes_gcm.hpp"

#include <sodium.h>

#include <cstring>
#include <new>

#include "base/best_of.hpp"
#include "base/once.hpp"
#include "crypto/aes_gcm_implementations.hpp"
#include "crypto/aes_gcm_openssl.hpp"
#include "pii/secret.hpp"

namespace pii::crypto {
namespace {

// Trivial, because it lives in memory of the caller's.
struct State {
  alignas(16) crypto_aead_aes256gcm_state sodium;
  std::byte key[kAes256KeySize];
  evp_cipher_ctx_st* keyed;
  AesGcmImplementation implementation;
};
static_assert(alignof(State) == 16);

const State& state_at(const std::byte* state) noexcept {
  return *std::launder(reinterpret_cast<const State*>(state));
}

const unsigned char* raw(const std::byte* data) noexcept {
  return reinterpret_cast<const unsigned char*>(data);
}
unsigned char* raw(std::byte* data) noexcept { return reinterpret_cast<unsigned char*>(data); }

bool use_sodium(const State& state, std::size_t size) noexcept {
  return state.implementation == AesGcmImplementation::sodium && size < kOpenSslFromSize;
}

bool sodium_available() noexcept {
#if defined(PII_PORTABLE_ONLY)
  return false;
#else
  return sodium_init() >= 0 && crypto_aead_aes256gcm_is_available() == 1;
#endif
}

}  // namespace

const char* name_of(AesGcmImplementation implementation) noexcept {
  return implementation == AesGcmImplementation::sodium ? "libsodium" : "openssl";
}

std::span<const AesGcmImplementation> aes_gcm_implementations() noexcept {
  static constexpr AesGcmImplementation kAll[] = {AesGcmImplementation::openssl,
                                                  AesGcmImplementation::sodium};
  return {kAll, sodium_available() ? std::size_t{2} : std::size_t{1}};
}

AesGcmImplementation aes_gcm_in_force() noexcept {
  static constinit base::Once<const AesGcmImplementation*> chosen;
  return *chosen.get([] { return base::best_of(aes_gcm_implementations(), passes_known_answer); });
}

bool aes_gcm_prepare_with(AesGcmImplementation implementation, std::span<const std::byte, kAes256KeySize> key,
                          std::byte* memory) noexcept {
  State* state = new (memory) State;
  state->implementation = implementation;
  state->keyed = nullptr;
  std::memcpy(state->key, key.data(), key.size());
  if (implementation == AesGcmImplementation::sodium) {
    return crypto_aead_aes256gcm_beforenm(&state->sodium, raw(key.data())) == 0;
  }
  state->keyed = openssl_gcm_context(key);
  return openssl_gcm_available();
}

std::size_t AesGcm256::state_size() noexcept { return sizeof(State); }

bool AesGcm256::prepare(std::span<const std::byte, kAes256KeySize> key, std::byte* state) noexcept {
  return aes_gcm_prepare_with(aes_gcm_in_force(), key, state);
}

void AesGcm256::destroy(std::byte* state) noexcept {
  openssl_gcm_free(state_at(state).keyed);
  wipe(state, sizeof(State));
}

bool AesGcm256::seal(const std::byte* state, std::span<const std::byte, kGcmNonceSize> nonce,
                     std::span<const std::byte> aad, std::span<const std::byte> message,
                     std::byte* out) noexcept {
  if (message.size() > kGcmMaxMessageSize) return false;
  const State& prepared = state_at(state);
  if (!use_sodium(prepared, message.size())) {
    return openssl_gcm_seal({prepared.keyed, prepared.key, nonce, aad}, message, out);
  }
  return crypto_aead_aes256gcm_encrypt_afternm(raw(out), nullptr, raw(message.data()), message.size(),
                                               raw(aad.data()), aad.size(), nullptr, raw(nonce.data()),
                                               &prepared.sodium) == 0;
}

bool AesGcm256::open(const std::byte* state, std::span<const std::byte, kGcmNonceSize> nonce,
                     std::span<const std::byte> aad, std::span<const std::byte> sealed,
                     std::byte* out) noexcept {
  if (sealed.size() < kGcmTagSize || sealed.size() - kGcmTagSize > kGcmMaxMessageSize) return false;
  const State& prepared = state_at(state);
  if (!use_sodium(prepared, sealed.size() - kGcmTagSize)) {
    return openssl_gcm_open({prepared.keyed, prepared.key, nonce, aad}, sealed, out);
  }
  return crypto_aead_aes256gcm_decrypt_afternm(raw(out), nullptr, nullptr, raw(sealed.data()), sealed.size(),
                                               raw(aad.data()), aad.size(), raw(nonce.data()),
                                               &prepared.sodium) == 0;
}

bool aes_gcm_seal_once(AesGcmImplementation implementation, std::span<const std::byte, kAes256KeySize> key,
                       std::span<const std::byte, kGcmNonceSize> nonce, std::span<const std::byte> aad,
                       std::span<const std::byte> message, std::byte* out) noexcept {
  if (message.size() > kGcmMaxMessageSize) return false;
  if (implementation == AesGcmImplementation::openssl || message.size() >= kOpenSslFromSize) {
    return openssl_gcm_seal({nullptr, key, nonce, aad}, message, out);
  }
  return crypto_aead_aes256gcm_encrypt(raw(out), nullptr, raw(message.data()), message.size(), raw(aad.data()),
                                       aad.size(), nullptr, raw(nonce.data()), raw(key.data())) == 0;
}

bool aes_gcm_open_once(AesGcmImplementation implementation, std::span<const std::byte, kAes256KeySize> key,
                       std::span<const std::byte, kGcmNonceSize> nonce, std::span<const std::byte> aad,
                       std::span<const std::byte> sealed, std::byte* out) noexcept {
  if (sealed.size() < kGcmTagSize || sealed.size() - kGcmTagSize > kGcmMaxMessageSize) return false;
  if (implementation == AesGcmImplementation::openssl || sealed.size() - kGcmTagSize >= kOpenSslFromSize) {
    return openssl_gcm_open({nullptr, key, nonce, aad}, sealed, out);
  }
  return crypto_aead_aes256gcm_decrypt(raw(out), nullptr, nullptr, raw(sealed.data()), sealed.size(),
                                       raw(aad.data()), aad.size(), raw(nonce.data()), raw(key.data())) == 0;
}

bool passes_known_answer(AesGcmImplementation implementation) noexcept {
  // Test case 16 of "The Galois/Counter Mode of Operation (GCM)", McGrew and Viega.
  static constexpr char kKey[] =
      "\xfe\xff\xe9\x92\x86\x65\x73\x1c\x6d\x6a\x8f\x94\x67\x30\x83\x08\xfe\xff\xe9\x92\x86\x65\x73\x1c"
      "\x6d\x6a\x8f\x94\x67\x30\x83\x08";
  static constexpr char kNonce[] = "\xca\xfe\xba\xbe\xfa\xce\xdb\xad\xde\xca\xf8\x88";
  static constexpr char kAad[] =
      "\xfe\xed\xfa\xce\xde\xad\xbe\xef\xfe\xed\xfa\xce\xde\xad\xbe\xef\xab\xad\xda\xd2";
  static constexpr char kMessage[] =
      "\xd9\x31\x32\x25\xf8\x84\x06\xe5\xa5\x59\x09\xc5\xaf\xf5\x26\x9a\x86\xa7\xa9\x53\x15\x34\xf7\xda"
      "\x2e\x4c\x30\x3d\x8a\x31\x8a\x72\x1c\x3c\x0c\x95\x95\x68\x09\x53\x2f\xcf\x0e\x24\x49\xa6\xb5\x25"
      "\xb1\x6a\xed\xf5\xaa\x0d\xe6\x57\xba\x63\x7b\x39";
  static constexpr char kSealed[] =
      "\x52\x2d\xc1\xf0\x99\x56\x7d\x07\xf4\x7f\x37\xa3\x2a\x84\x42\x7d\x64\x3a\x8c\xdc\xbf\xe5\xc0\xc9"
      "\x75\x98\xa2\xbd\x25\x55\xd1\xaa\x8c\xb0\x8e\x48\x59\x0d\xbb\x3d\xa7\xb0\x8b\x10\x56\x82\x88\x38"
      "\xc5\xf6\x1e\x63\x93\xba\x7a\x0a\xbc\xc9\xf6\x62\x76\xfc\x6e\xce\x0f\x4e\x17\x68\xcd\xdf\x88\x53"
      "\xbb\x2d\x55\x1b";
  constexpr std::size_t kSize = sizeof(kMessage) - 1;
  const auto text = [](const auto& literal) {
    return std::as_bytes(std::span(literal)).first(sizeof(literal) - 1);
  };

  alignas(State) std::byte state[sizeof(State)];
  if (!aes_gcm_prepare_with(implementation, text(kKey).first<kAes256KeySize>(), state)) return false;
  const auto nonce = text(kNonce).first<kGcmNonceSize>();
  std::byte sealed[kSize + kGcmTagSize];
  std::byte opened[kSize];
  bool passed = AesGcm256::seal(state, nonce, text(kAad), text(kMessage), sealed) &&
                std::memcmp(sealed, kSealed, sizeof(sealed)) == 0 &&
                AesGcm256::open(state, nonce, text(kAad), sealed, opened) &&
                std::memcmp(opened, kMessage, sizeof(opened)) == 0;
  sealed[0] ^= std::byte{1};
  passed = passed && !AesGcm256::open(state, nonce, text(kAad), sealed, opened);
  AesGcm256::destroy(state);
  return passed;
}

}  // namespace pii::crypto
