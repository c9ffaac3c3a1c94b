#include <gtest/gtest.h>

#include <random>
#include <string>

#include "kit/effort.hpp"
#include "mask/ecsctx_rules.hpp"
#include "unit/mask/ecsctx_patterns.hpp"

namespace pii::mask::ecsctx {
namespace {

std::vector<Replacement> phones_of(std::string_view text, bool fixed = false) {
  std::vector<Replacement> found;
  find_phones(text, fixed, found);
  return found;
}

std::string first_of(std::string_view text, bool fixed = false) {
  const auto found = phones_of(text, fixed);
  return found.empty() ? "" : std::string(text.substr(found[0].begin, found[0].end - found[0].begin));
}

TEST(EcsctxPhones, WhatThePatternTakes) {
  EXPECT_EQ(first_of("+1 202-555-0173"), "202-555-0173");
  EXPECT_EQ(first_of("+96555551234"), "96555551234");
  EXPECT_EQ(first_of("a+96555551234"), "+96555551234");
  EXPECT_EQ(first_of("order 1700000000"), "1700000000");
  EXPECT_EQ(first_of("x(202) 555.0173"), "(202) 555.0173");
  EXPECT_EQ(first_of(" (202) 555.0173"), "202) 555.0173");
  EXPECT_EQ(first_of("٢٠٢٥٥٥٠١٧٣"), "٢٠٢٥٥٥٠١٧٣");
  EXPECT_EQ(first_of("202\u00a0555\u30000173."), "202\u00a0555\u30000173");
}

TEST(EcsctxPhones, WhatItDoesNotTake) {
  for (const char* text :
       {"", "1", "+965 5555 1234", "5555 1234", "+44 20 7946 0958", "2025550173x", "x2025550173",
        "_2025550173", "202555017", "2025550173123", "202--555-0173", "202-555-0173é", "²2025550173"}) {
    EXPECT_TRUE(phones_of(text).empty()) << text;
  }
}

TEST(EcsctxPhones, BytesThatAreNoUtf8StandBetweenWords) {
  EXPECT_EQ(first_of("\xff"
                     "2025550173\xe2\x82"),
            "2025550173");
  EXPECT_EQ(first_of("\x80\x80\x80\x80\x80"
                     "202-555-0173\xc3"),
            "202-555-0173");
  EXPECT_TRUE(phones_of(std::string(64, '\x80')).empty());
}

TEST(EcsctxPhones, AgreeWithTheRegularExpression) {
  static const std::string kPieces[] = {"1", "23", "456", "7890", "555", "٣٣٣", "٤٤٤٤", "-",      ".",
                                        " ", "(",  ")",   "+",    "a",   "_",   "é",    "\u2003", "²"};
  std::mt19937 rng(20261125);
  int found = 0;
  for (int i = 0; i < kit::rounds(200000); ++i) {
    std::string text;
    for (auto n = rng() % 16; n > 0; --n) text += kPieces[rng() % (rng() % 3 == 0 ? std::size(kPieces) : 13)];
    const auto expected = test::search_phones(text);
    ASSERT_EQ(phones_of(text), expected) << text;
    found += static_cast<int>(expected.size());
  }
  EXPECT_GT(found, kit::rounds(5000));
}

TEST(EcsctxPhones, FixedTakesTheWholeInternationalNumber) {
  EXPECT_EQ(first_of("call +965 5555 1234 now", true), "+965 5555 1234");
  EXPECT_EQ(first_of("+44 20 7946 0958", true), "+44 20 7946 0958");
  EXPECT_EQ(first_of("+49 30 901820", true), "+49 30 901820");
  EXPECT_EQ(first_of("+1 202-555-0173", true), "+1 202-555-0173");
  EXPECT_EQ(first_of("+966 50 123 4567", true), "+966 50 123 4567");
  EXPECT_EQ(first_of("+971-50-123-4567", true), "+971-50-123-4567");
  EXPECT_EQ(first_of("+96555551234", true), "+96555551234");
  EXPECT_EQ(first_of("00965 5555 1234", true), "00965 5555 1234");
  EXPECT_EQ(first_of("+1 (202) 555-0173", true), "+1 (202) 555-0173");
  EXPECT_EQ(first_of("+٩٦٥ ٥٥٥٥ ١٢٣٤", true), "+٩٦٥ ٥٥٥٥ ١٢٣٤");
  EXPECT_EQ(first_of("202-555-0173", true), "202-555-0173");
}

TEST(EcsctxPhones, FixedEndsWhereTheCountrysNumbersEnd) {
  EXPECT_EQ(first_of("+965 5555 1234 2026", true), "+965 5555 1234");
  EXPECT_EQ(first_of("+44 20 7946 0958 2026", true), "+44 20 7946 0958");
}

TEST(EcsctxPhones, FixedLeavesShortAndLongNumbers) {
  for (const char* text : {"+12", "+1234567", "+1234567890123456", "5555 1234", "++", "+ 96555551234567",
                           "+965 5555 1234x", "00 12 345"}) {
    EXPECT_TRUE(phones_of(text, true).empty()) << text << ": " << first_of(text, true);
  }
}

TEST(EcsctxPhones, FixedTakesAllThatTheOtherTakes) {
  static const std::string kPieces[] = {"1", "23", "456", "7890", "-", ".", " ", "(", ")", "+", "a", "00965"};
  std::mt19937 rng(7);
  for (int i = 0; i < kit::rounds(50000); ++i) {
    std::string text;
    for (auto n = rng() % 12; n > 0; --n) text += kPieces[rng() % std::size(kPieces)];
    EXPECT_TRUE(phones_of(text).empty() || !phones_of(text, true).empty()) << text;
  }
}

// A search that walked a run of digits from each of them would take hours for these: that it ends is the
// check.
TEST(EcsctxPhones, HardTextsTakeLinearTime) {
  const auto repeat = [](std::string_view piece, int n) {
    std::string text;
    for (; n > 0; --n) text += piece;
    return text;
  };
  const int many = 2'000'000;
  for (const bool fixed : {false, true}) {
    for (const char* piece :
         {"1", "1 ", "-", "12 ", "123-", "+", "a(", "a+1", "(", "٣", "٣ ", "00", "+1 ", "1("}) {
      EXPECT_TRUE(phones_of(repeat(piece, many) + "x", fixed).size() <= static_cast<std::size_t>(many))
          << piece;
    }
    EXPECT_TRUE(phones_of(repeat("1", many), fixed).empty());
    EXPECT_EQ(phones_of(repeat("2025550173 ", 100'000), fixed).size(), 100'000U);
  }
}

}  // namespace
}  // namespace pii::mask::ecsctx
