#pragma once

#include <cstdint>

namespace pii::unicode {

/// What normalization knows of a code point (Unicode 14, as Python's str methods see it).
struct Properties {
  static constexpr std::uint8_t kSpace = 1;          // str.strip() removes it
  static constexpr std::uint8_t kDigit = 2;          // general category Nd
  static constexpr std::uint8_t kCased = 4;          // cased and not case-ignorable
  static constexpr std::uint8_t kCaseIgnorable = 8;  // looked through when a final sigma is decided
  static constexpr std::uint8_t kLowerExpands = 16;  // U+0130: `i` and U+0307
  static constexpr std::uint8_t kWord = 32;          // \w of a regular expression: str.isalnum(), or `_`

  std::int32_t lower_distance;  // added to the code point it gives the (first) lower-case one
  std::uint8_t flags;

  constexpr bool has(std::uint8_t flag) const noexcept { return (flags & flag) != 0; }
};

// The generated two-stage table (unicode_tables.cpp). Code points from kTableEnd on have no property.
inline constexpr char32_t kBlockSize = 128;
inline constexpr char32_t kTableEnd = 0xe0200;
extern const Properties kProperties[];
extern const std::uint8_t kBlocks[];
extern const std::uint8_t kEntries[];

/// `code_point` is at most U+10FFFF.
inline const Properties& properties_of(char32_t code_point) noexcept {
  if (code_point >= kTableEnd) return kProperties[0];
  return kProperties[kEntries[kBlocks[code_point / kBlockSize] * kBlockSize + code_point % kBlockSize]];
}

}  // namespace pii::unicode
