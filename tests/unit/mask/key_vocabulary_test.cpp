#include "mask/key_vocabulary.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "mask/key_lexicon.hpp"
#include "mask/key_policy.hpp"
#include "mask/key_words.hpp"

namespace pii::mask {
namespace {

template <class Of>
bool says_nothing(const Of& of, std::string_view key) {
  std::string skeleton;
  return of.read(key, skeleton) == KeyVocabulary::Reading::nothing;
}

TEST(KeyVocabulary, SaysNothingOnlyOfKeysWithoutAnyOfItsWords) {
  KeyVocabulary words;
  words.add("customer name");
  words.add("track 2 data");
  words.add("id");
  for (const std::string_view key : {"foo", "foo_bar", "k17", "fooBar", "HTTPFoo", "foo.bar", "customers1x", "naming", "a-b c"}) {
    EXPECT_TRUE(says_nothing(words, key) || key == "customers1x") << key;
  }
  for (const std::string_view key : {"name", "NAME", "customer_foo", "fooName", "customers", "IDs", "foo2track", "a.b.name", "", "17", "_", "foo:bar", "foo.17", "foo._2",
                                     "foo[1]", "f\xc3\xb6o", "****a", "foo~2"}) {
    EXPECT_FALSE(says_nothing(words, key)) << key;
  }
}

// Keys with one skeleton say the same, so words that join others are in it, in every form.
TEST(KeyVocabulary, WordsThatJoinAreInTheSkeleton) {
  const KeyVocabulary words;
  std::string joined, other;
  words.read("x_pers_y", joined);
  words.read("x_zork_y", other);
  EXPECT_NE(joined, other);
}

// What it says nothing of, the policy has no verdict on either.
TEST(KeyVocabulary, AgreesWithThePolicy) {
  PolicySpec spec = *PolicySpec::profile("gulf-payments");
  for (int i = 1; i < kDetectorCount; ++i) spec.enabled.insert(static_cast<Detector>(i));
  spec.sensitive_keys = {{"wombat id", Detector::generic}};
  spec.safe_keys = {"zebra"};
  const KeyPolicy policy(spec);
  std::vector<std::string> pieces = {"wombat", "Zebra", "foo", "x", "17", "2", "s", "_", "-", ".", "Ids", "PINs", "URL", "glaz", "Of"};
  for (const auto& [phrase, rule] : Lexicon::get().phrases) pieces.push_back(phrase);
  for (const auto& [phrase, detectors] : Lexicon::get().contexts) pieces.push_back(phrase);
  std::sort(pieces.begin(), pieces.end());
  std::mt19937 random(4);
  std::size_t nothing = 0;
  for (int i = 0; i < 30000; ++i) {
    std::string key;
    for (std::size_t n = 1 + random() % 4; n > 0; --n) key += pieces[random() % pieces.size()];
    if (i % 2 == 0) {
      for (char& c : key) c = random() % 5 == 0 ? static_cast<char>("abcXYZ_.19"[random() % 10]) : c;
    }
    if (!says_nothing(policy, key)) continue;
    ++nothing;
    for (const char* parent : {"", "user", "card", "foo"}) {
      const KeyVerdict verdict = policy.judge(key, parent);
      ASSERT_EQ(verdict.kind, KeyVerdict::Kind::plain) << key;
      ASSERT_TRUE(verdict.context.empty()) << key;
      ASSERT_FALSE(verdict.version_like || verdict.part) << key;
    }
  }
  EXPECT_GT(nothing, 500U);
}

// Keys of one skeleton are judged alike, whatever stands above them.
TEST(KeyVocabulary, SkeletonsTellWhatTheVerdictIsMadeOf) {
  PolicySpec spec = *PolicySpec::profile("gulf-payments");
  for (int i = 1; i < kDetectorCount; ++i) spec.enabled.insert(static_cast<Detector>(i));
  spec.sensitive_keys = {{"wombat id", Detector::generic}, {"form 1099", Detector::generic}};
  const KeyPolicy policy(spec);
  std::vector<std::string> pieces = {"wombat", "form", "1099", "foo", "Bar", "qux", "XYZ", "x", "17", "2", "s", "_", "-", ".", "PINs", "Tokens", "TOKENS",
                                     "tokens", "Of", "by", "per", "for", "in", "header", "api-", "99999", "bars"};
  for (const auto& [phrase, rule] : Lexicon::get().phrases) pieces.push_back(phrase);
  for (const words::Meaning& meaning : words::meanings()) pieces.emplace_back(meaning.phrases.substr(0, meaning.phrases.find(',')));
  std::sort(pieces.begin() + 27, pieces.end());
  std::mt19937 random(5);
  std::map<std::string, std::string> first;
  std::size_t shared = 0, said = 0;
  for (int i = 0; i < 60000; ++i) {
    std::string key;
    for (std::size_t n = 1 + random() % 4; n > 0; --n) key += pieces[random() % (random() % 2 == 0 ? 27 : pieces.size())] + (random() % 2 == 0 ? "_" : "");
    std::string skeleton;
    if (policy.read(key, skeleton) == KeyVocabulary::Reading::strange) continue;
    const auto [known, fresh] = first.emplace(skeleton, key);
    if (fresh || known->second == key) continue;
    ++shared;
    for (const char* parent : {"", "user", "card", "foo"}) {
      const KeyVerdict verdict = policy.judge(key, parent), other = policy.judge(known->second, parent);
      said += verdict.kind != KeyVerdict::Kind::plain;
      ASSERT_TRUE(verdict.kind == other.kind && verdict.type == other.type && verdict.context == other.context) << key << ' ' << known->second;
      ASSERT_TRUE(verdict.version_like == other.version_like && verdict.part == other.part) << key << ' ' << known->second;
    }
    ASSERT_EQ(policy.role_of(key).bits(), policy.role_of(known->second).bits()) << key << ' ' << known->second;
  }
  EXPECT_GT(shared, 3000U);
  EXPECT_GT(said, 1000U);
}

}  // namespace
}  // namespace pii::mask
