#include "stream/json_path.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace piictl::stream {
namespace {

/// The path in the normal form of RFC 9535, or the message.
std::string normal(std::string_view text) {
  const auto path = parse_json_path(text);
  if (!path) {
    EXPECT_EQ(path.error().code(), pii::ErrorCode::usage);
    return path.error().message();
  }
  std::string normal = "$";
  for (const JsonPathStep& step : *path) {
    switch (step.kind) {
      case JsonPathStep::Kind::name:
        normal += "['" + step.name + "']";
        break;
      case JsonPathStep::Kind::index:
        normal += "[" + std::to_string(step.index) + "]";
        break;
      case JsonPathStep::Kind::any:
        normal += "[*]";
        break;
    }
  }
  return normal;
}

TEST(JsonPath, what_can_be_written) {
  EXPECT_EQ(normal("a"), "$['a']");
  EXPECT_EQ(normal("$.a"), "$['a']");
  EXPECT_EQ(normal("$"), "$");
  EXPECT_EQ(normal("a.b.c"), "$['a']['b']['c']");
  EXPECT_EQ(normal("a[*].c"), "$['a'][*]['c']");
  EXPECT_EQ(normal("a[0][12]"), "$['a'][0][12]");
  EXPECT_EQ(normal("[*].a"), "$[*]['a']");
  EXPECT_EQ(normal("$[0]"), "$[0]");
  EXPECT_EQ(normal("['a.b']"), "$['a.b']");
  EXPECT_EQ(normal("$['a'][\"b\"]"), "$['a']['b']");
  EXPECT_EQ(normal("a.*.b"), "$['a'][*]['b']");
  EXPECT_EQ(normal("*"), "$[*]");
  EXPECT_EQ(normal("[ 'a' ][ 3 ][ * ]"), "$['a'][3][*]");
  EXPECT_EQ(normal("user-id.@timestamp"), "$['user-id']['@timestamp']");
  EXPECT_EQ(normal("stra\xC3\x9F"
                   "e"),
            "$['stra\xC3\x9F"
            "e']");
  EXPECT_EQ(normal(R"(['\u00e9\n\'"'])"), "$['\xC3\xA9\n'\"']");
  EXPECT_EQ(normal(R"(["\"'"])"), "$['\"'']");
  EXPECT_EQ(normal(R"(['\ud83d\ude00'])"), "$['\xF0\x9F\x98\x80']");
  EXPECT_EQ(normal("['']"), "$['']");
}

TEST(JsonPath, what_cannot_is_refused_with_the_place) {
  const struct {
    std::string_view text;
    std::string_view what;
  } cases[] = {{"", "nothing at byte offset 0"},
               {"a..b", "a name is missing at byte offset 2"},
               {".a", "a name is missing at byte offset 0"},
               {"a.", "a name is missing at byte offset 2"},
               {"$a", "neither . nor [ at byte offset 1"},
               {"a$", "neither . nor [ at byte offset 1"},
               {"a]", "neither . nor [ at byte offset 1"},
               {"a b", "neither . nor [ at byte offset 1"},
               {"a[", "no index, * or quoted name at byte offset 2"},
               {"a[-1]", "no index, * or quoted name at byte offset 2"},
               {"a[01]", "no index, * or quoted name at byte offset 2"},
               {"a[99999999999999999999]", "no index, * or quoted name at byte offset 2"},
               {"a[1:2]", "] is missing at byte offset 3"},
               {"a[?@.b]", "no index, * or quoted name at byte offset 2"},
               {"a['b]", "the name is not closed at byte offset 2"},
               {"a['b'", "] is missing at byte offset 5"},
               {R"(a['\x'])", "no such escape at byte offset 4"},
               {R"(a['\"'])", "no such escape at byte offset 4"},
               {R"(a["\'"])", "no such escape at byte offset 4"},
               {R"(a['\u12'])", "no four hexadecimal digits at byte offset 4"},
               {R"(a['\ud800'])", "half of a surrogate pair in the name at byte offset 2"},
               {"a['\t']", "a control character in the name at byte offset 3"}};
  for (const auto& [text, what] : cases) {
    EXPECT_EQ(normal(text), "path \"" + std::string(text) + "\": " + std::string(what));
  }
}

TEST(JsonPath, a_tree_of_paths_says_which_path_selects_a_value) {
  const std::vector<std::string> paths = {"a[*].b", "a[1].c", "a[*].d.e", "x"};
  const auto tree = JsonPathTree::make(paths);
  ASSERT_TRUE(tree);
  const JsonPathTree* a = tree->member("a");
  ASSERT_NE(a, nullptr);
  EXPECT_EQ(a->target(), JsonPathTree::kNoTarget);
  EXPECT_EQ(a->element(0)->member("b")->target(), 0u);
  EXPECT_EQ(a->element(0)->member("c"), nullptr);
  EXPECT_EQ(a->element(1)->member("b")->target(), 0u);
  EXPECT_EQ(a->element(1)->member("c")->target(), 1u);
  EXPECT_EQ(a->element(1)->member("d")->member("e")->target(), 2u);
  EXPECT_EQ(tree->member("x")->target(), 3u);
  EXPECT_EQ(tree->member("y"), nullptr);
  EXPECT_EQ(tree->element(0), nullptr);
}

TEST(JsonPath, two_paths_to_one_value_are_refused) {
  const std::vector<std::vector<std::string>> both = {
      {"a", "$['a']"}, {"a[*]", "a[0]"}, {"a.*", "a.b"}, {"[*].a", "x.a"}, {"$", "$"}};
  for (const auto& paths : both) {
    const auto tree = JsonPathTree::make(paths);
    ASSERT_FALSE(tree) << paths[0];
    EXPECT_EQ(tree.error().message(),
              "paths \"" + paths[0] + "\" and \"" + paths[1] + "\" select the same value");
  }
  EXPECT_TRUE(JsonPathTree::make(std::vector<std::string>{"a", "a.b", "a[0]"}));
}

}  // namespace
}  // namespace piictl::stream
