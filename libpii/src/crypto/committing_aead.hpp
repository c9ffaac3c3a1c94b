#pragma once

#include <cstddef>
#include <span>

#include "crypto/hmac.hpp"
#include "crypto/xaes_gcm.hpp"

namespace pii::crypto {

/// PII-AEAD-2 (docs/formats.md section 2.4): XAES-256-GCM and a commitment, so that no text opens under two
/// keys. Made of two independent keys, prepared once in memory that the caller keeps secret. sealed = nonce(24)
/// then commitment(32), ciphertext, tag(16). Any thread; no allocation on the dispatched path.
class CommittingAead {
 public:
  static constexpr std::size_t kOverhead = kXaesNonceSize + kMacSize + kGcmTagSize;

  /// Bytes of secret memory that a prepared key needs, aligned to 16.
  static constexpr std::size_t kStateSize = XaesGcm256::kStateSize + sizeof(HmacState);
  /// false when the library underneath failed; destroy() it all the same.
  static bool prepare(std::span<const std::byte, kAes256KeySize> encryption_key,
                      std::span<const std::byte, kAes256KeySize> commitment_key, std::byte* state) noexcept;
  static void destroy(std::byte* state) noexcept;

  /// out = message.size() + kOverhead bytes; `message` may lie in it behind nonce and commitment. A nonce is
  /// random and never used twice. false when the library underneath failed.
  static bool seal(const std::byte* state, std::span<const std::byte, kXaesNonceSize> nonce,
                   std::span<const std::byte> aad, std::span<const std::byte> message, std::byte* out) noexcept;
  /// out = sealed.size() - kOverhead bytes, which may lie in `sealed` where the ciphertext does. The
  /// commitment is checked first and in constant time. false when anything is not as it was sealed.
  static bool open(const std::byte* state, std::span<const std::byte> aad, std::span<const std::byte> sealed,
                   std::byte* out) noexcept;
};

}  // namespace pii::crypto
