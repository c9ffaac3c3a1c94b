#pragma once

#include <cstddef>
#include <string_view>

// Full lower-casing as str.lower() does it under Unicode 14. Every `text` is valid UTF-8.
namespace pii::unicode {

/// Offset of the first code point that lower-casing changes, or the size of the text.
std::size_t find_upper(std::string_view text) noexcept;
/// The most bytes that the lower case of `size` bytes takes: some code points of two bytes become three.
constexpr std::size_t max_lower_size(std::size_t size) noexcept { return size + size / 2; }
/// Bytes of the lower case of text[offset...].
std::size_t lower_size(std::string_view text, std::size_t offset) noexcept;
/// Writes the lower case of text[offset...], which is seen in the context of the whole text; returns how many
/// bytes, at most 3 for every 2. Linear in the text.
std::size_t lower(std::string_view text, std::size_t offset, char* out) noexcept;

}  // namespace pii::unicode
