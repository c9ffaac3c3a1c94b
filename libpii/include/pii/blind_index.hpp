#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "pii/export.hpp"
#include "pii/result.hpp"

namespace pii {

inline constexpr std::string_view kBlindIndexPrefix = "pidx:v2:";
/// Bits that a blind index shows, as its key says (docs/formats.md section 2.3).
inline constexpr unsigned kMinIndexBits = 4;
inline constexpr unsigned kMaxIndexBits = 64;

/// A blind index: a few bits of a MAC, which many values share on purpose, to find rows by. Its own type and
/// prefix, so that nobody takes it for a token. No heap. Only the library makes or parses one.
class PII_EXPORT BlindIndex {
 public:
  std::string_view view() const noexcept { return {text_.data(), size_}; }
  std::string_view kid() const noexcept;

  friend bool operator==(const BlindIndex& a, const BlindIndex& b) noexcept { return a.view() == b.view(); }
  friend auto operator<=>(const BlindIndex& a, const BlindIndex& b) noexcept { return a.view() <=> b.view(); }

  /// Reads an index strictly: `pidx:v2:<kid>:` and 1 to 8 bytes in lower-case hex. Errors: malformed_token,
  /// unsupported_version.
  static Result<BlindIndex> parse(std::string_view text);
  /// The first `bits` (4 to 64) bits of a MAC of at least 8 bytes. `kid` is a version 2 key id.
  static BlindIndex from_mac(std::string_view kid, std::span<const std::byte> mac, unsigned bits) noexcept;

 private:
  static constexpr std::size_t kMaxSize = 64;  // prefix, key id of 32, colon, 16 digits

  std::array<char, kMaxSize> text_{};
  std::uint8_t size_ = 0;
};

}  // namespace pii
