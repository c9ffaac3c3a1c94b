#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "crypto/aes_gcm.hpp"

struct evp_cipher_ctx_st;

// AES-256 (FIPS 197) of bare blocks, two at a time: what XAES-256-GCM derives its keys with.
namespace pii::crypto {

enum class AesBlockImplementation : std::uint32_t {
  /// OpenSSL: any processor. A copy of a keyed context a call.
  openssl,
  /// AES instructions, a key schedule in our own memory, no allocation.
  aesni,
};

inline constexpr std::size_t kAesBlockSize = 16;
inline constexpr std::size_t kAesRoundKeysSize = 15 * kAesBlockSize;

/// A prepared key. Trivial, because it lives in memory of the caller's; as secret as the key.
struct AesBlockKey {
  alignas(16) std::byte round_keys[kAesRoundKeysSize];
  evp_cipher_ctx_st* keyed;
  AesBlockImplementation implementation;
};

const char* name_of(AesBlockImplementation implementation) noexcept;
/// Those that this processor can run; openssl is the first.
std::span<const AesBlockImplementation> aes_block_implementations() noexcept;
/// The last of them that passes its known-answer test, chosen once.
AesBlockImplementation aes_block_in_force() noexcept;
bool passes_known_answer(AesBlockImplementation implementation) noexcept;

/// false when the library underneath failed.
bool aes_block_prepare(AesBlockImplementation implementation, std::span<const std::byte, kAes256KeySize> key,
                       AesBlockKey& out) noexcept;
/// Wipes what aes_block_prepare() made.
void aes_block_destroy(AesBlockKey& key) noexcept;
/// out = the encryption of each of the two blocks; may be `blocks`. Any thread.
bool aes_encrypt_two(const AesBlockKey& key, std::span<const std::byte, 2 * kAesBlockSize> blocks,
                     std::byte* out) noexcept;

// aes_block_aesni.cpp. Only where aes_block_implementations() lists it.
void aesni_expand_key(const std::byte* key, std::byte* round_keys) noexcept;
void aesni_encrypt_two(const std::byte* round_keys, const std::byte* blocks, std::byte* out) noexcept;

}  // namespace pii::crypto
