#include "pii/ciphertext.hpp"

#include <optional>
#include <string>

#include "formats/canonical.hpp"
#include "pii/names.hpp"

namespace pii {
namespace {

constexpr std::string_view kMark = "penc:";
static_assert(kCiphertextV1Prefix.starts_with(kMark) && kCiphertextV2Prefix.starts_with(kMark));

constexpr std::size_t kLeastV1 = base64url_encoded_size(kNonceSize + kTagSize);
constexpr std::size_t kLeastV2 = base64url_encoded_size(kNonceV2Size + kTagSize);  // under a slim key
constexpr std::size_t kLeastSubject = base64url_encoded_size(kNonceV2Size + kCommitmentSize + kTagSize);
constexpr std::size_t kWrappedSize =
    base64url_encoded_size(kNonceV2Size + kCommitmentSize + kSubjectKeySize + kTagSize);

Error malformed(std::string message) { return Error(ErrorCode::malformed_ciphertext, std::move(message)); }

std::optional<Error> check_payload(std::string_view payload, std::size_t offset, std::string_view what) {
  const std::size_t bad = formats::find_non_canonical(payload);
  if (bad == std::string_view::npos) return std::nullopt;
  return malformed(std::string(what) + "'s payload is not canonical base64url at byte " +
                   std::to_string(offset + bad));
}

std::optional<Error> check_v1(std::string_view kid, std::string_view payload, std::size_t payload_offset) {
  if (!is_valid_kid(kid)) return malformed("the ciphertext's key id is not 1 to 64 of A-Z a-z 0-9 . _ -");
  if (auto error = check_payload(payload, payload_offset, "the ciphertext")) return error;
  if (payload.size() < kLeastV1) return malformed("the ciphertext's payload is shorter than nonce and tag");
  return std::nullopt;
}

bool is_subject_id(std::string_view id) noexcept {
  return id.size() == base64url_encoded_size(kSubjectIdSize) &&
         formats::find_non_canonical(id) == std::string_view::npos;
}

std::optional<Error> check_v2(std::string_view kid, std::string_view payload, std::size_t payload_offset) {
  const bool subject = kid.starts_with('~');
  if (subject ? !is_subject_id(kid.substr(1)) : !is_valid_v2_kid(kid)) {
    return malformed("the ciphertext's key id is neither 1 to 32 of A-Z a-z 0-9 _ - nor ~ and a subject's id");
  }
  if (auto error = check_payload(payload, payload_offset, "the ciphertext")) return error;
  if (payload.size() < (subject ? kLeastSubject : kLeastV2)) {
    return malformed("the ciphertext's payload is shorter than what stands around its text");
  }
  return std::nullopt;
}

}  // namespace

Result<CiphertextParts> parse_ciphertext(std::string_view text, Base64Mode mode) {
  constexpr std::size_t kNone = std::string_view::npos;
  const std::size_t version_end = text.starts_with(kMark) ? text.find(':', kMark.size()) : kNone;
  const std::size_t kid_end = version_end == kNone ? kNone : text.find(':', version_end + 1);
  if (kid_end == kNone) return malformed("a ciphertext is penc:v1:<key id>:<payload>, or penc:v2:");
  const std::string_view version = text.substr(kMark.size(), version_end - kMark.size());
  const std::string_view kid = text.substr(version_end + 1, kid_end - version_end - 1);
  const std::string_view payload = text.substr(kid_end + 1);  // with every further colon
  if (mode == Base64Mode::lenient) return CiphertextParts{1, kid, payload};
  if (version != "v1" && version != "v2") {
    return Error(ErrorCode::unsupported_version, "the ciphertext's version is not supported by this build",
                 "this build reads penc:v1: and penc:v2: ciphertexts");
  }
  auto error = version == "v1" ? check_v1(kid, payload, kid_end + 1) : check_v2(kid, payload, kid_end + 1);
  if (error) return std::move(*error);
  return CiphertextParts{version[1] - '0', kid, payload};
}

Result<CiphertextParts> parse_wrapped_key(std::string_view text) {
  constexpr std::size_t kBegin = kWrappedKeyPrefix.size();
  if (!text.starts_with(kWrappedKeyPrefix)) {
    if (text.starts_with("pdek:v")) {
      return Error(ErrorCode::unsupported_version, "the wrapped key's version is not supported by this build",
                   "this build reads pdek:v2: keys");
    }
    return malformed("a wrapped key begins with pdek:v2:");
  }
  const std::size_t kid_end = text.find(':', kBegin);
  if (kid_end == std::string_view::npos || !is_valid_v2_kid(text.substr(kBegin, kid_end - kBegin))) {
    return malformed("a wrapped key is pdek:v2:<key id>:<payload>, and its key id is 1 to 32 of "
                     "A-Z a-z 0-9 _ -");
  }
  const std::string_view payload = text.substr(kid_end + 1);
  if (auto error = check_payload(payload, kid_end + 1, "the wrapped key")) return std::move(*error);
  if (payload.size() != kWrappedSize) {
    return malformed("a wrapped key's payload is " + std::to_string(kWrappedSize) + " characters long, this one " +
                     std::to_string(payload.size()));
  }
  return CiphertextParts{2, text.substr(kBegin, kid_end - kBegin), payload};
}

}  // namespace pii
