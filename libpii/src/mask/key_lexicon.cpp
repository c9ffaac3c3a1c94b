#include "mask/key_lexicon.hpp"

#include <atomic>
#include <memory>
#include <string>

#include "mask/key_words.hpp"

namespace pii::mask {
namespace {

// Calls `visit` with each piece of a list separated by commas.
template <class Visit>
void for_each_phrase(std::string_view list, Visit visit) {
  while (!list.empty()) {
    const std::size_t end = list.find(',');
    visit(list.substr(0, end));
    list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
  }
}

void glue_all(PhraseTree& tree) {
  const auto glue = [&](std::string_view phrase) { tree.glue(phrase); };
  for_each_phrase(words::kGlued, glue);
  for (const words::Meaning& meaning : words::meanings()) for_each_phrase(meaning.phrases, glue);
  for_each_phrase(words::kPlain, glue);
  for_each_phrase(words::kPersons, [&](std::string_view person) {
    for_each_phrase(words::kGluedHeads, [&](std::string_view head) { tree.glue(std::string(person) + ' ' + std::string(head)); });
  });
}

void add_rules(PhraseTree& tree) {
  for (const words::Meaning& meaning : words::meanings()) {
    for_each_phrase(meaning.phrases, [&](std::string_view phrase) {
      std::optional<PhraseRule>& rule = tree.add(phrase).rule;
      if (!rule) rule = {meaning.kind, meaning.type, meaning.flags};
    });
  }
  for_each_phrase(words::kPlain, [&](std::string_view phrase) { tree.add(phrase).rule = {KeyVerdict::Kind::plain, Detector::none, 0}; });
  for (const words::Context& context : words::contexts()) {
    for_each_phrase(context.phrases, [&](std::string_view phrase) {
      DetectorSet& detectors = tree.add(phrase).context;
      detectors = detectors | context.detectors;
    });
  }
}

void add_lists(PhraseTree& tree) {
  const auto list = [&](std::string_view phrases, PhraseList mark) {
    for_each_phrase(phrases, [&](std::string_view phrase) { tree.add_as_written(phrase).lists |= mark; });
  };
  for_each_phrase(words::kSafe, [&](std::string_view phrase) { tree.add(phrase).lists |= kSafeKeys; });
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
  list("of,in,on,by,for,per,at", kPrepositions);
  list("of,in,on,per,at", kHead);
  list("client", kClient);
  list("header", kHeader);
  list("token", kToken);
  list("api", kApi);
}

PhraseTree make() {
  PhraseTree tree;
  glue_all(tree);
  add_rules(tree);
  add_lists(tree);
  tree.seal();
  return tree;
}

}  // namespace

// It takes long to make, too long for the lock of base::Once, which a fork waits for: of threads that come at one time each makes one, and
// the first that is done is everybody's. That lives on when the program ends: taking it down would take as long as making it.
const PhraseTree& built_in_phrases() {
  static constinit std::atomic<const PhraseTree*> shared{nullptr};
  if (const PhraseTree* const made = shared.load(std::memory_order_acquire)) return *made;
  auto own = std::make_unique<const PhraseTree>(make());
  const PhraseTree* first = nullptr;
  if (shared.compare_exchange_strong(first, own.get(), std::memory_order_acq_rel, std::memory_order_acquire)) return *own.release();
  return *first;
}

}  // namespace pii::mask
