#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "pii/export.hpp"
#include "pii/keyset.hpp"
#include "pii/result.hpp"
#include "pii/secret.hpp"

namespace pii {

/// What guessing a passphrase costs: Argon2id's passes and bytes of memory, which a sealed keyset carries.
/// Within 2 to 20 and 64 MiB to 1 GiB; anything else is refused, on reading too.
struct SealCost {
  std::uint32_t passes = 3;
  std::uint64_t memory = std::uint64_t{256} << 20;
};
inline constexpr std::uint32_t kMinSealPasses = 2;
inline constexpr std::uint32_t kMaxSealPasses = 20;
inline constexpr std::uint64_t kMinSealMemory = std::uint64_t{64} << 20;
inline constexpr std::uint64_t kMaxSealMemory = std::uint64_t{1} << 30;
inline constexpr std::size_t kMinPassphrase = 8;

/// The longest text of a sealed keyset.
inline constexpr std::size_t kMaxSealedSize = 2 * kMaxKeysetSize;

/// A fresh key that a key management system wraps, instead of a passphrase's.
struct WrappedKey {
  SecretBytes key;          // 32 bytes
  std::string kek;          // who unwraps it: "vault-transit:MOUNT/KEY"
  std::string wrapped_key;  // what it has made of the key: at most 2,048 printable ASCII characters
};
inline constexpr std::size_t kSealKeySize = 32;
inline constexpr std::string_view kVaultTransit = "vault-transit:";

/// A keyset document that only a passphrase opens (docs/formats.md section 3, "Sealed"). Blocks while the key
/// is derived, about half a second. Errors: those of parse_keyset; usage for a passphrase below
/// kMinPassphrase bytes or a cost out of bounds; crypto_failure when there is not enough memory.
PII_EXPORT Result<SecretBytes> seal_keyset_document(const SecretBytes& document,
                                                    const SecretBytes& passphrase, SealCost cost = {});
/// The same under a wrapped key. Errors: those of parse_keyset; usage for a key or texts that are none.
PII_EXPORT Result<SecretBytes> seal_keyset_document(const SecretBytes& document, const WrappedKey& key);

/// Whether the text is a JSON object with a member `sealed`.
PII_EXPORT bool is_sealed_document(const SecretBytes& text);

/// What the header says of how a sealed keyset is opened. Nothing of it is proven before it is open.
struct SealHeader {
  SealCost cost;            // of a passphrase
  std::string kek;          // empty: a passphrase
  std::string wrapped_key;  // of a kek
};
/// Errors: malformed_json, invalid_keyset for what is no sealed keyset or has bounds broken.
PII_EXPORT Result<SealHeader> read_seal_header(const SecretBytes& text);

/// The document. Errors: those of read_seal_header; invalid_keyset when it is sealed in the other way;
/// reveal_failed for another passphrase and for damage, without a difference.
PII_EXPORT Result<SecretBytes> unseal_keyset_document(const SecretBytes& text, const SecretBytes& passphrase);
/// The same with the unwrapped key.
PII_EXPORT Result<SecretBytes> unseal_keyset_document_with_key(const SecretBytes& text, const SecretBytes& key);

}  // namespace pii
