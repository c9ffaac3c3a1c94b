#pragma once

#include <cstddef>
#include <string_view>

#include "pii/export.hpp"
#include "pii/result.hpp"

namespace pii {

inline constexpr std::string_view kFormatTokenPrefix = "pfpt:v2:";
/// The longest value that a format-preserving token stands for, in characters (docs/formats.md section 2.7).
inline constexpr std::size_t kMaxFormatValue = 64;

/// What alphabets of PII-FF1-2 keys are made of: letters and digits of ASCII.
constexpr bool is_format_character(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/// A format-preserving token: `pfpt:v2:<kid>:` and as many characters as its value has. The views are of the text.
struct FormatTokenParts {
  std::string_view kid;
  std::string_view characters;
};
/// Errors: malformed_token, unsupported_version.
PII_EXPORT Result<FormatTokenParts> parse_format_token(std::string_view text);

}  // namespace pii
