#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "pii/export.hpp"
#include "pii/key_algorithm.hpp"
#include "pii/result.hpp"
#include "pii/secret.hpp"

namespace pii {

/// How a single key is written down elsewhere.
enum class KeyFormat : std::uint8_t {
  raw,     // the bytes
  base64,  // either alphabet, unpadded or padded; hex and base64 may end with white space
  hex,
  jwk,   // RFC 7517, "kty":"oct"
  tink,  // a clear JSON keyset of Tink; its primary key, HmacKey (SHA256) or AesGcmKey
};
PII_EXPORT std::optional<KeyFormat> parse_key_format(std::string_view name) noexcept;

struct ImportedKey {
  SecretBytes key;
  std::optional<KeyAlgorithm> algorithm;  // when the format says it: of version 1
};
/// Errors: malformed_base64, malformed_json, invalid_keyset; they say which member, and never a key.
PII_EXPORT Result<ImportedKey> import_key(const SecretBytes& text, KeyFormat format);

}  // namespace pii
