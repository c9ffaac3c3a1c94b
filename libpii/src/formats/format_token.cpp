#include "pii/format_token.hpp"

#include <algorithm>

#include "pii/names.hpp"

namespace pii {

Result<FormatTokenParts> parse_format_token(std::string_view text) {
  if (!text.starts_with(kFormatTokenPrefix)) {
    if (text.starts_with("pfpt:v")) {
      return Error(ErrorCode::unsupported_version, "the format-preserving token's version is not supported by this build",
                   "this build reads pfpt:v2: tokens");
    }
    return Error(ErrorCode::malformed_token, "a format-preserving token begins with pfpt:v2:");
  }
  const std::string_view rest = text.substr(kFormatTokenPrefix.size());
  const std::size_t colon = rest.find(':');
  const FormatTokenParts parts{rest.substr(0, colon),
                               colon == std::string_view::npos ? std::string_view() : rest.substr(colon + 1)};
  if (!is_valid_v2_kid(parts.kid) || parts.characters.empty() || parts.characters.size() > kMaxFormatValue ||
      !std::ranges::all_of(parts.characters, is_format_character)) {
    return Error(ErrorCode::malformed_token,
                 "a format-preserving token is pfpt:v2:<key id>:<1 to 64 letters and digits>");
  }
  return parts;
}

}  // namespace pii
