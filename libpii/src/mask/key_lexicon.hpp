#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "mask/key_policy.hpp"
#include "mask/key_split.hpp"
#include "mask/key_vocabulary.hpp"

// The tables of key_words.hpp, made ready for looking up.
namespace pii::mask {

/// What a phrase says, before what stands around it is looked at.
struct PhraseRule {
  KeyVerdict::Kind kind;
  Detector type;
  std::uint8_t flags;  // words::Meaning
};

/// Phrases of one list.
class PhraseSet {
 public:
  PhraseSet() = default;
  explicit PhraseSet(std::string_view list);
  bool contains(const std::string& phrase) const { return phrases_.contains(phrase); }
  const std::unordered_set<std::string>& phrases() const noexcept { return phrases_; }
  /// Whether the words before `end` end with one of the phrases; returns how many words it has, 0 when none.
  std::size_t ends_at(const KeyWordList& words, std::size_t end) const;
  /// The same for a phrase that begins at `begin`.
  std::size_t begins_at(const KeyWordList& words, std::size_t begin) const;

 private:
  std::unordered_set<std::string> phrases_;
};

/// The built-in tables; made once.
struct Lexicon {
  static constexpr std::size_t kLongestPhrase = 6;  // words

  Lexicon();
  static const Lexicon& get();

  /// Words of a segment, those written as one taken apart: `cardholdername` is cardholder, name.
  KeyWordList words_of(std::string_view segment) const;
  /// The form under which a phrase is kept.
  std::string phrase_form(std::string_view phrase) const;

  /// The words of all tables.
  KeyVocabulary vocabulary() const;

  std::unordered_map<std::string, KeyWordList> glued;
  std::unordered_map<std::string, PhraseRule> phrases;
  std::unordered_map<std::string, DetectorSet> contexts;
  PhraseSet safe, tails, neutral, neutral_tails, leads, soft_leads, quiet, persons, things, machines, cards,
      parts, versions;
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
