#include "mask/key_vocabulary.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>

#include "mask/key_split.hpp"
#include "mask/text.hpp"

namespace pii::mask {
namespace {

constexpr std::size_t kLongestKey = 64;

bool is_upper(char c) noexcept { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) noexcept { return c >= 'a' && c <= 'z'; }

// As split_words() has it.
bool starts_word(std::string_view key, std::size_t i) noexcept {
  if (is_digit(key[i - 1]) != is_digit(key[i])) return true;
  if (!is_upper(key[i])) return false;
  if (is_lower(key[i - 1])) return true;
  if (i + 1 == key.size() || !is_lower(key[i + 1])) return false;
  return !(key[i + 1] == 's' && (i + 2 == key.size() || !(is_letter(key[i + 2]) || is_digit(key[i + 2]))));
}

// Calls visit(word, in lower case) for each word of a key of at most kLongestKey bytes, and visit(character, nothing) for each
// character between them, until it says false. False then, and where a character stands in it that may mean something else.
template <typename Visit>
bool for_each_word(std::string_view key, Visit visit) {
  char lower[kLongestKey];
  for (std::size_t i = 0; i < key.size();) {
    const std::size_t begin = i;
    if (!is_letter(key[i]) && !is_digit(key[i])) {
      if (key[i] != '_' && key[i] != '-' && key[i] != '.' && key[i] != ' ') return false;
      if (!visit(key.substr(i++, 1), std::string_view())) return false;
      continue;
    }
    do {
      lower[i - begin] = to_lower(key[i]);
      ++i;
    } while (i < key.size() && (is_letter(key[i]) || is_digit(key[i])) && !starts_word(key, i));
    if (!visit(key.substr(begin, i - begin), std::string_view(lower, i - begin))) return false;
  }
  return true;
}

}  // namespace

std::size_t KeyVocabulary::Hash::operator()(std::string_view word) const noexcept {
  std::uint64_t hash = 14695981039346656037U;
  for (const char c : word) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return static_cast<std::size_t>(hash ^ hash >> 29);
}

void KeyVocabulary::add(std::string_view phrase) {
  while (!phrase.empty()) {
    const std::size_t end = std::min(phrase.find(' '), phrase.size());
    words_.emplace(phrase.substr(0, end));
    phrase.remove_prefix(std::min(end + 1, phrase.size()));
  }
}

bool KeyVocabulary::contains(std::string_view word) const {
  return words_.contains(word) || (word.size() >= 3 && word.back() == 's' && words_.contains(word_form(word)));
}

bool KeyVocabulary::says_nothing(std::string_view key) const {
  if (key.size() > kLongestKey) return false;
  bool any = false;
  return for_each_word(key, [&](std::string_view word, std::string_view lower) {
           if (word.front() == '.') any = false;
           if (lower.empty()) return true;
           any = any || !is_digit(lower.front());
           return !contains(lower);
         }) && any;
}

bool KeyVocabulary::append_skeleton(std::string_view key, std::string& out) const {
  constexpr char kEndOfWord = '\x01', kEnd = '\x02';
  if (key.size() > kLongestKey) return false;
  const bool simple = for_each_word(key, [&](std::string_view word, std::string_view lower) {
    if (lower.empty() || contains(lower) || is_preposition(lower)) {
      out += word;
    } else {
      out += is_digit(lower.front()) ? '#' : '?';
    }
    out += kEndOfWord;
    return true;
  });
  out += kEnd;
  return simple;
}

}  // namespace pii::mask
