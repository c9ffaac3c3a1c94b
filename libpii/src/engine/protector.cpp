#include "pii/protector.hpp"

#include <array>
#include <utility>

#include "crypto/random.hpp"
#include "engine/ciphertext_v1.hpp"
#include "engine/keyset_in_force.hpp"
#include "pii/ciphertext.hpp"
#include "pii/normalize.hpp"

namespace pii {
namespace {

constexpr std::size_t kMaxKidSize = 64;

}  // namespace

Protector::Protector(std::shared_ptr<KeysetProvider> provider, Environment environment)
    : provider_(std::move(provider)), environment_(std::move(environment)) {}

std::size_t Protector::protected_capacity(std::size_t plaintext_size) noexcept {
  return ciphertext_v1_size(plaintext_size, kMaxKidSize);
}

Result<std::string> Protector::protect(const FieldType& field, std::string_view plaintext) const {
  std::string text(protected_capacity(plaintext.size()), '\0');
  const auto written = protect_into(field, plaintext, text);
  if (!written) return written.error();
  text.resize(written->size());
  return text;
}

Result<std::string_view> Protector::protect_into(const FieldType& field, std::string_view plaintext,
                                                 std::span<char> out) const {
  const auto keyset = engine::keyset_in_force(*provider_, KeysetUsage::reveal);
  if (!keyset) return keyset.error();
  if (const std::size_t bad = find_invalid_utf8(plaintext); bad != std::string_view::npos) {
    return Error(ErrorCode::invalid_utf8, "the value is not valid UTF-8 at byte " + std::to_string(bad));
  }
  const Keyset::Impl& keys = (*keyset)->impl();
  const std::size_t size = ciphertext_v1_size(plaintext.size(), keys.primary_kid.size());
  if (out.size() < size) {
    return Error(ErrorCode::buffer_too_small, "the ciphertext needs " + std::to_string(size) + " bytes");
  }
  std::array<std::byte, kNonceSize> nonce;
  crypto::random_bytes(nonce);
  if (!engine::seal_v1(keys, keys.primary_index, {environment_, field}, nonce, plaintext, out.data())) {
    return Error(ErrorCode::crypto_failure, "AES-256-GCM failed to encrypt");
  }
  return std::string_view(out.data(), size);
}

Result<SecretString> Protector::reveal(const FieldType& field, std::string_view ciphertext,
                                       Base64Mode mode) const {
  SecretString text(base64url_decoded_capacity(ciphertext.size()));
  const auto buffer = text.expose_mutable();
  const auto revealed = reveal_into(field, ciphertext, buffer, mode);
  if (!revealed) return revealed.error();
  text.narrow(static_cast<std::size_t>(revealed->data() - buffer.data()), revealed->size());
  return text;
}

Result<std::string_view> Protector::reveal_into(const FieldType& field, std::string_view ciphertext,
                                                std::span<char> out, Base64Mode mode) const {
  const auto keyset = engine::keyset_in_force(*provider_, KeysetUsage::reveal);
  if (!keyset) return keyset.error();
  return engine::open_v1((*keyset)->impl(), {environment_, field}, ciphertext, out, mode);
}

}  // namespace pii
