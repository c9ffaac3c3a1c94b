// Fifty processes that read the keyset when they please, and one operator who takes the next step whenever a
// guard lets him: nobody ever meets a row that he cannot open or match. Without the guards somebody does.
#include <algorithm>
#include <random>
#include <set>
#include <vector>

#include "unit/keylife/drafts.hpp"

namespace pii {
namespace {

using key_life::Evidence;
using Step = key_life::NextStep::Step;

constexpr Seconds kStart = 1'800'000'000;
constexpr int kReaders = 50;
constexpr Seconds kSlowest = 300;

struct Version {
  std::string primary;
  std::set<std::string> live;
};

// A process: which version it has read when. Between two reads it works with the older one.
struct Process {
  Seconds refresh;
  std::vector<std::pair<Seconds, std::size_t>> reads;  // from when on, version

  std::size_t version_at(Seconds now) const {
    std::size_t version = 0;
    for (const auto& [from, read] : reads) {
      if (from <= now) version = read;
    }
    return version;
  }
};

class Fleet {
 public:
  Fleet(unsigned seed, bool guarded)
      : random_(seed),
        real_documents_(seed % 50 < 2),
        guarded_(guarded),
        usage_(seed % 2 == 0 ? KeysetUsage::token : KeysetUsage::reveal),
        draft_(kit::one_key(usage_, kStart)) {
    KeysetPolicy& policy = draft_.record().policy;
    policy.propagation = kSlowest + 1;
    policy.retire_min = 1800;
    policy.destroy_hold = 1800;
    policy.rotate_every = 7200;
    for (int i = 0; i < kReaders; ++i) processes_.push_back({1 + static_cast<Seconds>(below(kSlowest)), {}});
    publish(kStart);
  }

  // How many rows could not be read in all.
  int run() {
    Seconds now = kStart;
    Seconds operator_at = now;
    for (int event = 0; event < 2500; ++event) {
      now += static_cast<Seconds>(below(20));
      if (now >= operator_at) {
        operate(now);
        operator_at = now + 10 + static_cast<Seconds>(below(600));
      }
      const Process& process = processes_[below(processes_.size())];
      const Version& version = versions_[process.version_at(now)];
      if (below(2) == 0 || rows_.empty()) {
        rows_.push_back(version.primary);
      } else if (!version.live.contains(rows_[below(rows_.size())])) {
        ++failures_;
      }
    }
    return failures_;
  }

  int destroyed() const {
    return static_cast<int>(
        std::count_if(draft_.record().keys.begin(), draft_.record().keys.end(),
                      [](const KeyRecord& key) { return key.status == KeyStatus::destroyed; }));
  }

 private:
  std::size_t below(std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random_);
  }

  // What rotate does: the next step, if it may be done.
  void operate(Seconds now) {
    KeysetRecord& keyset = draft_.record();
    const auto next = key_life::next_step(keyset, now);
    const bool force = !guarded_;  // evidence is not asked for then either
    Result<void> done;
    switch (next.step) {
      case Step::stage:
        if (!next.due && !force) return destroy_stored(now);
        done = key_life::stage(keyset, *key_life::next_kid(keyset, next.kid),
                               keyset.find(next.kid)->algorithm, {}, now);
        break;
      case Step::promote:
        done = key_life::promote(keyset, next.kid, now, {.force = force});
        break;
      case Step::rewrap:
      case Step::retokenize:
      case Step::reindex:
      case Step::represerve:
        // Row by row with what the operator's own process knows; others go on writing.
        for (std::string& row : rows_) {
          if (row == next.kid) row = versions_.back().primary;
        }
        if (!force) return;
        done = key_life::disable(keyset, next.kid, now, {.force = true});
        break;
      case Step::disable: {
        for (std::string& row : rows_) {
          if (row == next.kid) row = versions_.back().primary;
        }
        const Evidence evidence = look(now);
        done = key_life::disable(keyset, next.kid, now, {.force = force, .evidence = &evidence});
        break;
      }
      case Step::destroy:
        done = key_life::destroy(keyset, next.kid, now, {.force = force});
        break;
      case Step::none:
        return;
    }
    if (done) publish(now);
  }

  void destroy_stored(Seconds now) {
    KeysetRecord& keyset = draft_.record();
    for (const KeyRecord& key : keyset.keys) {
      if (key.status != KeyStatus::disabled) continue;
      if (key_life::schedule_destroy(keyset, key.kid, now)) return publish(now);
    }
  }

  Evidence look(Seconds now) const {
    Evidence evidence;
    evidence.source = usage_ == KeysetUsage::token ? Evidence::Source::retokenize : Evidence::Source::scan;
    evidence.looked_at = now;
    evidence.digest = std::string(64, 'e');
    evidence.complete = true;
    evidence.retokenized_to = versions_.back().primary;
    for (const std::string& row : rows_) evidence.uses.push_back({row, 1});
    return evidence;
  }

  // A process reads it at the end of its pause; one that had not read the version before skips that one.
  void publish(Seconds now) {
    versions_.push_back(real_documents_ ? version_of_document(now) : version_of_record());
    for (Process& process : processes_) {
      Seconds from = versions_.size() == 1
                         ? now
                         : now + static_cast<Seconds>(below(static_cast<std::size_t>(process.refresh) + 1));
      if (!process.reads.empty() && process.reads.back().first > now) from = process.reads.back().first;
      process.reads.emplace_back(from, versions_.size() - 1);
    }
  }

  Version version_of_record() const {
    Version version;
    for (const KeyRecord& key : draft_.record().keys) {
      if (key.status == KeyStatus::active) version.primary = key.kid;
      if (is_live(key.status)) version.live.insert(key.kid);
    }
    return version;
  }

  // The same by way of the text that real readers read.
  Version version_of_document(Seconds now) {
    auto document = draft_.write(now);
    EXPECT_TRUE(document) << document.error().message();
    const auto parsed = parse_keyset(*document, usage_);
    Version version{(*parsed)->primary_kid(), {}};
    for (const KeyInfo& key : (*parsed)->keys()) version.live.insert(key.kid);
    return version;
  }

  std::mt19937 random_;
  bool real_documents_;  // of some schedules: making them is what takes time
  bool guarded_;
  KeysetUsage usage_;
  KeysetDraft draft_;
  std::vector<Process> processes_;
  std::vector<Version> versions_;
  std::vector<std::string> rows_;  // the key that each row was written with
  int failures_ = 0;
};

TEST(Fleet, NeverMeetsARowItCannotRead) {
  int destroyed = 0;
  for (unsigned seed = 0; seed < 1000; ++seed) {
    Fleet fleet(seed, true);
    ASSERT_EQ(fleet.run(), 0) << "schedule " << seed;
    destroyed += fleet.destroyed();
  }
  EXPECT_GT(destroyed, 1000) << "whole lives were lived";
}

TEST(Fleet, FailsWithoutGuards) {
  int failed = 0;
  for (unsigned seed = 0; seed < 50; ++seed) failed += Fleet(seed, false).run() > 0 ? 1 : 0;
  EXPECT_GT(failed, 45);
}

}  // namespace
}  // namespace pii
