#pragma once

#include <cstddef>
#include <span>

#include "pii/error.hpp"

namespace pii::crypto {

inline constexpr std::size_t kAes256KeySize = 32;
inline constexpr std::size_t kGcmNonceSize = 12;
inline constexpr std::size_t kGcmTagSize = 16;

/// AES-256-GCM (NIST SP 800-38D) under one key: the key schedule is made once, in memory that the caller
/// keeps secret (size() bytes, aligned to 16). seal() and open() are const, allocate nothing on the
/// dispatched path, and may run in any number of threads. `message` and `out` may be the same memory.
class AesGcm256 {
 public:
  /// Bytes of secret memory that a prepared key needs.
  static std::size_t state_size() noexcept;
  /// Prepares `key` in `state` (state_size() bytes, aligned to 16). false when the library underneath failed.
  static bool prepare(std::span<const std::byte, kAes256KeySize> key, std::byte* state) noexcept;
  /// Wipes what prepare() made.
  static void destroy(std::byte* state) noexcept;

  /// out = ciphertext then tag: message.size() + kGcmTagSize bytes. false when the message is longer than GCM
  /// allows (2^36 - 32 bytes) or the library underneath failed.
  static bool seal(const std::byte* state, std::span<const std::byte, kGcmNonceSize> nonce,
                   std::span<const std::byte> aad, std::span<const std::byte> message,
                   std::byte* out) noexcept;
  /// `sealed` is ciphertext then tag; out = the message. false when it does not authenticate; then `out`
  /// holds nothing of it.
  static bool open(const std::byte* state, std::span<const std::byte, kGcmNonceSize> nonce,
                   std::span<const std::byte> aad, std::span<const std::byte> sealed,
                   std::byte* out) noexcept;
};

}  // namespace pii::crypto
