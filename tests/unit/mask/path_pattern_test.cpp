#include "mask/path_pattern.hpp"

#include <gtest/gtest.h>

#include <random>

#include "kit/reference_place.hpp"

namespace pii::mask {
namespace {

using kit::reference::Path;

std::vector<PathPattern> parsed(const std::vector<std::string>& texts) {
  std::vector<PathPattern> patterns;
  for (const std::string& text : texts) patterns.push_back(*PathPattern::parse(text));
  return patterns;
}

std::vector<std::uint16_t> matches(const std::vector<std::string>& texts, const Path& path) {
  const std::vector<PathPattern> patterns = parsed(texts);
  PathMatcher matcher(patterns);
  PathMatcher::State state = PathMatcher::kStart;
  for (const auto& step : path) state = step.is_index ? matcher.step_index(state, step.index) : matcher.step_name(state, step.name);
  return matcher.matches(state);
}

TEST(PathPattern, RefusesWhatItCannotRead) {
  for (const char* text : {"", "$.", ".a", "a.", "a..b", "a[", "a[x]", "a[1", "a['b'", "a['']", "a*", "a]b", "a'b", "a[-1]",
                           "a[99999999999]", "a.['b"}) {
    EXPECT_FALSE(PathPattern::parse(text)) << text;
  }
  std::string deep = "a";
  for (int i = 0; i < 64; ++i) deep += ".a";
  EXPECT_FALSE(PathPattern::parse(deep));
}

TEST(PathPattern, ReadsEveryStep) {
  const auto pattern = PathPattern::parse(R"($.a[*][12]["c.d"].*.**['e\'f'])");
  ASSERT_TRUE(pattern);
  using Kind = PathPattern::Step::Kind;
  const std::vector<Kind> kinds = {Kind::name, Kind::any_index, Kind::index, Kind::name, Kind::any_name, Kind::any_steps, Kind::name};
  ASSERT_EQ(pattern->steps.size(), kinds.size());
  for (std::size_t i = 0; i < kinds.size(); ++i) EXPECT_EQ(pattern->steps[i].kind, kinds[i]) << i;
  EXPECT_EQ(pattern->steps[2].index, 12U);
  EXPECT_EQ(pattern->steps[3].name, "c.d");
  EXPECT_EQ(pattern->steps[6].name, "e'f");
}

TEST(PathPattern, MatchesWhatLiesBelowToo) {
  const std::vector<std::string> patterns = {"a.b", "a[*].b", "a[1]", "**.c", "*", "['x.y']", "x.y", "**"};
  const auto name = [](const char* text) { return kit::reference::PathStep{false, text}; };
  const auto index = [](std::uint32_t i) { return kit::reference::PathStep{true, {}, i}; };
  using Matched = std::vector<std::uint16_t>;
  EXPECT_EQ(matches(patterns, {}), (Matched{7}));
  EXPECT_EQ(matches(patterns, {name("a"), name("b"), name("z")}), (Matched{0, 4, 7}));
  EXPECT_EQ(matches(patterns, {name("a"), index(1), name("b")}), (Matched{1, 2, 4, 7}));
  EXPECT_EQ(matches(patterns, {name("a"), index(0)}), (Matched{4, 7}));
  EXPECT_EQ(matches(patterns, {name("q"), name("r"), name("c"), name("d")}), (Matched{3, 4, 7}));
  EXPECT_EQ(matches(patterns, {name("x.y")}), (Matched{4, 5, 6, 7}));
  EXPECT_EQ(matches(patterns, {name("x"), name("y")}), (Matched{4, 6, 7}));
  EXPECT_EQ(matches(patterns, {index(3)}), (Matched{7}));
}

TEST(PathPattern, AgreesWithTheReferenceOnRandomPaths) {
  std::mt19937 random(3);
  const auto below = [&random](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  constexpr const char* kNames[] = {"a", "b", "c", "a.b", "b.c.a"};
  constexpr const char* kSteps[] = {"a", "b", "c", "*", "**", "[*]", "[0]", "[1]", "['a.b']"};
  std::size_t matched = 0;
  for (int round = 0; round < 4000; ++round) {
    std::vector<std::string> patterns;
    for (std::size_t n = 1 + below(4); n > 0; --n) {
      std::string pattern = kSteps[below(5)];
      for (std::size_t k = below(4); k > 0; --k) {
        const std::string step = kSteps[below(9)];
        pattern += (step.front() == '[' ? "" : ".") + step;
      }
      patterns.push_back(pattern);
    }
    Path path;
    for (std::size_t k = below(6); k > 0; --k) {
      if (below(3) == 0) path.push_back({true, {}, static_cast<std::uint32_t>(below(3))});
      else path.push_back({false, kNames[below(5)]});
    }
    std::vector<std::uint16_t> expected;
    for (std::size_t i = 0; i < patterns.size(); ++i) {
      if (kit::reference::path_matches(patterns[i], path)) expected.push_back(static_cast<std::uint16_t>(i));
    }
    matched += expected.size();
    ASSERT_EQ(matches(patterns, path), expected) << testing::PrintToString(patterns) << " round " << round;
  }
  EXPECT_GT(matched, 1000U);
}

TEST(PathPattern, TellsWhetherAnIndexMatters) {
  const std::vector<PathPattern> patterns = parsed({"a[1]", "b[*]"});
  PathMatcher matcher(patterns);
  EXPECT_TRUE(matcher.depends_on_index(matcher.step_name(PathMatcher::kStart, "a")));
  EXPECT_FALSE(matcher.depends_on_index(matcher.step_name(PathMatcher::kStart, "b")));
}

}  // namespace
}  // namespace pii::mask
