#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "mask/arena.hpp"

namespace pii::mask {

/// A text to look at and where each byte of it stands in the line: the line itself, or what unescaping and folding made of
/// a piece of it. Whatever is found in it is replaced in the line.
struct Layer {
  std::string_view text;
  const std::uint32_t* places = nullptr;  // text.size() + 1 of them; null: text[i] stands at `base + i`
  std::uint32_t base = 0;
  std::uint8_t escapes = 0;  // how often a quote must be escaped to stand in a string there

  std::uint32_t place(std::size_t offset) const noexcept {
    return places != nullptr ? places[offset] : base + static_cast<std::uint32_t>(offset);
  }
  /// The first offset from `from` on that stands at `place` or behind it.
  std::size_t offset(std::uint32_t place, std::size_t from) const noexcept {
    if (places == nullptr) return place - base;
    while (from < text.size() && places[from] < place) ++from;
    return from;
  }
  /// [begin, end) of this layer as a layer of its own.
  Layer part(std::size_t begin, std::size_t end) const noexcept {
    return {text.substr(begin, end - begin), places != nullptr ? places + begin : nullptr,
            base + static_cast<std::uint32_t>(begin), escapes};
  }
};

/// What is wrong with the escapes of a JSON string.
struct EscapeFaults {
  bool bad_escape = false;      // no JSON: it stays as it is
  bool lone_surrogate = false;  // no text: U+FFFD in its place
  bool any() const noexcept { return bad_escape || lone_surrogate; }
};

/// What stands between a JSON string's quotes, unescaped. The result lies in `arena`, or is `raw` where there is nothing
/// to unescape.
Layer unescape_json(const Layer& raw, Arena& arena, EscapeFaults& faults);

/// A text as the detectors see it (docs/masking.md section 5): %XX and &#NN; decoded, digits of every script and full-width
/// forms as ASCII, spaces as blanks, zero-width marks left out. The result lies in `arena`, or is `text` where there is
/// nothing to fold.
Layer fold(const Layer& text, Arena& arena);

}  // namespace pii::mask
