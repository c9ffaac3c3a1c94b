#include "unit/keylife/drafts.hpp"

namespace pii {
namespace {

using key_life::NextStep;
using Step = NextStep::Step;

constexpr Seconds kNow = 1'800'000'000;

// rk1 retires since kNow + 600, when rk2 became the primary.
KeysetDraft with_successor() {
  KeysetDraft draft = kit::one_key(KeysetUsage::reveal, kNow);
  EXPECT_TRUE(key_life::stage(draft.record(), "rk2", KeyAlgorithm::aes_256_gcm, {}, kNow));
  EXPECT_TRUE(key_life::promote(draft.record(), "rk2", kNow + 600));
  return draft;
}

TEST(NextStep, GoesThroughALife) {
  KeysetDraft draft = kit::one_key(KeysetUsage::reveal, kNow);
  KeysetRecord& keyset = draft.record();
  Seconds now = kNow;
  NextStep next = key_life::next_step(keyset, now);
  EXPECT_EQ(next.step, Step::stage);
  EXPECT_FALSE(next.due);
  EXPECT_EQ(next.not_before, kNow + 365 * kDay);

  now += 365 * kDay;
  next = key_life::next_step(keyset, now);
  EXPECT_EQ(next.step, Step::stage);
  EXPECT_TRUE(next.due);
  ASSERT_EQ(next.kid, "rk1");
  ASSERT_EQ(*key_life::next_kid(keyset, next.kid), "rk2");
  ASSERT_TRUE(key_life::stage(keyset, "rk2", KeyAlgorithm::aes_256_gcm, {}, now));

  next = key_life::next_step(keyset, now);
  EXPECT_EQ(next.step, Step::promote);
  EXPECT_EQ(next.not_before, now + 600);
  EXPECT_FALSE(next.due);
  EXPECT_EQ(kit::error_of(key_life::promote(keyset, "rk2", now + 599)),
            "key rk2: propagation (PT10M) has not passed; not before 2028-01-15T08:10:00Z");
  now += 600;
  EXPECT_TRUE(key_life::next_step(keyset, now).due);
  ASSERT_TRUE(key_life::promote(keyset, "rk2", now));

  next = key_life::next_step(keyset, now);
  EXPECT_EQ(next.step, Step::rewrap);
  EXPECT_EQ(next.kid, "rk1");
  now += 30 * kDay;
  EXPECT_EQ(key_life::next_step(keyset, now).step, Step::disable);
  EXPECT_FALSE(key_life::disable(keyset, "rk1", now));
  const key_life::Evidence evidence{
      .looked_at = now, .digest = std::string(64, 'a'), .complete = true, .uses = {}, .retokenized_to = {}};
  ASSERT_TRUE(key_life::disable(keyset, "rk1", now, {.evidence = &evidence}));
  EXPECT_EQ(key_life::next_step(keyset, now).step, Step::stage);
  ASSERT_TRUE(key_life::schedule_destroy(keyset, "rk1", now));
  next = key_life::next_step(keyset, now);
  EXPECT_EQ(next.step, Step::destroy);
  EXPECT_FALSE(next.due);
  now += 30 * kDay;
  EXPECT_TRUE(key_life::next_step(keyset, now).due);
  ASSERT_TRUE(key_life::destroy(keyset, "rk1", now));
  EXPECT_EQ(*key_life::next_kid(keyset, "rk2"), "rk3");

  ASSERT_TRUE(key_life::mark_compromised(keyset, "rk2", now));
  next = key_life::next_step(keyset, now);
  EXPECT_EQ(next.step, Step::stage);
  EXPECT_TRUE(next.due);
  EXPECT_EQ(next.why, "key rk2 is compromised");
}

TEST(NextStep, EvidenceMustBeGoodEnough) {
  KeysetDraft draft = with_successor();
  KeysetRecord& keyset = draft.record();
  const Seconds now = kNow + 600 + 30 * kDay;
  const auto disable = [&](key_life::Evidence evidence) {
    KeysetRecord copy = keyset;
    return kit::error_of(key_life::disable(copy, "rk1", now, {.evidence = &evidence}));
  };
  const key_life::Evidence good{.looked_at = now,
                                .digest = std::string(64, 'a'),
                                .complete = true,
                                .uses = {{"rk2", 7}, {"", 3}},
                                .retokenized_to = {}};
  EXPECT_EQ(disable(good), "");
  key_life::Evidence bad = good;
  bad.uses.push_back({"rk1", 2});
  EXPECT_EQ(disable(bad), "key rk1: the evidence has found 2 uses of it");
  bad = good;
  bad.complete = false;
  EXPECT_EQ(disable(bad), "key rk1: the evidence does not cover everything");
  bad = good;
  bad.looked_at = now + 1;
  EXPECT_EQ(disable(bad), "key rk1: the evidence is of the future");
  bad = good;
  bad.looked_at = kNow + 600 + 599;  // the slowest reader may have written a second later
  EXPECT_EQ(disable(bad).substr(0, 62), "key rk1: the evidence is older than the key's last possible us");
  bad.looked_at = kNow + 600 + 600;
  EXPECT_EQ(disable(bad), "");
}

TEST(NextStep, TokensOfVersion1AskForARetokenization) {
  KeysetDraft draft = kit::one_key(KeysetUsage::token, kNow);
  KeysetRecord& keyset = draft.record();
  ASSERT_TRUE(key_life::stage(keyset, "tk2", KeyAlgorithm::hmac_sha_256, {}, kNow));
  ASSERT_TRUE(key_life::promote(keyset, "tk2", kNow + 600));
  const Seconds now = kNow + 600 + 30 * kDay;
  key_life::Evidence evidence{
      .looked_at = now, .digest = std::string(64, 'a'), .complete = true, .uses = {}, .retokenized_to = {}};
  EXPECT_EQ(kit::error_of(key_life::disable(keyset, "tk1", now, {.evidence = &evidence})),
            "key tk1: a scan cannot tell whose version 1 tokens are");
  evidence.source = key_life::Evidence::Source::retokenize;
  evidence.retokenized_to = "tk1";
  EXPECT_FALSE(key_life::disable(keyset, "tk1", now, {.evidence = &evidence}));
  evidence.retokenized_to = "tk2";
  EXPECT_TRUE(key_life::disable(keyset, "tk1", now, {.evidence = &evidence}));
}

TEST(NextStep, ARetokenizationTellsNothingOfKeysThatMakeNoTokens) {
  KeysetDraft draft = with_successor();
  KeysetRecord& keyset = draft.record();
  const Seconds now = kNow + 600 + 30 * kDay;
  const key_life::Evidence evidence{.source = key_life::Evidence::Source::retokenize,
                                    .looked_at = now, .digest = std::string(64, 'a'), .complete = true, .uses = {}, .retokenized_to = "rk2"};
  EXPECT_EQ(kit::error_of(key_life::disable(keyset, "rk1", now, {.evidence = &evidence})),
            "key rk1: a retokenization moves tokens, and this key makes none");
}

TEST(NextStep, AClockThatWasSetBackLetsNothingPass) {
  KeysetDraft draft = kit::one_key(KeysetUsage::reveal, kNow);
  KeysetRecord& keyset = draft.record();
  constexpr Seconds kLongAgo = kNow - 400 * kDay;
  ASSERT_TRUE(key_life::stage(keyset, "rk2", KeyAlgorithm::aes_256_gcm, {}, kNow));
  EXPECT_FALSE(key_life::promote(keyset, "rk2", kLongAgo));
  EXPECT_FALSE(key_life::promote(keyset, "rk2", kNow - 1));
  ASSERT_TRUE(key_life::promote(keyset, "rk2", kNow + 600));
  key_life::Evidence evidence{.looked_at = kLongAgo, .digest = std::string(64, 'a'), .complete = true, .uses = {}, .retokenized_to = {}};
  EXPECT_FALSE(key_life::disable(keyset, "rk1", kLongAgo, {.evidence = &evidence}));
  evidence.looked_at = kNow + 600 + 30 * kDay;
  ASSERT_TRUE(key_life::disable(keyset, "rk1", evidence.looked_at, {.evidence = &evidence}));
  ASSERT_TRUE(key_life::schedule_destroy(keyset, "rk1", evidence.looked_at));
  EXPECT_FALSE(key_life::destroy(keyset, "rk1", kLongAgo));
  EXPECT_FALSE(key_life::destroy(keyset, "rk1", evidence.looked_at + 30 * kDay - 1));
  EXPECT_TRUE(key_life::destroy(keyset, "rk1", evidence.looked_at + 30 * kDay));
}

TEST(NextStep, EnabledAgainAKeyNeedsNewEvidence) {
  KeysetDraft draft = with_successor();
  KeysetRecord& keyset = draft.record();
  const Seconds later = kNow + 600 + 30 * kDay;
  const key_life::Evidence evidence{.looked_at = later, .digest = std::string(64, 'a'), .complete = true, .uses = {}, .retokenized_to = {}};
  ASSERT_TRUE(key_life::disable(keyset, "rk1", later, {.evidence = &evidence}));
  EXPECT_TRUE(keyset.find("rk1")->evidence);
  ASSERT_TRUE(key_life::enable(keyset, "rk1", later + 1));
  EXPECT_FALSE(keyset.find("rk1")->evidence);
  // The same evidence is older than what the key may have been used for since.
  EXPECT_FALSE(key_life::disable(keyset, "rk1", later + 31 * kDay, {.evidence = &evidence}));
  ASSERT_TRUE(key_life::disable(keyset, "rk1", later + 31 * kDay, {.force = true}));
  EXPECT_FALSE(key_life::schedule_destroy(keyset, "rk1", later + 31 * kDay)) << "what was forced is no evidence";
}

TEST(NextStep, ACompromisedStagedKeyIsNotPromoted) {
  KeysetDraft draft = kit::one_key(KeysetUsage::reveal, kNow);
  KeysetRecord& keyset = draft.record();
  ASSERT_TRUE(key_life::stage(keyset, "rk2", KeyAlgorithm::aes_256_gcm, {}, kNow));
  ASSERT_TRUE(key_life::mark_compromised(keyset, "rk2", kNow));
  EXPECT_NE(key_life::next_step(keyset, kNow + 600).step, key_life::NextStep::Step::promote);
}

TEST(NextStep, MovesToVersion2) {
  KeysetDraft draft = kit::one_key(KeysetUsage::token, kNow);
  KeysetRecord& keyset = draft.record();
  ASSERT_TRUE(key_life::stage(keyset, "tok1", KeyAlgorithm::pii_tok_2, {}, kNow));
  ASSERT_TRUE(key_life::promote(keyset, "tok1", kNow + 600));
  EXPECT_EQ(keyset.find("tk1")->status, KeyStatus::active) << "another version has a primary of its own";
  EXPECT_FALSE(key_life::retire(keyset, "tk1", kNow + 600));
  keyset.policy.write_version = 2;
  EXPECT_FALSE(key_life::retire(keyset, "tk1", kNow + 600)) << "version 1 readers may be there";
  EXPECT_FALSE(key_life::retire(keyset, "tok1", kNow + 600));
  keyset.policy.accept_v1 = false;
  EXPECT_TRUE(key_life::retire(keyset, "tk1", kNow + 600));
  EXPECT_TRUE(draft.write(kNow + 600));
}

TEST(NextKid, FollowsTheNumber) {
  KeysetRecord keyset;
  keyset.schema_version = 2;
  for (const char* kid : {"tk1", "tk2", "key", "a-09", "2025", "0999999999"})
    keyset.keys.emplace_back().kid = kid;
  EXPECT_EQ(*key_life::next_kid(keyset, "tk1"), "tk3");
  EXPECT_EQ(*key_life::next_kid(keyset, "key"), "key2");
  EXPECT_EQ(*key_life::next_kid(keyset, "a-09"), "a-10");
  EXPECT_EQ(*key_life::next_kid(keyset, "2025"), "2026");
}

// What takes the place of what a key made, and what shows that it is done, follow from its algorithm.
TEST(NextStep, AdvisesByTheAlgorithm) {
  struct Row {
    KeysetUsage usage;
    KeyAlgorithm algorithm;
    KeyParams params;
    Step step;
    std::string why;
    std::string evidence;
    std::string moves;
  };
  const std::string scan = "--evidence FILE, as piictl scan --evidence FILE writes it";
  const Row rows[] = {
      {KeysetUsage::token, KeyAlgorithm::hmac_sha_256, {}, Step::retokenize, "piictl retokenize",
       "--evidence FILE, the checkpoint of a completed piictl retokenize --checkpoint FILE", ""},
      {KeysetUsage::token, KeyAlgorithm::pii_tok_2, {}, Step::retokenize, "piictl retokenize",
       "--evidence FILE, as piictl scan --evidence FILE or a completed piictl retokenize --checkpoint FILE writes it", "retokenize"},
      {KeysetUsage::token, KeyAlgorithm::pii_idx_2, {.index_bits = 20, .alphabet = {}}, Step::reindex, "piictl index", scan, "index"},
      {KeysetUsage::token, KeyAlgorithm::pii_ff1_2, {.alphabet = "0123456789"}, Step::represerve, "piictl preserve", scan, "preserve"},
      {KeysetUsage::reveal, KeyAlgorithm::aes_256_gcm, {}, Step::rewrap, "piictl rewrap", scan, "rewrap"},
      {KeysetUsage::reveal, KeyAlgorithm::pii_aead_2, {}, Step::rewrap, "piictl rewrap", scan, "subject rewrap"},
  };
  for (const Row& row : rows) {
    const std::string name(to_string(row.algorithm));
    KeysetDraft draft = kit::one_key(row.usage, kNow);
    KeysetRecord& keyset = draft.record();
    ASSERT_TRUE(key_life::stage(keyset, "old", row.algorithm, row.params, kNow));
    ASSERT_TRUE(key_life::promote(keyset, "old", kNow, {.force = true}));
    ASSERT_TRUE(key_life::stage(keyset, "new", row.algorithm, row.params, kNow));
    ASSERT_TRUE(key_life::promote(keyset, "new", kNow + 600));
    for (KeyRecord& key : keyset.keys) {
      if (key.kid != "old" && key.kid != "new" && key.status == KeyStatus::retiring) key.status = KeyStatus::disabled;
    }
    const NextStep next = key_life::next_step(keyset, kNow + 600);
    EXPECT_EQ(next.step, row.step) << name;
    EXPECT_EQ(next.kid, "old") << name;
    EXPECT_NE(next.why.find(row.why), std::string::npos) << name << ": " << next.why;
    const Seconds later = kNow + 600 + 30 * kDay;
    const auto asked = key_life::disable(keyset, "old", later);
    ASSERT_FALSE(asked) << name;
    EXPECT_EQ(asked.error().hint(), row.evidence) << name;
    if (row.moves.empty()) continue;
    const key_life::Evidence used{.looked_at = later, .digest = std::string(64, 'a'), .complete = true, .uses = {{"old", 1}}, .retokenized_to = {}};
    const auto found = key_life::disable(keyset, "old", later, {.evidence = &used});
    ASSERT_FALSE(found) << name;
    EXPECT_NE(found.error().hint().find("piictl " + row.moves), std::string::npos) << name << ": " << found.error().hint();
  }
}

}  // namespace
}  // namespace pii
