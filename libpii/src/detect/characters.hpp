#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

// Classes of bytes and code points, as the detectors see them.
namespace pii::detect {

enum CharacterClass : std::uint8_t {
  kDigit = 1,
  kUpper = 2,
  kLower = 4,
  kHexLetter = 8,
  kUnderscore = 16,
  kBlank = 32,  // white space
  kLocal = 64,  // may stand in the local part of an address, as people write it
  kHigh = 128,  // above 0x7F
};

inline constexpr auto kClasses = [] {
  std::array<std::uint8_t, 256> table{};
  for (std::size_t c = '0'; c <= '9'; ++c) table[c] = kDigit | kLocal;
  for (std::size_t c = 'A'; c <= 'Z'; ++c) table[c] = kUpper | kLocal | (c <= 'F' ? kHexLetter : 0);
  for (std::size_t c = 'a'; c <= 'z'; ++c) table[c] = kLower | kLocal | (c <= 'f' ? kHexLetter : 0);
  table['_'] = kUnderscore | kLocal;
  for (const char c : std::string_view("\t\n\v\f\r ")) table[static_cast<unsigned char>(c)] = kBlank;
  for (const char c : std::string_view(".+-'%&~#$!^*")) table[static_cast<unsigned char>(c)] = kLocal;
  for (std::size_t c = 0x80; c <= 0xFF; ++c) table[c] = kHigh;
  return table;
}();

constexpr bool is_class(char c, int classes) noexcept {
  return (kClasses[static_cast<unsigned char>(c)] & classes) != 0;
}
constexpr bool is_digit(char c) noexcept { return static_cast<unsigned char>(c - '0') <= 9; }
constexpr bool is_letter(char c) noexcept { return is_class(c, kUpper | kLower); }
constexpr bool is_alnum(char c) noexcept { return is_class(c, kUpper | kLower | kDigit); }
constexpr bool is_word(char c) noexcept { return is_class(c, kUpper | kLower | kDigit | kUnderscore); }
constexpr bool is_hex(char c) noexcept { return is_class(c, kDigit | kHexLetter); }
constexpr bool is_blank(char c) noexcept { return is_class(c, kBlank); }
constexpr char to_lower(char c) noexcept { return is_class(c, kUpper) ? static_cast<char>(c | 0x20) : c; }
constexpr char to_upper(char c) noexcept { return is_class(c, kLower) ? static_cast<char>(c & ~0x20) : c; }
constexpr int digit_of(char c) noexcept { return c - '0'; }

/// Whether a code point above U+007F may be part of a name or word: a letter or a mark of some script, as far
/// as can be told from its block.
constexpr bool is_name_code_point(char32_t c) noexcept {
  if (c < 0xC0) return c == 0xAA || c == 0xB5 || c == 0xBA;
  if (c == 0xD7 || c == 0xF7) return false;
  if (c == 0x60C || c == 0x61B || c == 0x61F || (c >= 0x66A && c <= 0x66D) || c == 0x6D4) return false;
  if (c >= 0x2000 && c <= 0x2BFF) return false;
  if (c >= 0x2E00 && c <= 0x2E7F) return false;
  if (c >= 0x3000 && c <= 0x303F) return c == 0x3005;
  if (c >= 0xD800 && c <= 0xF8FF) return false;
  if (c >= 0xFE10 && c <= 0xFE6F) return false;
  if (c >= 0xFF00 && c <= 0xFF0F) return false;
  return c < 0xFFF0 || (c >= 0x10000 && c <= 0x1EFFF) || (c >= 0x20000 && c <= 0x3FFFF);
}

/// Equal but for the case of ASCII letters; `lower` is in lower case.
constexpr bool equals_folded(std::string_view text, std::string_view lower) noexcept {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (to_lower(text[i]) != lower[i]) return false;
  }
  return true;
}

}  // namespace pii::detect
