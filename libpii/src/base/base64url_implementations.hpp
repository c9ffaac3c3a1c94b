#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "pii/base64url.hpp"

// The interchangeable inner loops of base64url.cpp. All are constant time in the content: registers and
// arithmetic, no table in memory indexed by it.
namespace pii::base {

inline constexpr std::size_t kLabelSize = 8;  // of encode_labelled

struct Base64Implementation {
  const char* name;
  /// Encodes all of it, as base64url_encode() does.
  void (*encode)(const std::byte* in, std::size_t size, char* out) noexcept;
  /// Writes at each out[i] the label, kLabelSize characters, and the text of 32 bytes at in + 32 * i.
  void (*encode_labelled)(const char* label, const std::byte* in, std::size_t count, char* const* out) noexcept;
  /// Decodes strictly from the start, in groups of four characters, until few are left or a group holds a
  /// foreign byte. Returns the number of characters decoded; 3 bytes were written for each 4.
  std::size_t (*decode_groups)(const char* in, std::size_t size, std::byte* out) noexcept;
};

/// Those that this processor can run; the portable one is the first.
std::span<const Base64Implementation> base64_implementations() noexcept;
/// The last of them that passes its known-answer test, chosen once.
const Base64Implementation& base64_in_force() noexcept;
bool passes_known_answer(const Base64Implementation& implementation) noexcept;

/// base64url_decode() in strict mode with a given implementation.
Result<std::size_t> base64url_decode_with(const Base64Implementation& implementation, std::string_view in,
                                          std::span<std::byte> out);

}  // namespace pii::base
