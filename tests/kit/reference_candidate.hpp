#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "kit/reference_text.hpp"
#include "pii/detector.hpp"

// What the naive detectors share.
namespace pii::kit::reference {

/// Stands for each byte of what was found: a letter that nothing consists of.
inline constexpr char kWall = '\x01';

/// A match that begins where it was looked for. `round`: 0 proves itself, 1 needs context, 2 is looked for after that.
struct Candidate {
  std::size_t end = 0;  // 0: none
  int round = 0;
};

inline char at(std::string_view text, std::size_t i) { return i < text.size() ? text[i] : '\0'; }
inline bool is_word(char c) { return is_ascii_word(c) || c == kWall; }
/// `i` may be before the text.
inline bool word_at(std::string_view text, std::size_t i) { return is_word(at(text, i)); }
inline bool digit_at(std::string_view text, std::size_t i) { return is_ascii_digit(at(text, i)); }
inline bool is_alphanumeric(char c) { return is_ascii_digit(c) || is_ascii_letter(c); }
inline bool is_high(char c) { return static_cast<unsigned char>(c) >= 0x80; }
inline std::string digits_in(std::string_view text) {
  std::string digits;
  std::copy_if(text.begin(), text.end(), std::back_inserter(digits), is_ascii_digit);
  return digits;
}
template <typename Set>
bool is_one_of(std::string_view word, const Set& words) {
  return std::any_of(std::begin(words), std::end(words), [&](std::string_view other) { return lower(word) == other; });
}

/// docs/detectors.md: a number that is no part of something longer, on one side and on both.
bool free_before(std::string_view text, std::size_t begin);
bool free_after(std::string_view text, std::size_t end);
bool stands_free(std::string_view text, std::size_t begin, std::size_t end);
/// Whether the date exists.
bool is_date(int year, int month, int day);

// By family; `begin` is in the text.
Candidate number_candidate(Detector detector, std::string_view text, std::size_t begin);
Candidate email_candidate(std::string_view text, std::size_t begin);
Candidate phone_candidate(std::string_view text, std::size_t begin, int round);
Candidate ipv4_candidate(std::string_view text, std::size_t begin);
Candidate ipv6_candidate(std::string_view text, std::size_t begin);
Candidate jwt_candidate(std::string_view text, std::size_t begin);
Candidate api_key_candidate(std::string_view text, std::size_t begin);

}  // namespace pii::kit::reference
