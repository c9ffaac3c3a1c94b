#pragma once

#include <string>
#include <string_view>
#include <vector>

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

/// The segments of a key, cut at `. / : [ ]`, without empty ones and array indices: `user[0].name` is user,
/// name.
std::vector<std::string_view> split_segments(std::string_view key);

/// The spelling under which a word is compared: singular; Arabic without article, vowel marks and spellings
/// of alef.
std::string word_form(std::string_view lower_word);

std::string join_words(const KeyWordList& words, std::size_t begin, std::size_t end,
                       std::string_view between);

}  // namespace pii::mask
