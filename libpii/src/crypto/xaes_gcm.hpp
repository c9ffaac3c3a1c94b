#pragma once

#include <cstddef>
#include <span>

#include "crypto/aes_block.hpp"
#include "crypto/aes_gcm_implementations.hpp"

namespace pii::crypto {

inline constexpr std::size_t kXaesNonceSize = 24;

/// XAES-256-GCM (C2SP, version 1): AES-256-GCM whose 192-bit nonces may be random for any number of messages.
/// What a key gives is made once, in memory that the caller keeps secret. seal() and open() are const, may run
/// in any number of threads and allocate nothing on the dispatched path. `message` and `out` may be the same.
class XaesGcm256 {
 public:
  /// Bytes of secret memory that a prepared key needs, aligned to 16.
  static constexpr std::size_t kStateSize = 288;
  /// false when the library underneath failed; destroy() it all the same.
  static bool prepare(std::span<const std::byte, kAes256KeySize> key, std::byte* state) noexcept;
  static void destroy(std::byte* state) noexcept;

  /// As AesGcm256::seal().
  static bool seal(const std::byte* state, std::span<const std::byte, kXaesNonceSize> nonce,
                   std::span<const std::byte> aad, std::span<const std::byte> message,
                   std::byte* out) noexcept;
  /// As AesGcm256::open().
  static bool open(const std::byte* state, std::span<const std::byte, kXaesNonceSize> nonce,
                   std::span<const std::byte> aad, std::span<const std::byte> sealed,
                   std::byte* out) noexcept;
};

/// What XAES-256-GCM is put together of.
struct XaesParts {
  AesBlockImplementation block;
  AesGcmImplementation gcm;
};
/// XaesGcm256::prepare() with given parts, for the tests.
bool xaes_prepare_with(XaesParts parts, std::span<const std::byte, kAes256KeySize> key,
                       std::byte* state) noexcept;
bool passes_known_answer(XaesParts parts) noexcept;

}  // namespace pii::crypto
