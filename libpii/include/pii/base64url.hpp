#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "pii/export.hpp"
#include "pii/result.hpp"

namespace pii {

/// How much of RFC 4648 a decoder insists on.
enum class Base64Mode {
  /// Section 5 without padding, canonical: no foreign byte, no non-zero trailing bits.
  strict,
  /// What Python's base64.urlsafe_b64decode takes after ecsctx appended padding: both alphabets mixed, junk skipped,
  /// trailing bits ignored (docs/formats.md, "Lenient base64").
  lenient,
};

/// Characters needed for `size` bytes, without padding.
constexpr std::size_t base64url_encoded_size(std::size_t size) noexcept {
  return size / 3 * 4 + (size % 3 == 0 ? 0 : size % 3 + 1);
}
/// Bytes that `size` characters can hold at most, in either mode.
constexpr std::size_t base64url_decoded_capacity(std::size_t size) noexcept { return size / 4 * 3 + size % 4; }

/// Writes base64url_encoded_size(in.size()) characters to `out` and returns that number. `in` may lie inside `out` when
/// it is at its very end (encoding runs forward). Constant time in the content.
PII_EXPORT std::size_t base64url_encode(std::span<const std::byte> in, char* out) noexcept;

/// Decodes into `out`, which must hold base64url_decoded_capacity(in.size()) bytes; returns the number written.
/// Errors: malformed_base64 with the byte offset, never the text.
PII_EXPORT Result<std::size_t> base64url_decode(std::string_view in, std::span<std::byte> out,
                                                Base64Mode mode = Base64Mode::strict);

}  // namespace pii
