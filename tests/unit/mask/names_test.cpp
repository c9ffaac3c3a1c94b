#include "mask/names.hpp"

#include <gtest/gtest.h>

#include "mask/name_search.hpp"

#include <algorithm>
#include <cctype>
#include <deque>
#include <initializer_list>
#include <memory>
#include <random>
#include <string>
#include <vector>

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
  names.add("Omar Hassan");
  EXPECT_EQ(found_in(names, "Fatima Ali Fatima Hassan, OMAR Hassan"), "[Fatima Ali][OMAR Hassan]");
  names.clear();
  EXPECT_EQ(found_in(names, "Fatima Ali"), "");
  names.add("Fatima Ali");
  EXPECT_EQ(found_in(names, "Omar Hassan Fatima Ali"), "[Fatima Ali]");
}

// What is replaced may be the name itself, or have it in it.
TEST(Names, StandOutsideOfWhatIsReplaced) {
  Names names;
  EXPECT_FALSE(names.stand_outside({}, "Fatima Ali"));
  names.add("Fatima Ali");
  const auto outside = [&](std::vector<Edit> edits, std::string_view line) { return names.stand_outside(edits, line); };
  EXPECT_TRUE(outside({}, "by Fatima Ali"));
  EXPECT_FALSE(outside({}, "by Fatima Alis"));
  EXPECT_FALSE(outside({{.begin = 3, .end = 13}}, "by fatima ali"));
  EXPECT_FALSE(outside({{.begin = 0, .end = 28}}, "x Fatima Ali Fatima Ali Fatima Ali"));
  EXPECT_TRUE(outside({{.begin = 4, .end = 13}}, "by Fatima Ali"));  // it begins before
  EXPECT_TRUE(outside({{.begin = 20, .end = 21}, {.begin = 3, .end = 13}}, "by Fatima Ali, to Fatima Ali"));
  EXPECT_FALSE(outside({{.begin = 18, .end = 28}, {.begin = 3, .end = 13}}, "by Fatima Ali, to Fatima Ali"));
}

// By the definition, byte by byte.
std::string expected_in(const std::vector<std::string>& names, std::string_view text) {
  const auto lower = [](std::string_view of) {
    std::string out(of);
    for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return out;
  };
  const auto word = [&](std::size_t i) {
    const unsigned char c = i < text.size() ? static_cast<unsigned char>(text[i]) : ' ';
    return std::isalnum(c) != 0 || c == '_' || c >= 0x80;
  };
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i > 0 && word(i - 1)) continue;
    std::size_t longest = 0;
    for (const std::string& name : names) {
      if (lower(text.substr(i, name.size())) == lower(name) && !word(i + name.size())) longest = std::max(longest, name.size());
    }
    if (longest == 0) continue;
    result += "[" + std::string(text.substr(i, longest)) + "]";
    i += longest - 1;
  }
  return result;
}

// Few names are looked for sixteen bytes at a time, many by a table.
TEST(Names, AreFoundInTextsOfEveryLengthWhereverTheyStand) {
  std::mt19937 random(1);
  const std::vector<std::string> all = {"Fatima Ali", "Fatima", "Zo\xc3\xab M\xc3\xbcller", "O'Neil", "aN ab ba", "Abbas", "Bob Ann", "Anna B",
                                        "Nabil A", "Bana N", "Ban Bob", "Annan"};
  for (const std::size_t count : {1U, 2U, 5U, 8U, 9U, 12U}) {
    const std::vector<std::string> some(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count));
    Names names;
    for (const std::string& name : some) names.add(name);
    ASSERT_EQ(names.size(), count);
    for (int round = 0; round < 2000; ++round) {
      std::string text;
      const std::size_t size = random() % 90;
      while (text.size() < size) {
        text += random() % 6 == 0 ? all[random() % all.size()] : std::string(1, "abnABN F'fo.\xc3"[random() % 13]);
        if (random() % 8 == 0) text += ' ';
      }
      for (char& c : text) {
        if (random() % 16 == 0 && c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
      }
      ASSERT_EQ(found_in(names, text), expected_in(some, text)) << text;
    }
  }
}

// Each on memory of its own, so that a sanitizer sees what is read behind it.
TEST(Names, EverySearchFindsTheSamePlaces) {
  std::mt19937 random(2);
  for (int round = 0; round < 4000; ++round) {
    NameMarks marks{.count = 1 + random() % NameMarks::kMost};
    for (std::size_t k = 0; k < marks.count; ++k) {
      // A blank stands for NUL, too, and '`' for '@'.
      marks.first[k] = "abab "[random() % 5];
      marks.second[k] = "abab `\xe3"[random() % 7];
      marks.fourth[k] = "ab\xe3 `{"[random() % 6];
    }
    const std::size_t size = random() % 150, few = round % 2 == 0 ? 2 : 6;
    const auto bytes = std::make_unique<char[]>(size);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = "aAbB \0\x40`{[.\xc3\xe3"[random() % (random() % 4 == 0 ? 13 : few)];
    const std::string_view text(bytes.get(), size);
    for (std::size_t from = 0; from <= size; from += 1 + random() % 20) {
      const std::size_t expected = name_searches().front().search(text, from, marks);
      for (const NameSearch& search : name_searches()) {
        if (size < search.least) continue;
        ASSERT_EQ(search.search(text, from, marks), expected) << search.name << " from " << from << ": " << text;
      }
    }
  }
}

}  // namespace
}  // namespace pii::mask
