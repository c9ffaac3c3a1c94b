#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "engine/sub_key.hpp"
#include "pii/binding.hpp"
#include "pii/ciphertext.hpp"
#include "pii/result.hpp"

namespace pii::engine {

using NonceV2 = std::span<const std::byte, kNonceV2Size>;

/// A cipher that is ready, and what a ciphertext of it looks like.
struct CipherV2 {
  std::string_view kid;    // as the text names it
  const std::byte* state;  // crypto::CommittingAead, or crypto::XaesGcm256 of a slim key
  bool slim = false;
  std::size_t padding = 0;  // block to pad to; 0: none

  std::size_t payload_overhead() const noexcept {
    return kNonceV2Size + (slim ? 0 : kCommitmentSize) + kTagSize;
  }
  std::size_t text_size(std::size_t plaintext_size) const noexcept;
};

/// LP(record) ‖ LP(extra): what a ciphertext is bound to.
class AssociatedDataV2 {
 public:
  /// Not for a binding that check_binding() refuses.
  explicit AssociatedDataV2(const Binding& binding) noexcept;
  std::span<const std::byte> bytes() const noexcept { return std::as_bytes(std::span(text_, size_)); }

 private:
  char text_[2 * (4 + Binding::kMaxSize)];  // the first size_ bytes count
  std::size_t size_;
};
/// Error: too_large.
Result<void> check_binding(const Binding& binding);

/// Writes `prefix` <kid>:<payload> into `out`, which holds text_size() characters and does not overlap `plaintext`.
/// A nonce must never be used twice with one key: only who draws it, and known-answer tests call this. false when the
/// cipher failed.
bool seal_v2(std::string_view prefix, const CipherV2& cipher, NonceV2 nonce, std::span<const std::byte> aad,
             std::string_view plaintext, char* out);

/// Opens a payload inside `out` and returns the part of it that is the plaintext. Errors: reveal_failed,
/// buffer_too_small.
Result<std::span<std::byte>> open_v2(const CipherV2& cipher, std::string_view payload,
                                     std::span<const std::byte> aad, std::span<char> out);

/// `text` as revealed text. Wipes it when it is not UTF-8. Error: invalid_utf8.
Result<std::string_view> as_revealed_text(std::span<std::byte> text);

}  // namespace pii::engine
