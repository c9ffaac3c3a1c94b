#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "pii/export.hpp"

namespace pii {

/// What a keyset's keys are for; it follows from their algorithm.
enum class KeysetUsage : std::uint8_t {
  token,   // tokens, blind indexes, format-preserving tokens
  reveal,  // ciphertexts
};
PII_EXPORT std::string_view to_string(KeysetUsage usage) noexcept;

/// The algorithm of a key, as `alg` names it (docs/formats.md, "Algorithms").
enum class KeyAlgorithm : std::uint8_t {
  hmac_sha_256,  // version 1 tokens
  aes_256_gcm,   // version 1 ciphertexts
  pii_tok_2,     // version 2 from here on: tokens
  pii_idx_2,     // blind indexes
  pii_ff1_2,     // format-preserving tokens
  pii_aead_2,    // ciphertexts that commit to their key
  xaes_256_gcm,  // ciphertexts without that
};
inline constexpr std::size_t kKeyAlgorithms = 7;
PII_EXPORT std::string_view to_string(KeyAlgorithm algorithm) noexcept;
PII_EXPORT std::optional<KeyAlgorithm> parse_key_algorithm(std::string_view name) noexcept;

/// What a key does. Of the keys of one version and role one at most is active: the primary.
enum class KeyRole : std::uint8_t { token, index, format, encrypt };

constexpr int version_of(KeyAlgorithm algorithm) noexcept {
  return algorithm == KeyAlgorithm::hmac_sha_256 || algorithm == KeyAlgorithm::aes_256_gcm ? 1 : 2;
}
constexpr KeyRole role_of(KeyAlgorithm algorithm) noexcept {
  switch (algorithm) {
    case KeyAlgorithm::pii_idx_2:
      return KeyRole::index;
    case KeyAlgorithm::pii_ff1_2:
      return KeyRole::format;
    case KeyAlgorithm::hmac_sha_256:
    case KeyAlgorithm::pii_tok_2:
      return KeyRole::token;
    default:
      return KeyRole::encrypt;
  }
}
constexpr KeysetUsage usage_of(KeyAlgorithm algorithm) noexcept {
  return role_of(algorithm) == KeyRole::encrypt ? KeysetUsage::reveal : KeysetUsage::token;
}
/// The role that the document's primary key ids belong to.
constexpr KeyRole main_role_of(KeysetUsage usage) noexcept {
  return usage == KeysetUsage::token ? KeyRole::token : KeyRole::encrypt;
}

/// Where a key stands in its life (docs/formats.md section 4). Live are the first three.
enum class KeyStatus : std::uint8_t {
  staged,             // read with by all, written with by none
  active,             // the primary of its version and role
  retiring,           // was written with, is still read with
  disabled,           // kept, but out of use
  destroy_scheduled,  // the same, and gone at a date
  destroyed,          // only a row is left
};
inline constexpr std::size_t kKeyStatuses = 6;
PII_EXPORT std::string_view to_string(KeyStatus status) noexcept;
PII_EXPORT std::optional<KeyStatus> parse_key_status(std::string_view name) noexcept;
constexpr bool is_live(KeyStatus status) noexcept { return status <= KeyStatus::retiring; }

}  // namespace pii
