#pragma once

#include <openssl/evp.h>

#include <span>

#include "crypto/ff1.hpp"

namespace pii::crypto {

/// AES of any key size under FF1, by OpenSSL: the library's own has 256 bits alone.
class OpensslAes {
 public:
  explicit OpensslAes(std::span<const std::byte> key) : context_(EVP_CIPHER_CTX_new()) {
    const EVP_CIPHER* cipher = key.size() == 16 ? EVP_aes_128_ecb() : key.size() == 24 ? EVP_aes_192_ecb() : EVP_aes_256_ecb();
    good_ = EVP_EncryptInit_ex(context_, cipher, nullptr, reinterpret_cast<const unsigned char*>(key.data()), nullptr) == 1;
    EVP_CIPHER_CTX_set_padding(context_, 0);
  }
  ~OpensslAes() { EVP_CIPHER_CTX_free(context_); }
  OpensslAes(const OpensslAes&) = delete;
  OpensslAes& operator=(const OpensslAes&) = delete;

  Ff1Cipher cipher() const {
    return {this, [](const void* key, std::byte* block) noexcept {
              const auto* const aes = static_cast<const OpensslAes*>(key);
              auto* const at = reinterpret_cast<unsigned char*>(block);
              int size = 0;
              return aes->good_ && EVP_EncryptUpdate(aes->context_, at, &size, at, 16) == 1;
            }};
  }

 private:
  EVP_CIPHER_CTX* context_;
  bool good_;
};

}  // namespace pii::crypto
