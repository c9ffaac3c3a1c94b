#include "mask/key_vocabulary.hpp"

#include <algorithm>

#include "mask/key_split.hpp"
#include "mask/text.hpp"

namespace pii::mask {
namespace {

constexpr std::size_t kLongestKey = 64;

// Calls visit(word, in lower case) for each word of a key of at most kLongestKey bytes, and visit(character, nothing) for each
// character between them. False where a character stands in it that may mean something else.
template <typename Visit>
bool for_each_piece(std::string_view key, Visit visit) {
  char lower[kLongestKey];
  for (std::size_t i = 0; i < key.size();) {
    const std::size_t begin = i;
    if (!is_letter(key[i]) && !is_digit(key[i])) {
      if (key[i] != '_' && key[i] != '-' && key[i] != '.' && key[i] != ' ') return false;
      visit(key.substr(i++, 1), std::string_view());
      continue;
    }
    do {
      lower[i - begin] = to_lower(key[i]);
      ++i;
    } while (i < key.size() && (is_letter(key[i]) || is_digit(key[i])) && !starts_word(key, i));
    visit(key.substr(begin, i - begin), std::string_view(lower, i - begin));
  }
  return true;
}

}  // namespace

void KeyVocabulary::add(std::string_view phrase) {
  while (!phrase.empty()) {
    const std::size_t end = std::min(phrase.find(' '), phrase.size());
    words_.add(phrase.substr(0, end));
    phrase.remove_prefix(std::min(end + 1, phrase.size()));
  }
}

bool KeyVocabulary::contains(std::string_view word) const {
  if (words_.find(word) != 0) return true;
  if (word.size() < 3 || word.size() > kLongestKey || word.back() != 's') return false;
  char form[kLongestKey];
  return words_.find({form, make_form(form, word.copy(form, word.size()))}) != 0;
}

KeyVocabulary::Reading KeyVocabulary::read(std::string_view key, std::string& skeleton) const {
  constexpr char kEndOfWord = '\x01', kEnd = '\x02';
  if (key.size() > kLongestKey) return Reading::strange;
  bool told = false, any = false;
  const bool simple = for_each_piece(key, [&](std::string_view word, std::string_view lower) {
    if (word.front() == '.') any = false;
    if (lower.empty()) {
      skeleton += word;
    } else {
      const bool number = is_digit(lower.front()), known = contains(lower);
      any = any || !number;
      told = told || known;
      // Also where its form is one, as of "pers".
      const bool joins = is_preposition(lower) || (lower.back() == 's' && is_preposition(lower.substr(0, lower.size() - 1)));
      if (known || joins) {
        skeleton += word;
      } else {
        skeleton += number ? '#' : '?';
      }
    }
    skeleton += kEndOfWord;
  });
  skeleton += kEnd;
  if (!simple) return Reading::strange;
  return told || !any ? Reading::told : Reading::nothing;
}

}  // namespace pii::mask
