#include "engine/ciphertext_v2.hpp"

#include <cstring>

#include "crypto/committing_aead.hpp"
#include "crypto/padding.hpp"
#include "engine/reveal_failed.hpp"
#include "base/traces.hpp"
#include "formats/key_context.hpp"
#include "pii/normalize.hpp"
#include "pii/secret.hpp"

namespace pii::engine {
namespace {

using crypto::CommittingAead;
using crypto::XaesGcm256;

static_assert(kNonceV2Size == crypto::kXaesNonceSize && kCommitmentSize == crypto::kMacSize);

bool seal(const CipherV2& cipher, NonceV2 nonce, std::span<const std::byte> aad,
          std::span<const std::byte> message, std::byte* payload) noexcept {
  const base::ClearTraces<base::kCipherStack> traces;
  if (!cipher.slim) return CommittingAead::seal(cipher.state, nonce, aad, message, payload);
  std::memcpy(payload, nonce.data(), nonce.size());
  return XaesGcm256::seal(cipher.state, nonce, aad, message, payload + nonce.size());
}

bool open(const CipherV2& cipher, std::span<const std::byte> aad, std::span<const std::byte> payload,
          std::byte* text) noexcept {
  const base::ClearTraces<base::kCipherStack> traces;
  if (!cipher.slim) return CommittingAead::open(cipher.state, aad, payload, text);
  return XaesGcm256::open(cipher.state, payload.first<kNonceV2Size>(), aad, payload.subspan(kNonceV2Size), text);
}

}  // namespace

std::size_t CipherV2::text_size(std::size_t plaintext_size) const noexcept {
  return ciphertext_v2_size(crypto::padded_size(plaintext_size, padding), kid.size(), slim);
}

AssociatedDataV2::AssociatedDataV2(const Binding& binding) noexcept {
  char* const end = formats::write_with_length(binding.extra, formats::write_with_length(binding.record, text_));
  size_ = static_cast<std::size_t>(end - text_);
}

Result<void> check_binding(const Binding& binding) {
  if (binding.record.size() <= Binding::kMaxSize && binding.extra.size() <= Binding::kMaxSize) return {};
  return Error(ErrorCode::too_large, "the record or the extra data to bind is longer than " +
                                         std::to_string(Binding::kMaxSize) + " bytes");
}

bool seal_v2(std::string_view prefix, const CipherV2& cipher, NonceV2 nonce, std::span<const std::byte> aad,
             std::string_view plaintext, char* out) {
  for (const std::string_view part : {prefix, cipher.kid, std::string_view(":")}) {
    std::memcpy(out, part.data(), part.size());
    out += part.size();
  }
  // The bytes are made at the end of the room for their base64, so that encoding can run forward over them.
  const std::size_t padded = crypto::padded_size(plaintext.size(), cipher.padding);
  const std::size_t size = padded + cipher.payload_overhead();
  auto* const payload = reinterpret_cast<std::byte*>(out + base64url_encoded_size(size) - size);
  const std::span<std::byte> message(payload + size - kTagSize - padded, padded);
  if (!plaintext.empty()) std::memcpy(message.data(), plaintext.data(), plaintext.size());
  crypto::pad(message, plaintext.size());
  if (!seal(cipher, nonce, aad, message, payload)) {
    wipe(payload, size);
    return false;
  }
  base64url_encode({payload, size}, out);
  return true;
}

Result<std::span<std::byte>> open_v2(const CipherV2& cipher, std::string_view encoded,
                                     std::span<const std::byte> aad, std::span<char> out) {
  if (out.size() < base64url_decoded_capacity(encoded.size())) {
    return Error(ErrorCode::buffer_too_small, "the buffer is too small for the ciphertext's payload");
  }
  const auto buffer = std::as_writable_bytes(out);
  const auto decoded = base64url_decode(encoded, buffer);
  const std::size_t overhead = cipher.payload_overhead();
  if (!decoded || *decoded < overhead) return reveal_failed();
  const auto text = buffer.subspan(overhead - kTagSize, *decoded - overhead);
  if (!open(cipher, aad, buffer.first(*decoded), text.data())) return reveal_failed();
  const auto size = crypto::unpadded_size(text, cipher.padding);
  if (!size) {
    wipe(text.data(), text.size());
    return reveal_failed();
  }
  return text.first(*size);
}

Result<std::string_view> as_revealed_text(std::span<std::byte> bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (find_invalid_utf8(text) == std::string_view::npos) return text;
  wipe(bytes.data(), bytes.size());
  return Error(ErrorCode::invalid_utf8, "the revealed bytes are not UTF-8",
               "whoever protected them protected something that is no text");
}

}  // namespace pii::engine
