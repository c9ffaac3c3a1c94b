#pragma once

#include <cstddef>
#include <string_view>

#include "pii/base64url.hpp"
#include "pii/export.hpp"
#include "pii/result.hpp"

namespace pii {

inline constexpr std::string_view kCiphertextV1Prefix = "penc:v1:";
inline constexpr std::size_t kNonceSize = 12;
inline constexpr std::size_t kTagSize = 16;

/// The parts of `penc:v1:<kid>:<payload>`; the views point into the parsed text.
struct CiphertextParts {
  int version;
  std::string_view kid;
  std::string_view payload;  // base64url of nonce, ciphertext and tag
};

/// Splits a ciphertext. Strict: version is v1, the key id is well formed, the payload is canonical base64url
/// of at least 28 bytes. Lenient: what ecsctx splits (any version text, any key id, anything as payload;
/// version is then 1). Errors: malformed_ciphertext, unsupported_version.
PII_EXPORT Result<CiphertextParts> parse_ciphertext(std::string_view text,
                                                    Base64Mode mode = Base64Mode::strict);

/// Size of the version 1 ciphertext of `plaintext_size` bytes under a key id of `kid_size` bytes.
constexpr std::size_t ciphertext_v1_size(std::size_t plaintext_size, std::size_t kid_size) noexcept {
  return kCiphertextV1Prefix.size() + kid_size + 1 +
         base64url_encoded_size(kNonceSize + plaintext_size + kTagSize);
}

}  // namespace pii
