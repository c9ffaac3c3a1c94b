#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "pii/base64url.hpp"
#include "pii/export.hpp"
#include "pii/result.hpp"

namespace pii {

/// Size of every version 1 token: `ptok:v1:` and 43 base64url characters.
inline constexpr std::size_t kTokenV1Size = 51;
inline constexpr std::string_view kTokenV1Prefix = "ptok:v1:";
inline constexpr std::string_view kTokenV2Prefix = "ptok:v2:";
/// Bytes of a MAC that a version 2 token shows, as its key says (docs/formats.md section 2.2).
inline constexpr std::size_t kMinTokenLength = 16;
inline constexpr std::size_t kMaxTokenLength = 32;
/// No token of any version is longer.
inline constexpr std::size_t kMaxTokenSize = 96;

/// Size of a version 2 token of `length` bytes under a key id of `kid_size` characters.
constexpr std::size_t token_v2_size(std::size_t kid_size, std::size_t length) noexcept {
  return kTokenV2Prefix.size() + kid_size + 1 + base64url_encoded_size(length);
}

/// A token: text that stands for a value and says nothing of it. No heap. Only the library makes or parses
/// one.
class PII_EXPORT Token {
 public:
  /// No token: room for one of a batch.
  Token() noexcept = default;
  std::string_view view() const noexcept { return {text_.data(), size_}; }
  int version() const noexcept { return size_ == 0 ? 0 : text_[6] - '0'; }
  /// The id of the key that made it; empty for version 1, which carries none.
  std::string_view kid() const noexcept;

  friend bool operator==(const Token& a, const Token& b) noexcept { return a.view() == b.view(); }
  friend auto operator<=>(const Token& a, const Token& b) noexcept { return a.view() <=> b.view(); }

  /// Reads a token strictly: a known version, a well-formed key id, canonical base64url of the right length.
  /// Errors: malformed_token, unsupported_version.
  static Result<Token> parse(std::string_view text);
  /// The version 1 token of a 32-byte MAC.
  static Token from_mac(std::span<const std::byte, 32> mac) noexcept;
  /// The version 2 token of a MAC cut to 16 to 32 bytes. `kid` is a version 2 key id.
  static Token from_mac_v2(std::string_view kid, std::span<const std::byte> mac) noexcept;

 private:
  std::array<char, kMaxTokenSize> text_{};  // all of it set, so that a copy carries nothing of the stack
  std::uint8_t size_ = 0;
};

}  // namespace pii
