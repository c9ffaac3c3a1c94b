#pragma once

#include <cstddef>
#include <string_view>

#include "pii/base64url.hpp"
#include "pii/export.hpp"
#include "pii/result.hpp"

namespace pii {

inline constexpr std::string_view kCiphertextV1Prefix = "penc:v1:";
inline constexpr std::string_view kCiphertextV2Prefix = "penc:v2:";
inline constexpr std::string_view kWrappedKeyPrefix = "pdek:v2:";
inline constexpr std::size_t kNonceSize = 12;
inline constexpr std::size_t kTagSize = 16;
/// Version 2: a longer nonce and, save under slim keys, a commitment before the ciphertext.
inline constexpr std::size_t kNonceV2Size = 24;
inline constexpr std::size_t kCommitmentSize = 32;
/// A subject's id is 16 random bytes, 22 characters of base64url behind `~`.
inline constexpr std::size_t kSubjectIdSize = 16;
inline constexpr std::size_t kSubjectKeySize = 32;

/// The parts of `penc:v1:<kid>:<payload>` or `penc:v2:<kid>:<payload>`; the views point into the parsed text.
struct CiphertextParts {
  int version;
  std::string_view kid;      // of version 2 also `~` and a subject's id
  std::string_view payload;  // base64url of nonce, commitment (version 2, not under slim keys), text and tag

  /// The text of the subject's id, or empty when a key of the keyset encrypted.
  std::string_view subject() const noexcept {
    return version == 2 && kid.starts_with('~') ? kid.substr(1) : std::string_view();
  }
};

/// Splits a ciphertext. Strict: version is v1 or v2, the key id is well formed for it, the payload is canonical
/// base64url and not shorter than its version allows. Lenient: what ecsctx splits (any version text, any key
/// id, anything as payload; version is then 1). Errors: malformed_ciphertext, unsupported_version.
PII_EXPORT Result<CiphertextParts> parse_ciphertext(std::string_view text,
                                                    Base64Mode mode = Base64Mode::strict);

/// Splits a subject's wrapped key, `pdek:v2:<kid>:` and 104 bytes. Errors: malformed_ciphertext,
/// unsupported_version.
PII_EXPORT Result<CiphertextParts> parse_wrapped_key(std::string_view text);

/// Size of the version 1 ciphertext of `plaintext_size` bytes under a key id of `kid_size` bytes.
constexpr std::size_t ciphertext_v1_size(std::size_t plaintext_size, std::size_t kid_size) noexcept {
  return kCiphertextV1Prefix.size() + kid_size + 1 +
         base64url_encoded_size(kNonceSize + plaintext_size + kTagSize);
}

/// Size of the version 2 ciphertext of `padded_size` bytes, padding included, under a key id of `kid_size`
/// bytes; also of a wrapped key. Slim keys leave the commitment out.
constexpr std::size_t ciphertext_v2_size(std::size_t padded_size, std::size_t kid_size,
                                         bool slim = false) noexcept {
  return kCiphertextV2Prefix.size() + kid_size + 1 +
         base64url_encoded_size(kNonceV2Size + (slim ? 0 : kCommitmentSize) + padded_size + kTagSize);
}

}  // namespace pii
