#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "mask/text.hpp"

// A key as its words: `customerPhone_No2` is customer, phone, no, 2.
namespace pii::mask {

/// Words that join what a key is to what it is of, in lower case.
inline bool is_preposition(std::string_view word) noexcept {
  return word == "of" || word == "in" || word == "on" || word == "by" || word == "for" || word == "per" || word == "at";
}

/// Words in lower case and the singular, numbers of their own. Bytes that are not UTF-8 separate.
using KeyWordList = std::vector<std::string>;

/// The words of one segment: cut at everything but letters and digits, at humps, and between letters and
/// digits.
KeyWordList split_words(std::string_view segment);

/// Calls visit(segment) for the segments of a key, cut at `. / : [ ]`, without empty ones and array indices: `user[0].name` is
/// user, name.
template <class Visit>
void for_each_segment(std::string_view key, Visit visit) {
  const auto cuts = [](char c) { return c == '.' || c == '/' || c == ':' || c == '[' || c == ']'; };
  for (std::size_t begin = 0; begin < key.size();) {
    std::size_t end = begin;
    bool index = true;
    for (; end < key.size() && !cuts(key[end]); ++end) index = index && (is_digit(key[end]) || key[end] == '*');
    if (!index) visit(key.substr(begin, end - begin));
    begin = end + 1;
  }
}

/// The spelling under which a word is compared: singular; Arabic without article, vowel marks and spellings
/// of alef.
std::string word_form(std::string_view lower_word);
/// The same of a word of ASCII, in its place; returns its size.
std::size_t make_form(char* lower_word, std::size_t size) noexcept;

/// Whether a new word begins at key[i], of ASCII, behind a letter or digit.
inline bool starts_word(std::string_view key, std::size_t i) noexcept {
  const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
  if (is_digit(key[i - 1]) != is_digit(key[i])) return true;
  if (!is_upper(key[i])) return false;
  if (is_lower(key[i - 1])) return true;
  // `HTTPServer`: the last capital of a run begins the next word; `IDs`: the plural of an acronym.
  if (i + 1 == key.size() || !is_lower(key[i + 1])) return false;
  return !(key[i + 1] == 's' && (i + 2 == key.size() || !(is_letter(key[i + 2]) || is_digit(key[i + 2]))));
}

/// Calls visit(word) for each of split_words(); short ones of ASCII, as nearly all are, without any memory.
template <class Visit>
void for_each_word(std::string_view segment, Visit visit) {
  constexpr std::size_t kShort = 64;
  char word[kShort];
  if (segment.size() > kShort || std::any_of(segment.begin(), segment.end(), is_beyond_ascii)) {
    for (const std::string& one : split_words(segment)) visit(std::string_view(one));
    return;
  }
  for (std::size_t i = 0; i < segment.size();) {
    if (!is_letter(segment[i]) && !is_digit(segment[i])) {
      ++i;
      continue;
    }
    std::size_t size = 0;
    do {
      word[size++] = to_lower(segment[i++]);
    } while (i < segment.size() && (is_letter(segment[i]) || is_digit(segment[i])) && !starts_word(segment, i));
    visit(std::string_view(word, make_form(word, size)));
  }
}

std::string join_words(const KeyWordList& words, std::size_t begin, std::size_t end,
                       std::string_view between);

}  // namespace pii::mask
