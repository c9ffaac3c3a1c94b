#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "base/utf8.hpp"
#include "normalize/unicode_properties.hpp"

// `\w` and `\b` of Python's regular expressions over UTF-8. Bytes that are no UTF-8 are no word.
namespace pii::mask::ecsctx {

inline constexpr auto kAsciiWord = [] {
  std::array<bool, 128> word{};
  for (std::size_t c = '0'; c <= '9'; ++c) word[c] = true;
  for (std::size_t c = 'A'; c <= 'Z'; ++c) word[c] = word[c | 0x20] = true;
  word['_'] = true;
  return word;
}();

/// Where the character begins that ends right before `end`, which is not 0; one byte where it is no UTF-8.
inline std::size_t previous_character(std::string_view text, std::size_t end) noexcept {
  if (static_cast<unsigned char>(text[end - 1]) < 0x80) return end - 1;
  for (std::size_t size = 1; size <= 4 && size <= end; ++size) {
    const auto byte = static_cast<unsigned char>(text[end - size]);
    if ((byte & 0xC0) == 0x80) continue;
    return base::decode_utf8(text.substr(0, end), end - size).size == size ? end - size : end - 1;
  }
  return end - 1;
}

/// Whether the character at `at` is a word's; the end of the text is none.
inline bool is_word_at(std::string_view text, std::size_t at) noexcept {
  if (at >= text.size()) return false;
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte < 0x80) return kAsciiWord[byte];
  const char32_t code_point = base::decode_utf8(text, at).code_point;
  return code_point != base::kInvalidCodePoint &&
         unicode::properties_of(code_point).has(unicode::Properties::kWord);
}

/// Whether the character right before `at` is a word's; the beginning of the text is none.
inline bool is_word_before(std::string_view text, std::size_t at) noexcept {
  return at != 0 && is_word_at(text, previous_character(text, at));
}

inline bool is_boundary(std::string_view text, std::size_t at) noexcept {
  return is_word_before(text, at) != is_word_at(text, at);
}

}  // namespace pii::mask::ecsctx
