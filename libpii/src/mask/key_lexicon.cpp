#include "mask/key_lexicon.hpp"

#include <algorithm>
#include <atomic>
#include <memory>

#include "base/utf8.hpp"
#include "mask/key_words.hpp"

namespace pii::mask {
namespace {

constexpr std::size_t kShortestGlued = 5;  // shorter ones are other words too often

// As split_words() has them, with room for those of most phrases from the start.
KeyWordList words_in(std::string_view segment) {
  KeyWordList words;
  words.reserve(4);
  for_each_word(segment, [&](std::string_view word) { words.emplace_back(word); });
  return words;
}

void glue(std::unordered_map<std::string, KeyWordList>& glued, std::string_view phrase) {
  KeyWordList words = words_in(phrase);
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

// The words of a phrase that is in its form already.
KeyWordList words_between_blanks(std::string_view phrase) {
  KeyWordList words;
  while (!phrase.empty()) {
    const std::size_t end = std::min(phrase.find(' '), phrase.size());
    words.emplace_back(phrase.substr(0, end));
    phrase.remove_prefix(std::min(end + 1, phrase.size()));
  }
  return words;
}

}  // namespace

Lexicon::Lexicon() : glued(make_glued()) {
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
  make_tree();
}

void Lexicon::list(std::string_view phrases_of_it, PhraseList list) {
  for_each_phrase(phrases_of_it, [&](std::string_view phrase) {
    tree[words_in(phrase)].lists |= list;
  });
}

void Lexicon::make_tree() {
  for (const auto& [phrase, rule] : phrases) tree[words_between_blanks(phrase)].rule = rule;
  for (const auto& [phrase, detectors] : contexts) tree[words_between_blanks(phrase)].context = detectors;
  for_each_phrase(words::kSafe, [&](std::string_view phrase) { list(phrase_form(phrase), kSafeKeys); });
  list(words::kTails, kTails);
  list(words::kNeutral, kNeutral);
  list(words::kNeutralTail, kNeutralTails);
  list(words::kLeads, kLeads);
  list(words::kSoftLeads, kSoftLeads);
  list(words::kQuiet, kQuiet);
  list(words::kPersons, kPersons);
  list(words::kThings, kThings);
  list(words::kMachines, kMachines);
  list(words::kCards, kCards);
  list(words::kParts, kParts);
  list(words::kVersions, kVersions);
  // These say nothing by themselves.
  for (const char* word : {"of", "in", "on", "by", "for", "per", "at"}) {
    const bool head = std::string_view(word) != "by" && std::string_view(word) != "for";
    tree[{word}].lists |= kPrepositions | (head ? std::uint32_t{kHead} : 0U);
  }
  tree[{"client"}].lists |= kClient;
  tree[{"header"}].lists |= kHeader;
  tree[{"token"}].lists |= kToken;
  tree[{"api"}].lists |= kApi;
  for (const auto& [word, parts] : glued) tree.take_apart(word, parts);
}

// It takes long to make, too long for the lock of base::Once, which a fork waits for: of threads that come at one time each makes one, and
// the first that is done is everybody's. That lives on when the program ends: taking it down would take as long as making it.
const Lexicon& Lexicon::get() {
  static constinit std::atomic<const Lexicon*> shared{nullptr};
  if (const Lexicon* const made = shared.load(std::memory_order_acquire)) return *made;
  auto own = std::make_unique<const Lexicon>();
  const Lexicon* first = nullptr;
  if (shared.compare_exchange_strong(first, own.get(), std::memory_order_acq_rel, std::memory_order_acquire)) return *own.release();
  return *first;
}

KeyWordList Lexicon::words_of(std::string_view segment) const {
  KeyWordList words;
  for (std::string& word : words_in(segment)) {
    const auto parts_of_it = word.size() < kShortestGlued ? glued.end() : glued.find(word);
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
