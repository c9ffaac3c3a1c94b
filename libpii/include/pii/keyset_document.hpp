#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pii/export.hpp"
#include "pii/keyset.hpp"
#include "pii/result.hpp"
#include "pii/secret.hpp"

namespace pii {

/// What a new key is called and when it was made.
struct NewKey {
  std::string kid;         // [A-Za-z0-9._-]{1,64}
  std::string created_at;  // RFC 3339, UTC with a Z
};

/// A version 1 document with one fresh 32-byte key, and with `integrity.digest` when asked for.
/// Errors: invalid_name (key id), usage (date).
PII_EXPORT Result<SecretBytes> make_keyset_document(KeysetUsage usage, const NewKey& key,
                                                    bool with_digest = false);

/// A version 1 document with a fresh 32-byte key as its primary. Every other byte stays, save a digest, which
/// is made anew. Errors: those of parse_keyset and make_keyset_document, already_exists when the key id is
/// taken, usage for schema 2 (keyset_draft.hpp).
PII_EXPORT Result<SecretBytes> rotate_keyset_document(const SecretBytes& document, const NewKey& key);

/// One thing a careful owner would change. Never holds key material.
struct LintFinding {
  std::string kid;  // empty: the keyset as a whole
  std::string message;
  std::string hint;
};

/// What is legal and yet unwise: keys that are not 32 bytes, equal keys under two ids, all bytes alike,
/// base64 that is not unpadded base64url, hex read as base64, a missing creation date; in schema 2 also no
/// digest, a propagation that readers may not keep, and a format-preserving key beside others. Live keys only.
PII_EXPORT Result<std::vector<LintFinding>> lint_keyset_document(const SecretBytes& document);

}  // namespace pii
