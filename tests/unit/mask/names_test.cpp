#include "mask/names.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <initializer_list>
#include <string>

namespace pii::mask {
namespace {

std::string found_in(const Names& names, std::string_view text, detect::Spans spans = {}) {
  names.find(text, spans);
  std::string result;
  for (const detect::Span& span : spans) {
    if (span.detector == Detector::person_name) result += "[" + std::string(text.substr(span.begin, span.end - span.begin)) + "]";
  }
  return result;
}

TEST(Names, RemembersWhatLooksLikeAName) {
  for (const std::string_view name : {"Fatima", "fatima ali", "Zoë Müller", "فاطمة علي", "O'Neil", "  Fatima  "}) {
    Names names;
    names.add(name);
    EXPECT_EQ(names.size(), 1U) << name;
  }
  const std::string too_long = std::string(Names::kLongest, 'A') + "b";
  for (const std::string_view name : std::initializer_list<std::string_view>{"fatima", "Ali", "A B C", "12345 678", "", "    ", too_long}) {
    Names names;
    names.add(name);
    EXPECT_TRUE(names.empty()) << name;
  }
}

TEST(Names, FindsWholeWordsInAnyCase) {
  Names names;
  names.add("Fatima Ali");
  EXPECT_EQ(found_in(names, "hello FATIMA ali, and fatima ali."), "[FATIMA ali][fatima ali]");
  EXPECT_EQ(found_in(names, "xFatima Ali Fatima Ali2 Fatima Ali_ éFatima Ali Fatima Alié Fatima  Ali"), "");
  EXPECT_EQ(found_in(names, "(Fatima Ali)"), "[Fatima Ali]");
  EXPECT_EQ(names.original("FATIMA ALI"), "Fatima Ali");
  EXPECT_EQ(names.original("Somebody"), "Somebody");
}

TEST(Names, TakesTheLongestAndLeavesWhatWasFoundBefore) {
  Names names;
  names.add("Fatima");
  names.add("Fatima Ali Hassan");
  names.add("Fatima Ali");
  EXPECT_EQ(found_in(names, "Fatima Ali Hassan and Fatima Ali"), "[Fatima Ali Hassan][Fatima Ali]");
  detect::Spans spans;
  spans.add({11, 17, Detector::none, 0});
  EXPECT_EQ(found_in(names, "Fatima Ali Hassan", spans), "[Fatima Ali]");
}

TEST(Names, KnowsTheSameNameOnceAndNoMoreThanItsLimits) {
  Names names;
  names.add("Fatima Ali");
  names.add("FATIMA ALI");
  EXPECT_EQ(names.size(), 1U);
  std::deque<std::string> kept;
  // At most eight that begin alike.
  for (char c = 'a'; c < 'z'; ++c) names.add(kept.emplace_back("Fatima B" + std::string(1, c)));
  EXPECT_EQ(names.size(), 8U);
  for (int i = 0; i < 100; ++i) {
    names.add(kept.emplace_back(std::string(1, static_cast<char>('A' + i % 26)) + static_cast<char>('a' + i / 26) + "xyz Name"));
  }
  EXPECT_EQ(names.size(), Names::kMost);
  EXPECT_EQ(found_in(names, "Axyz Name, aaxyz NAME"), "[aaxyz NAME]");
}

TEST(Names, ForgetsTheLatest) {
  Names names;
  names.add("Fatima Ali");
  names.add("Fatima Hassan");
  names.shrink(1);
  EXPECT_EQ(found_in(names, "Fatima Ali Fatima Hassan"), "[Fatima Ali]");
  names.clear();
  EXPECT_EQ(found_in(names, "Fatima Ali"), "");
}

}  // namespace
}  // namespace pii::mask
