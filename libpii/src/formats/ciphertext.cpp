#include "pii/ciphertext.hpp"

#include <optional>
#include <string>

#include "formats/canonical.hpp"
#include "pii/names.hpp"

namespace pii {
namespace {

constexpr std::string_view kMark = "penc:";
constexpr std::string_view kVersion = "v1";
static_assert(kCiphertextV1Prefix.starts_with(kMark) &&
              kCiphertextV1Prefix.size() == kMark.size() + kVersion.size() + 1);

std::optional<Error> check_strictly(std::string_view version, std::string_view kid, std::string_view payload,
                                    std::size_t payload_offset) {
  if (version != kVersion) {
    return Error(ErrorCode::unsupported_version, "the ciphertext's version is not supported by this build",
                 "this build reads penc:v1: ciphertexts");
  }
  if (!is_valid_kid(kid)) {
    return Error(ErrorCode::malformed_ciphertext,
                 "the ciphertext's key id is not 1 to 64 of A-Z a-z 0-9 . _ -");
  }
  if (const std::size_t bad = formats::find_non_canonical(payload); bad != std::string_view::npos) {
    return Error(ErrorCode::malformed_ciphertext,
                 "the ciphertext's payload is not canonical base64url at byte " +
                     std::to_string(payload_offset + bad));
  }
  if (payload.size() < base64url_encoded_size(kNonceSize + kTagSize)) {
    return Error(ErrorCode::malformed_ciphertext, "the ciphertext's payload is shorter than nonce and tag");
  }
  return std::nullopt;
}

}  // namespace

Result<CiphertextParts> parse_ciphertext(std::string_view text, Base64Mode mode) {
  constexpr std::size_t kNone = std::string_view::npos;
  const std::size_t version_end = text.starts_with(kMark) ? text.find(':', kMark.size()) : kNone;
  const std::size_t kid_end = version_end == kNone ? kNone : text.find(':', version_end + 1);
  if (kid_end == kNone) {
    return Error(ErrorCode::malformed_ciphertext, "a ciphertext is penc:v1:<key id>:<payload>");
  }
  const std::string_view version = text.substr(kMark.size(), version_end - kMark.size());
  const std::string_view kid = text.substr(version_end + 1, kid_end - version_end - 1);
  const std::string_view payload = text.substr(kid_end + 1);  // with every further colon
  if (mode == Base64Mode::strict) {
    if (auto error = check_strictly(version, kid, payload, kid_end + 1)) return std::move(*error);
  }
  return CiphertextParts{1, kid, payload};
}

}  // namespace pii
