#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "crypto/aes_gcm.hpp"

// The two ways to AES-256-GCM, for aes_gcm.cpp and the tests.
namespace pii::crypto {

enum class AesGcmImplementation : std::uint32_t {
  /// OpenSSL: any processor. A copy of a keyed context a call, so it allocates, but needs neither a lock nor
  /// a key schedule.
  openssl,
  /// libsodium: AES-NI, a key schedule in our own memory, no allocation.
  sodium,
};

const char* name_of(AesGcmImplementation implementation) noexcept;

/// Those that this processor can run; openssl is the first.
std::span<const AesGcmImplementation> aes_gcm_implementations() noexcept;

/// The last of them that passes its known-answer test, chosen once.
AesGcmImplementation aes_gcm_in_force() noexcept;

bool passes_known_answer(AesGcmImplementation implementation) noexcept;

/// AesGcm256::seal() and open() under a key that serves one message, without a state to keep: the key schedule
/// is made anew and wiped.
bool aes_gcm_seal_once(AesGcmImplementation implementation, std::span<const std::byte, kAes256KeySize> key,
                       std::span<const std::byte, kGcmNonceSize> nonce, std::span<const std::byte> aad,
                       std::span<const std::byte> message, std::byte* out) noexcept;
bool aes_gcm_open_once(AesGcmImplementation implementation, std::span<const std::byte, kAes256KeySize> key,
                       std::span<const std::byte, kGcmNonceSize> nonce, std::span<const std::byte> aad,
                       std::span<const std::byte> sealed, std::byte* out) noexcept;

/// AesGcm256::prepare() with a given implementation.
bool aes_gcm_prepare_with(AesGcmImplementation implementation, std::span<const std::byte, kAes256KeySize> key,
                          std::byte* state) noexcept;

/// From this size on OpenSSL seals and opens for both: libsodium makes 2.3 GB/s where OpenSSL with VAES
/// makes 5.8, which pays for a new context (250 ns) at 1.6 KiB when sealing and 1.2 KiB when opening.
inline constexpr std::size_t kOpenSslFromSize = 2048;

/// NIST SP 800-38D, 5.2.1.1: 2^39 - 256 bits.
inline constexpr std::uint64_t kGcmMaxMessageSize = (std::uint64_t{1} << 36) - 32;

}  // namespace pii::crypto
