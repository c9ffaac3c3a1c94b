#include "mask/key_split.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "mask/key_lexicon.hpp"
#include "mask/key_phrases.hpp"
#include "mask/key_policy.hpp"

namespace pii::mask {
namespace {

KeyWordList words_of(std::string_view segment) {
  KeyWordList words;
  for_each_word(segment, [&words](std::string_view word) { words.emplace_back(word); });
  return words;
}

// The ways without memory, of ASCII and beyond, and the one with it.
TEST(KeySplit, EveryWayMakesTheSameWords) {
  const std::vector<std::string> pieces = {"customer", "Phone", "IDs", "PINs", "HTTP", "Server", "17", "2", "x", "S", "s", "ies", "_", "-", " ", "~",
                                           "\xc3\xa9t\xc3\xa9", "\xc3\x89", "\xd8\xa7\xd9\x84\xd9\x87\xd8\xa7\xd8\xaa\xd9\x81", "\xd8\xa3", "\xd9\x8b", "\xd9\xa3",
                                           "\xe2\x80\x93", "\xe2\x80\x8b", "\xff", "\xe2\x80", "\xc4\xb0", "\xce\xa3"};
  std::mt19937 random(7);
  for (int i = 0; i < 50'000; ++i) {
    std::string segment;
    for (std::size_t n = 1 + random() % 6; n > 0; --n) segment += pieces[random() % pieces.size()];
    ASSERT_EQ(words_of(segment), split_words(segment)) << segment;
  }
  std::string longest(ShortWords::kLongest, 'a');
  for (std::size_t i = 0; i < longest.size(); i += 2) longest[i] = '1';
  EXPECT_EQ(words_of(longest).size(), ShortWords::kLongest);
  EXPECT_EQ(words_of(longest + "a"), split_words(longest + "a"));
}

// A key of many words is read as one of few.
TEST(KeyReading, KeepsEveryWordOfALongKey) {
  const PhraseTree& tree = built_in_phrases();
  std::string key;
  for (int i = 0; i < 40; ++i) key += i % 7 == 6 ? "date_of_birth." : "x_";
  const KeyReading reading(tree, key + "card_number");
  const KeyReading::Words all = reading.all(), last = reading.last();
  EXPECT_EQ(all.size(), 35U + 5 * 3 + 2);
  EXPECT_NE(last.phrase(last.size() - 2, last.size()), nullptr);
  EXPECT_NE(all.phrase(6, 9), nullptr);
  EXPECT_EQ(reading.left_in_segment(6), 3U);
  EXPECT_EQ(reading.segments(), 6U);
}

// What stands in front of a key's last words in other segments changes nothing but what they are of.
TEST(KeyPolicy, JudgesKeysOfAnyLength) {
  const KeyPolicy policy(*PolicySpec::profile("default"));
  for (const std::size_t words : {1U, 14U, 15U, 16U, 17U, 80U, 300U}) {
    std::string key;
    for (std::size_t i = 0; i < words; ++i) key += "q.";
    EXPECT_EQ(policy.judge(key + "customer_email", {}).type, Detector::email) << words;
    EXPECT_EQ(policy.judge(key + "qux", {}).kind, KeyVerdict::Kind::plain) << words;
  }
}

}  // namespace
}  // namespace pii::mask
