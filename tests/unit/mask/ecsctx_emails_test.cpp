#include <gtest/gtest.h>

#include <random>
#include <string>

#include "kit/effort.hpp"
#include "mask/ecsctx_rules.hpp"
#include "unit/mask/ecsctx_patterns.hpp"

namespace pii::mask::ecsctx {
namespace {

std::vector<Replacement> emails_of(std::string_view text) {
  std::vector<Replacement> found;
  find_emails(text, found);
  return found;
}

std::string first_of(std::string_view text) {
  const auto found = emails_of(text);
  return found.empty() ? "" : std::string(text.substr(found[0].begin, found[0].end - found[0].begin));
}

TEST(EcsctxEmails, WhatThePatternTakes) {
  EXPECT_EQ(first_of("to user@x.com."), "user@x.com");
  EXPECT_EQ(first_of("user@x.com|paid"), "user@x.com|paid");
  EXPECT_EQ(first_of("john@mail.example.com1"), "john@mail.example");
  EXPECT_EQ(first_of("éuser.name@x.com"), ".name@x.com");
  EXPECT_EQ(first_of("o'brien@x.com"), "brien@x.com");
  EXPECT_EQ(first_of("a@b..co"), "a@b..co");
  EXPECT_EQ(first_of("a@b.c|d"), "a@b.c|d");
}

TEST(EcsctxEmails, WhatItDoesNotTake) {
  for (const char* text : {"", "@", "a@", "@b.co", "a@b", "a@.co", "a@b.c", "a@b.com_", "a@b.comé", "a@b.co1",
                           "éuser@x.com", "用户@例子.广告", "\"j d\"@x.com", "%@x.com"}) {
    EXPECT_TRUE(emails_of(text).empty()) << text;
  }
}

TEST(EcsctxEmails, WhatFollowsAMatchIsSearchedFromItsEnd) {
  EXPECT_EQ(emails_of("a@b.coc@d.co").size(), 1U);
  EXPECT_EQ(emails_of("a@b.co c@d.co,e@f.co").size(), 3U);
}

TEST(EcsctxEmails, BytesThatAreNoUtf8StandBetweenWords) {
  EXPECT_EQ(first_of("\xff"
                     "a@b.co\xe2\x82"),
            "a@b.co");
  EXPECT_EQ(first_of("\x80\x80\x80\x80\x80"
                     "a@b.co\xc3"),
            "a@b.co");
}

TEST(EcsctxEmails, AgreeWithTheRegularExpression) {
  static const std::string kPieces[] = {"a", "b.co", "@", ".co", "|", "c", "B", "7",      ".", "_",
                                        "%", "+",    "-", "é",   "٣", " ", "²", "\u0301", "'"};
  std::mt19937 rng(20261125);
  int found = 0;
  for (int i = 0; i < kit::rounds(60000); ++i) {
    std::string text;
    for (auto n = rng() % 18; n > 0; --n) text += kPieces[rng() % (rng() % 2 == 0 ? std::size(kPieces) : 6)];
    const auto expected = test::search_emails(text);
    ASSERT_EQ(emails_of(text), expected) << text;
    found += static_cast<int>(expected.size());
  }
  EXPECT_GT(found, kit::rounds(3000));
}

// A search that tried anew from every start would take hours for these: that it ends is the check.
TEST(EcsctxEmails, HardTextsTakeLinearTime) {
  const auto repeat = [](std::string_view piece, int n) {
    std::string text;
    for (; n > 0; --n) text += piece;
    return text;
  };
  const int many = 2'000'000;
  EXPECT_TRUE(emails_of(repeat("a.", many)).empty());
  EXPECT_TRUE(emails_of(repeat("@", many)).empty());
  EXPECT_TRUE(emails_of("a@" + repeat("a.", many)).empty());
  EXPECT_TRUE(emails_of("a@" + repeat("aa.", many) + "1").size() == 1);
  EXPECT_TRUE(emails_of("a@" + repeat("a1.", many)).empty());
  EXPECT_TRUE(emails_of("a@b." + repeat("|", many)).empty());
  EXPECT_TRUE(emails_of(repeat("%", many) + "@b.co").empty());
  EXPECT_TRUE(emails_of(repeat("a@", many)).empty());
  EXPECT_EQ(emails_of(repeat("a@b.|", many / 2)).size(), static_cast<std::size_t>(many / 4));
}

}  // namespace
}  // namespace pii::mask::ecsctx
