#include "mask/key_lexicon.hpp"

#include <algorithm>

#include "base/utf8.hpp"
#include "mask/key_words.hpp"

namespace pii::mask {
namespace {

constexpr std::size_t kShortestGlued = 5;  // shorter ones are other words too often

void glue(std::unordered_map<std::string, KeyWordList>& glued, std::string_view phrase) {
  KeyWordList words = split_words(phrase);
  if (words.size() < 2 || words.front().size() < 2 || !base::is_ascii(phrase)) return;
  std::string together = join_words(words, 0, words.size(), "");
  if (together.size() < kShortestGlued || together.find_first_of("0123456789") != std::string::npos) return;
  glued.emplace(std::move(together), std::move(words));
}

std::unordered_map<std::string, KeyWordList> make_glued() {
  std::unordered_map<std::string, KeyWordList> glued;
  const auto add = [&](std::string_view phrase) { glue(glued, phrase); };
  for_each_phrase(words::kGlued, add);
  for (const words::Meaning& meaning : words::meanings()) for_each_phrase(meaning.phrases, add);
  for_each_phrase(words::kPlain, add);
  for_each_phrase(words::kPersons, [&](std::string_view person) {
    for_each_phrase(words::kGluedHeads, [&](std::string_view head) {
      glue(glued, std::string(person) + ' ' + std::string(head));
    });
  });
  return glued;
}

}  // namespace

PhraseSet::PhraseSet(std::string_view list) {
  for_each_phrase(list, [&](std::string_view phrase) {
    const KeyWordList words = split_words(phrase);
    phrases_.insert(join_words(words, 0, words.size(), " "));
  });
}

std::size_t PhraseSet::ends_at(const KeyWordList& words, std::size_t end) const {
  for (std::size_t size = std::min(end, Lexicon::kLongestPhrase); size > 0; --size) {
    if (phrases_.contains(join_words(words, end - size, end, " "))) return size;
  }
  return 0;
}

std::size_t PhraseSet::begins_at(const KeyWordList& words, std::size_t begin) const {
  for (std::size_t size = std::min(words.size() - begin, Lexicon::kLongestPhrase); size > 0; --size) {
    if (phrases_.contains(join_words(words, begin, begin + size, " "))) return size;
  }
  return 0;
}

Lexicon::Lexicon()
    : glued(make_glued()),
      tails(words::kTails),
      neutral(words::kNeutral),
      neutral_tails(words::kNeutralTail),
      leads(words::kLeads),
      soft_leads(words::kSoftLeads),
      quiet(words::kQuiet),
      persons(words::kPersons),
      things(words::kThings),
      machines(words::kMachines),
      cards(words::kCards),
      parts(words::kParts),
      versions(words::kVersions) {
  for (const words::Meaning& meaning : words::meanings()) {
    for_each_phrase(meaning.phrases, [&](std::string_view phrase) {
      phrases.try_emplace(phrase_form(phrase), PhraseRule{meaning.kind, meaning.type, meaning.flags});
    });
  }
  for_each_phrase(words::kPlain, [&](std::string_view phrase) {
    phrases.insert_or_assign(phrase_form(phrase), PhraseRule{KeyVerdict::Kind::plain, Detector::none, 0});
  });
  for (const words::Context& context : words::contexts()) {
    for_each_phrase(context.phrases, [&](std::string_view phrase) {
      DetectorSet& detectors = contexts[phrase_form(phrase)];
      detectors = detectors | context.detectors;
    });
  }
  std::string safe_list;
  for_each_phrase(words::kSafe, [&](std::string_view phrase) { (safe_list += phrase_form(phrase)) += ','; });
  safe = PhraseSet(safe_list);
}

const Lexicon& Lexicon::get() {
  static const Lexicon lexicon;
  return lexicon;
}

KeyVocabulary Lexicon::vocabulary() const {
  KeyVocabulary words;
  for (const auto& [word, parts_of_it] : glued) words.add(word);
  for (const auto& [phrase, rule] : phrases) words.add(phrase);
  for (const auto& [phrase, detectors] : contexts) words.add(phrase);
  for (const PhraseSet* set : {&safe, &tails, &neutral, &neutral_tails, &leads, &soft_leads, &quiet, &persons, &things, &machines,
                               &cards, &parts, &versions}) {
    for (const std::string& phrase : set->phrases()) words.add(phrase);
  }
  return words;
}

KeyWordList Lexicon::words_of(std::string_view segment) const {
  KeyWordList words;
  for (std::string& word : split_words(segment)) {
    const auto parts_of_it = glued.find(word);
    if (parts_of_it == glued.end()) {
      words.push_back(std::move(word));
    } else {
      words.insert(words.end(), parts_of_it->second.begin(), parts_of_it->second.end());
    }
  }
  return words;
}

std::string Lexicon::phrase_form(std::string_view phrase) const {
  const KeyWordList words = words_of(phrase);
  return join_words(words, 0, words.size(), " ");
}

}  // namespace pii::mask
