#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mask/key_phrases.hpp"
#include "mask/key_policy.hpp"
#include "mask/key_split.hpp"
#include "mask/key_vocabulary.hpp"

// The tables of key_words.hpp, made ready for looking up.
namespace pii::mask {

/// The built-in tables; made once.
struct Lexicon {
  Lexicon();
  static const Lexicon& get();

  /// Words of a segment, those written as one taken apart: `cardholdername` is cardholder, name.
  KeyWordList words_of(std::string_view segment) const;
  /// The form under which a phrase is kept.
  std::string phrase_form(std::string_view phrase) const;

  std::unordered_map<std::string, KeyWordList> glued;
  std::unordered_map<std::string, PhraseRule> phrases;
  std::unordered_map<std::string, DetectorSet> contexts;
  PhraseTree tree;           // of all these, and of the lists
  KeyVocabulary vocabulary;  // their words

 private:
  void list(std::string_view phrases_of_it, PhraseList list);
  void make_tree();
};

/// Calls `visit` with each piece of a list separated by commas.
template <class Visit>
void for_each_phrase(std::string_view list, Visit visit) {
  while (!list.empty()) {
    const std::size_t end = list.find(',');
    visit(list.substr(0, end));
    list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
  }
}

}  // namespace pii::mask
