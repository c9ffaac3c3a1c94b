#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace pii::mask {

constexpr char to_lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
constexpr char to_upper(char c) noexcept { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }
constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) noexcept { return to_lower(c) >= 'a' && to_lower(c) <= 'z'; }
constexpr bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
constexpr bool is_beyond_ascii(char c) noexcept { return static_cast<unsigned char>(c) >= 0x80; }
constexpr bool is_ascii_word(char c) noexcept { return is_letter(c) || is_digit(c) || c == '_'; }
/// What a word is made of; letters of other scripts count as such.
constexpr bool is_word(char c) noexcept { return is_ascii_word(c) || is_beyond_ascii(c); }

/// How many digits its longest number has.
constexpr std::size_t longest_number(std::string_view text) noexcept {
  std::size_t longest = 0, digits = 0;
  for (const char c : text) {
    digits = is_digit(c) ? digits + 1 : 0;
    longest = std::max(longest, digits);
  }
  return longest;
}

/// The next `c` from `from` on, or npos: for texts that may be full of them, where calling out for each is what costs.
inline std::size_t find_next(std::string_view text, char c, std::size_t from) noexcept {
  constexpr std::size_t kNear = 8;
  const std::size_t near = from < text.size() && text.size() - from > kNear ? from + kNear : text.size();
  for (; from < near; ++from) {
    if (text[from] == c) return from;
  }
  return near == text.size() ? std::string_view::npos : text.find(c, near);
}

/// ASCII letters in lower case.
inline std::string to_lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = to_lower(c);
  return result;
}
/// Whether the text contains `lower`, which is in lower case, in any case.
inline bool contains_folded(std::string_view text, std::string_view lower) noexcept {
  return std::search(text.begin(), text.end(), lower.begin(), lower.end(), [](char a, char b) { return to_lower(a) == b; }) != text.end();
}
inline std::string_view trim(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace pii::mask
