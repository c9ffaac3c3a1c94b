#include "pii/token.hpp"

#include <algorithm>
#include <string>

#include "formats/canonical.hpp"
#include "pii/base64url.hpp"

namespace pii {
namespace {

constexpr std::size_t kMacSize = 32;
static_assert(kTokenV1Size == kTokenV1Prefix.size() + base64url_encoded_size(kMacSize));

// `ptok:v`, a number, `:`.
bool has_version_mark(std::string_view text) noexcept {
  constexpr std::string_view kMark = "ptok:v";
  if (!text.starts_with(kMark)) return false;
  text.remove_prefix(kMark.size());
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  return digits != 0 && digits < text.size() && text[digits] == ':';
}

}  // namespace

Result<Token> Token::parse(std::string_view text) {
  if (!text.starts_with(kTokenV1Prefix)) {
    if (has_version_mark(text)) {
      return Error(ErrorCode::unsupported_version, "the token's version is not supported by this build",
                   "this build reads ptok:v1: tokens");
    }
    return Error(ErrorCode::malformed_token, "a token begins with ptok:v1:");
  }
  if (text.size() != kTokenV1Size) {
    return Error(ErrorCode::malformed_token, "a version 1 token is " + std::to_string(kTokenV1Size) +
                                                 " bytes long, this text " + std::to_string(text.size()));
  }
  const std::size_t bad = formats::find_non_canonical(text.substr(kTokenV1Prefix.size()));
  if (bad != std::string_view::npos) {
    return Error(ErrorCode::malformed_token,
                 "token is not canonical base64url at byte " + std::to_string(kTokenV1Prefix.size() + bad));
  }
  Token token;
  std::copy(text.begin(), text.end(), token.text_.begin());
  token.size_ = kTokenV1Size;
  return token;
}

Token Token::from_mac(std::span<const std::byte, 32> mac) noexcept {
  Token token;
  char* const payload = std::copy(kTokenV1Prefix.begin(), kTokenV1Prefix.end(), token.text_.data());
  token.size_ = static_cast<std::uint8_t>(kTokenV1Prefix.size() + base64url_encode(mac, payload));
  return token;
}

}  // namespace pii
