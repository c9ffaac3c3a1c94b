#pragma once

#include <cstddef>
#include <span>

#include "crypto/aes_gcm.hpp"

struct evp_cipher_ctx_st;

namespace pii::crypto {

/// Whether OpenSSL has the cipher.
bool openssl_gcm_available() noexcept;

/// A context with the key schedule of `key`, never used itself but copied. nullptr when the library failed,
/// or when it is an early 3.0 that cannot copy such a context.
evp_cipher_ctx_st* openssl_gcm_context(std::span<const std::byte, kAes256KeySize> key) noexcept;
void openssl_gcm_free(evp_cipher_ctx_st* context) noexcept;

/// What one call works with. Without `keyed` it makes the key schedule anew.
struct OpenSslGcmCall {
  const evp_cipher_ctx_st* keyed;
  std::span<const std::byte, kAes256KeySize> key;
  std::span<const std::byte, kGcmNonceSize> nonce;
  std::span<const std::byte> aad;
};
bool openssl_gcm_seal(const OpenSslGcmCall& call, std::span<const std::byte> message,
                      std::byte* out) noexcept;
bool openssl_gcm_open(const OpenSslGcmCall& call, std::span<const std::byte> sealed, std::byte* out) noexcept;

}  // namespace pii::crypto
