#include "pii/ciphertext.hpp"

#include <optional>
#include <string>

#include "formats/canonical.hpp"
#include "pii/names.hpp"

namespace pii {
namespace {

constexpr std::string_view kMark = "penc";

struct Split {
  std::string_view version;
  std::string_view kid;
  std::string_view payload;  // with every further colon
};

std::optional<Split> split(std::string_view text) noexcept {
  std::string_view parts[3];
  for (std::string_view& part : parts) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    part = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  if (parts[0] != kMark) return std::nullopt;
  return Split{parts[1], parts[2], text};
}

}  // namespace

Result<CiphertextParts> parse_ciphertext(std::string_view text, Base64Mode mode) {
  const std::optional<Split> parts = split(text);
  if (!parts) return Error(ErrorCode::malformed_ciphertext, "a ciphertext is penc:v1:<key id>:<payload>");
  const CiphertextParts result{1, parts->kid, parts->payload};
  if (mode == Base64Mode::lenient) return result;

  if (parts->version != "v1") {
    return Error(ErrorCode::unsupported_version, "the ciphertext's version is not supported by this build",
                 "this build reads penc:v1: ciphertexts");
  }
  if (!is_valid_kid(result.kid)) {
    return Error(ErrorCode::malformed_ciphertext,
                 "the ciphertext's key id is not 1 to 64 of A-Z a-z 0-9 . _ -");
  }
  const std::size_t payload_offset = text.size() - result.payload.size();
  if (const std::size_t bad = formats::find_non_canonical(result.payload); bad != std::string_view::npos) {
    return Error(ErrorCode::malformed_ciphertext,
                 "the ciphertext's payload is not canonical base64url at byte " +
                     std::to_string(payload_offset + bad));
  }
  if (result.payload.size() < base64url_encoded_size(kNonceSize + kTagSize)) {
    return Error(ErrorCode::malformed_ciphertext, "the ciphertext's payload is shorter than nonce and tag");
  }
  return result;
}

}  // namespace pii
