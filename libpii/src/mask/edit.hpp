#pragma once

#include <cstdint>
#include <string_view>

#include "pii/detector.hpp"

namespace pii::mask {

/// What takes the place of bytes [begin, end) of the line. Texts lie in the event's arena or live longer.
struct Edit {
  enum class Kind : std::uint8_t {
    text,    // `text`
    token,   // the token of `text` (canonical), then suffix()
    cipher,  // the ciphertext of `text`
  };
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  Kind kind = Kind::text;
  bool quoted = false;       // a number that becomes a string
  std::uint8_t escapes = 0;  // of those quotes
  std::uint16_t field = 0;   // MaskPolicy::Impl::fields
  std::uint16_t suffix_size = 0;
  std::string_view text = {};

  /// It lies behind the text.
  std::string_view suffix() const noexcept { return {text.data() + text.size(), suffix_size}; }
};
static_assert(sizeof(Edit) <= 32, "a line may have as many as it has bytes");

}  // namespace pii::mask
