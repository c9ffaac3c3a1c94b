#include "crypto/aes_gcm_openssl.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "base/once.hpp"
#include "pii/secret.hpp"

namespace pii::crypto {
namespace {

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

// Leaves the caller's error queue as it was.
class ErrorMark {
 public:
  ErrorMark() noexcept { ERR_set_mark(); }
  ~ErrorMark() { ERR_pop_to_mark(); }
  ErrorMark(const ErrorMark&) = delete;
  ErrorMark& operator=(const ErrorMark&) = delete;
};

// Fetched once and kept until the process ends: a fetch is most of what a one-shot call costs.
const EVP_CIPHER* cipher() noexcept {
  static constinit base::Once<const EVP_CIPHER*> fetched;
  return fetched.get([] { return EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr); });
}

const unsigned char* raw(const std::byte* data) noexcept {
  return reinterpret_cast<const unsigned char*>(data);
}
unsigned char* raw(std::byte* data) noexcept { return reinterpret_cast<unsigned char*>(data); }

Context make_keyed(std::span<const std::byte, kAes256KeySize> key) noexcept {
  Context context(EVP_CIPHER_CTX_new());
  // GCM's key schedule serves both directions.
  if (context == nullptr || cipher() == nullptr ||
      EVP_CipherInit_ex2(context.get(), cipher(), raw(key.data()), nullptr, 1, nullptr) != 1) {
    return nullptr;
  }
  return context;
}

Context begin(const OpenSslGcmCall& call, bool seal) noexcept {
  Context context;
  if (call.keyed == nullptr) {
    context = make_keyed(call.key);
  } else {
    context.reset(EVP_CIPHER_CTX_new());
    if (context != nullptr && EVP_CIPHER_CTX_copy(context.get(), call.keyed) != 1) context.reset();
  }
  if (context == nullptr || EVP_CipherInit_ex2(context.get(), nullptr, nullptr, raw(call.nonce.data()),
                                               seal ? 1 : 0, nullptr) != 1) {
    return nullptr;
  }
  return context;
}

// EVP counts in int. `out` is nullptr for additional data.
bool update(EVP_CIPHER_CTX* context, std::span<const std::byte> data, std::byte* out) noexcept {
  constexpr std::size_t kPiece = std::size_t{1} << 30;
  while (!data.empty()) {
    const std::size_t size = std::min(data.size(), kPiece);
    int written = 0;
    if (EVP_CipherUpdate(context, out == nullptr ? nullptr : raw(out), &written, raw(data.data()),
                         static_cast<int>(size)) != 1) {
      return false;
    }
    if (out != nullptr) out += written;
    data = data.subspan(size);
  }
  return true;
}

bool finish(EVP_CIPHER_CTX* context) noexcept {
  unsigned char none[kGcmTagSize];
  int written = 0;
  return EVP_CipherFinal_ex(context, none, &written) == 1;
}

}  // namespace

bool openssl_gcm_available() noexcept { return cipher() != nullptr; }

evp_cipher_ctx_st* openssl_gcm_context(std::span<const std::byte, kAes256KeySize> key) noexcept {
  const ErrorMark mark;
  Context keyed = make_keyed(key);
  const Context copy(EVP_CIPHER_CTX_new());
  if (keyed == nullptr || copy == nullptr || EVP_CIPHER_CTX_copy(copy.get(), keyed.get()) != 1)
    return nullptr;
  return keyed.release();
}

void openssl_gcm_free(evp_cipher_ctx_st* context) noexcept { EVP_CIPHER_CTX_free(context); }

bool openssl_gcm_seal(const OpenSslGcmCall& call, std::span<const std::byte> message,
                      std::byte* out) noexcept {
  const ErrorMark mark;
  const Context context = begin(call, true);
  if (context != nullptr && update(context.get(), call.aad, nullptr) && update(context.get(), message, out) &&
      finish(context.get()) &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, kGcmTagSize, out + message.size()) == 1) {
    return true;
  }
  wipe(out, message.size() + kGcmTagSize);
  return false;
}

bool openssl_gcm_open(const OpenSslGcmCall& call, std::span<const std::byte> sealed,
                      std::byte* out) noexcept {
  const ErrorMark mark;
  const std::span<const std::byte> message = sealed.first(sealed.size() - kGcmTagSize);
  // A copy: `out` may be `sealed`, and OpenSSL takes the tag as not const.
  std::byte tag[kGcmTagSize];
  std::memcpy(tag, sealed.data() + message.size(), kGcmTagSize);
  const Context context = begin(call, false);
  if (context != nullptr &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, kGcmTagSize, tag) == 1 &&
      update(context.get(), call.aad, nullptr) && update(context.get(), message, out) &&
      finish(context.get())) {
    return true;
  }
  if (!message.empty()) wipe(out, message.size());
  return false;
}

}  // namespace pii::crypto
