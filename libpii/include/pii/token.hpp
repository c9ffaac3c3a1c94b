#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "pii/export.hpp"
#include "pii/result.hpp"

namespace pii {

/// Size of every version 1 token: `ptok:v1:` and 43 base64url characters.
inline constexpr std::size_t kTokenV1Size = 51;
inline constexpr std::string_view kTokenV1Prefix = "ptok:v1:";

/// A token: text that stands for a value and says nothing of it. No heap. Only the library makes or parses
/// one.
class PII_EXPORT Token {
 public:
  std::string_view view() const noexcept { return {text_.data(), size_}; }
  int version() const noexcept { return 1; }

  friend bool operator==(const Token& a, const Token& b) noexcept { return a.view() == b.view(); }
  friend auto operator<=>(const Token& a, const Token& b) noexcept { return a.view() <=> b.view(); }

  /// Reads a token strictly: version 1, canonical base64url. Errors: malformed_token, unsupported_version.
  static Result<Token> parse(std::string_view text);
  /// The version 1 token of a 32-byte MAC.
  static Token from_mac(std::span<const std::byte, 32> mac) noexcept;

 private:
  static constexpr std::size_t kMaxSize = 96;  // room for version 2: prefix, key id of 32, 43 characters

  std::array<char, kMaxSize> text_{};  // all of it set, so that a copy carries nothing of the stack
  std::uint8_t size_ = 0;
};

}  // namespace pii
