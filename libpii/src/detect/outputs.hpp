#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "detect/characters.hpp"

namespace pii::detect {

/// Which outputs of the masker a policy and its keysets make (docs/masking.md section 2).
struct OutputGrammar {
  std::span<const std::string> labels = {};       // each with its brackets
  std::span<const std::string> reveal_kids = {};  // empty: any well-formed kid
  std::uint8_t v4_prefix = 0;                     // 0: addresses are not shortened
  std::uint8_t v6_prefix = 0;
};

/// Size of the output that begins at text[offset] and ends at a boundary, or 0. The caller checks that
/// nothing touches its start. Not `stars`, which only a whole value can be.
std::size_t output_at(std::string_view text, std::size_t offset, const OutputGrammar& grammar) noexcept;

/// Whether an output may begin with the character.
constexpr bool may_begin_output(char c, const OutputGrammar& grammar) noexcept {
  if (is_digit(c) || c == 'p' || c == '[' || c == '*') return true;
  return (is_hex(c) || c == ':') && (grammar.v4_prefix != 0 || grammar.v6_prefix != 0);
}
bool reads_as_output(std::string_view value, const OutputGrammar& grammar) noexcept;

/// Whether a whole value is an output, `stars` included.
inline bool is_output(std::string_view value, const OutputGrammar& grammar) noexcept {
  return !value.empty() && may_begin_output(value.front(), grammar) && reads_as_output(value, grammar);
}

}  // namespace pii::detect
