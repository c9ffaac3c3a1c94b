#pragma once

#include <string_view>

#include "mask/text.hpp"

namespace pii::mask {

/// Whether a text, not empty, is a number, `true`, `false` or `null` (RFC 8259) and nothing else.
bool is_json_scalar(std::string_view text) noexcept;

/// Whether a text is a UUID or hex of sixteen digits and more with a letter in it: no detector finds anything in one.
bool is_identifier(std::string_view text) noexcept;
inline constexpr std::size_t kShortestIdentifier = 16;

/// Whether the first character that is no blank is escaped: what `\n{` stands for may be white space or a bracket.
inline bool begins_with_escape(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  return text.starts_with('\\');
}

}  // namespace pii::mask
