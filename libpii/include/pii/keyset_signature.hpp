#pragma once

#include <string>
#include <string_view>

#include "pii/export.hpp"
#include "pii/result.hpp"
#include "pii/secret.hpp"

namespace pii {

/// An Ed25519 key pair (RFC 8032) of a keyset's custodian. The signing key is a seed of 32 bytes.
struct KeysetSigner {
  SecretBytes signing_key;
  std::string verify_key;  // unpadded base64url of 32 bytes
};
PII_EXPORT KeysetSigner make_keyset_signer();
/// The pair of a seed, as raw bytes or as base64url text. Errors: invalid_keyset when it is neither.
PII_EXPORT Result<KeysetSigner> read_keyset_signer(const SecretBytes& text);
/// Whether `text` is unpadded base64url of 32 bytes.
PII_EXPORT bool is_verify_key(std::string_view text) noexcept;

/// `document` with `integrity.sig`, a signature of the form whose digest it carries (docs/formats.md section
/// 3). Every other byte stays. Errors: those of parse_keyset; usage when it carries no digest.
PII_EXPORT Result<SecretBytes> sign_keyset_document(const SecretBytes& document, const KeysetSigner& signer);

/// Whether the custodian signed this document. Errors: invalid_keyset when it is not signed, or by somebody
/// else, or was changed since; invalid_setting for a verify key that is none; those of the JSON reader.
PII_EXPORT Result<void> verify_keyset_document(const SecretBytes& document, std::string_view verify_key);

}  // namespace pii
