// Random commands against a slow, obvious model of docs/formats.md section 4, on real documents: after every
// step the document is written, read again, and read as a version 1 reader would.
#include <map>
#include <random>
#include <set>

#include "unit/keylife/drafts.hpp"

namespace pii {
namespace {

constexpr Seconds kStart = 1'800'000'000;
constexpr Seconds kPropagation = 600;
constexpr Seconds kRetireMin = 3600;
constexpr Seconds kHold = 7200;

struct ModelKey {
  std::string status;
  Seconds known_since = 0;
  Seconds unused_since = 0;
  Seconds scheduled = 0;
  bool proven = false;  // evidence was accepted since it was last in use
  bool compromised = false;
};

enum class Command { stage, promote, retire, disable, enable, schedule, cancel, destroy, compromise };

// One role of one version: what the specification's table says, row by row.
class Model {
 public:
  bool allows(Command command, const std::string& kid, Seconds now, bool evidence_good,
              bool has_evidence) const {
    const auto found = keys_.find(kid);
    if (command == Command::stage) return found == keys_.end();
    if (found == keys_.end()) return false;
    const ModelKey& key = found->second;
    switch (command) {
      case Command::promote:
        return (key.status == "staged" || key.status == "retiring") &&
               now - key.known_since >= kPropagation && !key.compromised;
      case Command::retire:
        return key.status == "staged";  // the active one is the last
      case Command::disable:
        return key.status == "retiring" && now - key.unused_since >= kRetireMin && has_evidence &&
               evidence_good;
      case Command::enable:
        return key.status == "disabled" || key.status == "destroy_scheduled";
      case Command::schedule:
        return key.status == "disabled" && (has_evidence ? evidence_good : key.proven);
      case Command::cancel:
        return key.status == "destroy_scheduled";
      case Command::destroy:
        return key.status == "destroy_scheduled" && now - key.scheduled >= kHold;
      default:
        return true;
    }
  }

  void apply(Command command, const std::string& kid, Seconds now) {
    ModelKey& key = keys_[kid];
    switch (command) {
      case Command::stage:
        key = {.status = "staged", .known_since = now};
        break;
      case Command::promote:
        for (auto& [other_kid, other] : keys_) {
          if (other.status == "active") other.status = "retiring", other.unused_since = now;
        }
        key.status = "active";
        break;
      case Command::retire:
        key.status = "retiring";
        key.unused_since = now;
        break;
      case Command::disable:
        key.status = "disabled";
        key.proven = true;
        break;
      case Command::enable:
        key = {.status = "retiring", .known_since = now, .unused_since = now, .compromised = key.compromised};
        break;
      case Command::schedule:
        key.status = "destroy_scheduled";
        key.scheduled = now;
        key.proven = true;
        break;
      case Command::cancel:
        key.status = "disabled";
        break;
      case Command::destroy:
        key.status = "destroyed";
        break;
      case Command::compromise:
        key.compromised = true;
        break;
    }
  }

  std::map<std::string, ModelKey> keys_;
};

Result<void> run(Command command, KeysetRecord& record, const std::string& kid, KeyAlgorithm algorithm,
                 Seconds now, const key_life::Evidence* evidence) {
  const key_life::Guards guards{.evidence = evidence};
  switch (command) {
    case Command::stage:
      return key_life::stage(record, kid, algorithm, {}, now);
    case Command::promote:
      return key_life::promote(record, kid, now, guards);
    case Command::retire:
      return key_life::retire(record, kid, now);
    case Command::disable:
      return key_life::disable(record, kid, now, guards);
    case Command::enable:
      return key_life::enable(record, kid, now);
    case Command::schedule:
      return key_life::schedule_destroy(record, kid, now, guards);
    case Command::cancel:
      return key_life::cancel_destroy(record, kid);
    case Command::destroy:
      return key_life::destroy(record, kid, now, guards);
    case Command::compromise:
      return key_life::mark_compromised(record, kid, now);
  }
  return {};
}

struct Play {
  explicit Play(unsigned seed)
      : random(seed), usage(seed % 2 == 0 ? KeysetUsage::token : KeysetUsage::reveal) {}

  std::size_t below(std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random);
  }

  std::string some_kid() {
    return (usage == KeysetUsage::token ? "tk" : "rk") + std::to_string(1 + below(6));
  }

  // Good: complete, of now, nothing found; else one of the ways to be worthless.
  key_life::Evidence evidence(const std::string& kid, bool good, Seconds last_use) {
    key_life::Evidence made;
    made.source = usage == KeysetUsage::token ? key_life::Evidence::Source::retokenize
                                              : key_life::Evidence::Source::scan;
    made.looked_at = now;
    made.digest = std::string(64, 'e');
    made.complete = true;
    made.retokenized_to = primary;
    if (good) return made;
    switch (below(4)) {
      case 0:
        made.looked_at = now + 1;
        break;
      case 1:
        made.complete = false;
        break;
      case 2:
        made.looked_at = last_use - 1;
        break;
      default:
        made.uses = {{kid, 1}};
        made.retokenized_to = kid;
        break;
    }
    return made;
  }

  std::mt19937 random;
  KeysetUsage usage;
  Seconds now = kStart;
  std::string primary;
};

class KeyLifeModel : public testing::TestWithParam<unsigned> {};

TEST_P(KeyLifeModel, AgreesAndKeepsItsPromises) {
  Play play(GetParam());
  const auto algorithm =
      play.usage == KeysetUsage::token ? KeyAlgorithm::hmac_sha_256 : KeyAlgorithm::aes_256_gcm;
  KeysetDraft draft = kit::one_key(play.usage, kStart);
  draft.record().policy.propagation = kPropagation;
  draft.record().policy.retire_min = kRetireMin;
  draft.record().policy.destroy_hold = kHold;
  play.primary = draft.record().keys[0].kid;
  Model model;
  model.keys_[play.primary] = {.status = "active", .known_since = kStart};

  int done = 0;
  for (int step = 0; step < 160; ++step) {
    // Times next to the guards' own, so that their edges are met.
    constexpr Seconds kSpans[] = {0,         1,    kPropagation - 1, kPropagation, kRetireMin - 1, kRetireMin,
                                  kHold - 1, kHold};
    play.now += kSpans[play.below(std::size(kSpans))];
    const auto command = static_cast<Command>(play.below(play.below(8) == 0 ? 9 : 8));
    const std::string kid = play.some_kid();
    const bool has_evidence = play.below(4) != 0;
    const bool good = play.below(4) != 0;
    const bool known = model.keys_.contains(kid);
    const Seconds last_use = (known ? model.keys_[kid].unused_since : 0) + kPropagation;
    if (!known) model.keys_.erase(kid);
    const key_life::Evidence evidence = play.evidence(kid, good, last_use);
    // Retiring for less than propagation: even evidence of now is too early.
    const bool fresh = play.now >= last_use;

    const bool expected = model.allows(command, kid, play.now, good && fresh, has_evidence);
    KeysetRecord before = draft.record();
    const auto result =
        run(command, draft.record(), kid, algorithm, play.now, has_evidence ? &evidence : nullptr);
    ASSERT_EQ(result.has_value(), expected) << "step " << step << " command " << static_cast<int>(command)
                                            << " " << kid << ": " << kit::error_of(result);
    if (!result) {
      ASSERT_EQ(draft.record().keys.size(), before.keys.size());
      for (const KeyRecord& key : before.keys) ASSERT_EQ(draft.record().find(key.kid)->status, key.status);
      continue;
    }
    ++done;
    model.apply(command, kid, play.now);

    const auto document = draft.write(play.now);
    ASSERT_TRUE(document) << document.error().message();
    auto read = KeysetDraft::read(kit::document_of(kit::text_of(*document)));
    ASSERT_TRUE(read) << read.error().message();
    draft = *std::move(read);
    std::size_t active = 0;
    for (const auto& [model_kid, model_key] : model.keys_) {
      const KeyRecord* key = draft.record().find(model_kid);
      ASSERT_NE(key, nullptr) << model_kid;
      ASSERT_EQ(to_string(key->status), model_key.status) << model_kid;
      if (key->status == KeyStatus::active) ++active, play.primary = model_kid;
    }
    ASSERT_EQ(active, 1U);
    ASSERT_EQ(draft.record().keys.size(), model.keys_.size());

    const auto v1 = kit::read_as_version_1(*document);
    ASSERT_TRUE(v1) << v1.error().message();
    EXPECT_EQ((*v1)->primary_kid(), play.primary);
    std::set<std::string> seen;
    for (const KeyInfo& key : (*v1)->keys()) seen.insert(key.kid);
    for (const auto& [model_kid, model_key] : model.keys_) {
      const bool live =
          model_key.status == "staged" || model_key.status == "active" || model_key.status == "retiring";
      EXPECT_EQ(seen.contains(model_kid), live) << model_kid << " " << model_key.status;
    }
  }
  EXPECT_GT(done, 4);
}

INSTANTIATE_TEST_SUITE_P(Seeds, KeyLifeModel, testing::Range(0U, 40U));

}  // namespace
}  // namespace pii
