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

bool KeyVocabulary::says_nothing(std::string_view key) const {
  if (key.size() > kLongestKey) return false;
  char lower[kLongestKey];
  bool any = false;
  for (std::size_t i = 0; i < key.size();) {
    if (!is_letter(key[i]) && !is_digit(key[i])) {
      if (key[i] != '_' && key[i] != '-' && key[i] != '.' && key[i] != ' ') return false;
      any = any && key[i] != '.';
      ++i;
      continue;
    }
    const std::size_t begin = i;
    do {
      lower[i - begin] = to_lower(key[i]);
      ++i;
    } while (i < key.size() && (is_letter(key[i]) || is_digit(key[i])) && !starts_word(key, i));
    const std::string_view word(lower, i - begin);
    if (is_digit(key[begin])) {
      if (words_.contains(word)) return false;
      continue;
    }
    const bool plural = word.size() >= 3 && word.back() == 's';
    if (words_.contains(word) || (plural && words_.contains(word_form(word)))) return false;
    any = true;
  }
  return any;
}

}  // namespace pii::mask
