#include "pii/token.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "formats/canonical.hpp"
#include "pii/names.hpp"

namespace pii {
namespace {

constexpr std::size_t kMacSize = 32;
static_assert(kTokenV1Size == kTokenV1Prefix.size() + base64url_encoded_size(kMacSize));
static_assert(token_v2_size(kMaxV2KidSize, kMaxTokenLength) <= kMaxTokenSize);

Error malformed(std::string message) { return Error(ErrorCode::malformed_token, std::move(message)); }

// `ptok:v`, a number, `:`.
bool has_version_mark(std::string_view text) noexcept {
  constexpr std::string_view kMark = "ptok:v";
  if (!text.starts_with(kMark)) return false;
  text.remove_prefix(kMark.size());
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  return digits != 0 && digits < text.size() && text[digits] == ':';
}

std::optional<Error> check_payload(std::string_view text, std::size_t begin) {
  const std::size_t bad = formats::find_non_canonical(text.substr(begin));
  if (bad == std::string_view::npos) return std::nullopt;
  return malformed("token is not canonical base64url at byte " + std::to_string(begin + bad));
}

std::optional<Error> check_v1(std::string_view text) {
  if (text.size() != kTokenV1Size) {
    return malformed("a version 1 token is " + std::to_string(kTokenV1Size) + " bytes long, this text " +
                     std::to_string(text.size()));
  }
  return check_payload(text, kTokenV1Prefix.size());
}

std::optional<Error> check_v2(std::string_view text) {
  constexpr std::size_t kBegin = kTokenV2Prefix.size();
  const std::size_t kid_end = text.find(':', kBegin);
  if (kid_end == std::string_view::npos || !is_valid_v2_kid(text.substr(kBegin, kid_end - kBegin))) {
    return malformed("a version 2 token is ptok:v2:<key id>:<payload>, and its key id is 1 to 32 of "
                     "A-Z a-z 0-9 _ -");
  }
  const std::size_t size = text.size() - kid_end - 1;
  if (size < base64url_encoded_size(kMinTokenLength) || size > base64url_encoded_size(kMaxTokenLength)) {
    return malformed("a version 2 token's payload is 22 to 43 characters long, this one " +
                     std::to_string(size));
  }
  return check_payload(text, kid_end + 1);
}

}  // namespace

Result<Token> Token::parse(std::string_view text) {
  std::optional<Error> error;
  if (text.starts_with(kTokenV1Prefix)) {
    error = check_v1(text);
  } else if (text.starts_with(kTokenV2Prefix)) {
    error = check_v2(text);
  } else if (has_version_mark(text)) {
    error = Error(ErrorCode::unsupported_version, "the token's version is not supported by this build",
                  "this build reads ptok:v1: and ptok:v2: tokens");
  } else {
    error = malformed("a token begins with ptok:v1: or ptok:v2:");
  }
  if (error) return std::move(*error);
  Token token;
  std::copy(text.begin(), text.end(), token.text_.begin());
  token.size_ = static_cast<std::uint8_t>(text.size());
  return token;
}

std::string_view Token::kid() const noexcept {
  if (version() != 2) return {};
  const std::string_view rest = view().substr(kTokenV2Prefix.size());
  return rest.substr(0, rest.find(':'));
}

Token Token::from_mac(std::span<const std::byte, 32> mac) noexcept {
  Token token;
  char* const payload = std::copy(kTokenV1Prefix.begin(), kTokenV1Prefix.end(), token.text_.data());
  token.size_ = static_cast<std::uint8_t>(kTokenV1Prefix.size() + base64url_encode(mac, payload));
  return token;
}

Token Token::from_mac_v2(std::string_view kid, std::span<const std::byte> mac) noexcept {
  Token token;
  char* end = std::copy(kTokenV2Prefix.begin(), kTokenV2Prefix.end(), token.text_.data());
  end = std::copy(kid.begin(), kid.end(), end);
  *end++ = ':';
  end += base64url_encode(mac, end);
  token.size_ = static_cast<std::uint8_t>(end - token.text_.data());
  return token;
}

}  // namespace pii
