#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "crypto/aes_block.hpp"

// FF1 of NIST SP 800-38G: encrypts numerals of a radix to as many of them. Deterministic, and nothing tells when a
// wrong key or tweak decrypts.
namespace pii::crypto {

/// The block cipher underneath: encrypts one block of 16 bytes in place; false when it failed.
struct Ff1Cipher {
  const void* key;
  bool (*encrypt)(const void* key, std::byte* block) noexcept;
};

/// AES-256. The key must outlive it.
Ff1Cipher ff1_aes256(const AesBlockKey& key) noexcept;

inline constexpr unsigned kFf1MinRadix = 2;
inline constexpr unsigned kFf1MaxRadix = 62;
inline constexpr std::size_t kFf1MaxNumerals = 64;
inline constexpr std::uint32_t kFf1MinDomain = 1'000'000;  // SP 800-38G rev. 1: fewer values can be tried

/// How few numerals may be encrypted: radix^n is then at least kFf1MinDomain.
constexpr std::size_t ff1_min_numerals(unsigned radix) noexcept {
  std::size_t count = 0;
  for (std::uint64_t domain = 1; domain < kFf1MinDomain; domain *= radix) ++count;
  return count;
}

/// Encrypts and decrypts `numerals`, each below `radix`, in place; their number lies between the bounds above.
/// false when the cipher failed. Any thread.
bool ff1_encrypt(const Ff1Cipher& cipher, unsigned radix, std::span<const std::byte> tweak,
                 std::span<std::uint8_t> numerals) noexcept;
bool ff1_decrypt(const Ff1Cipher& cipher, unsigned radix, std::span<const std::byte> tweak,
                 std::span<std::uint8_t> numerals) noexcept;

}  // namespace pii::crypto
