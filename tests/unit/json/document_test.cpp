#include "json/document.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pii::json {
namespace {

Document parse(std::string_view text) {
  auto parsed = Document::parse(text, {1 << 20, 16});
  EXPECT_TRUE(parsed) << text;
  return *std::move(parsed);
}

std::string unescaped(const Node& node) {
  std::string text(node.raw().size(), '\0');
  text.resize(node.unescape(text.data()));
  return text;
}

TEST(JsonDocument, TellsKindsAndPlaces) {
  const std::string_view text = R"( {"a": [null, true, -1.5], "b": "x"} )";
  const Document document = parse(text);
  const Node root = document.root();
  EXPECT_EQ(root.kind(), Kind::object);
  EXPECT_EQ(root.begin(), 1U);
  EXPECT_EQ(root.end(), text.size() - 1);

  const Node array = *root.find("a");
  EXPECT_EQ(array.kind(), Kind::array);
  EXPECT_EQ(array.text(), "[null, true, -1.5]");
  std::vector<Kind> kinds;
  std::vector<std::string_view> texts;
  for (const Node element : array.elements()) {
    kinds.push_back(element.kind());
    texts.push_back(element.text());
  }
  EXPECT_EQ(kinds, (std::vector{Kind::null, Kind::boolean, Kind::number}));
  EXPECT_EQ(texts, (std::vector<std::string_view>{"null", "true", "-1.5"}));

  const Node string = *root.find("b");
  EXPECT_EQ(string.kind(), Kind::string);
  EXPECT_EQ(text.substr(string.begin(), string.end() - string.begin()), "\"x\"");
  EXPECT_EQ(string.raw(), "x");
  EXPECT_FALSE(string.escaped());
}

TEST(JsonDocument, WalksMembersInOrder) {
  const Document document = parse(R"({"b":{"x":1,"y":[2]},"a":[],"c":{}})");
  std::vector<std::string> seen;
  for (const Member member : document.root().members()) {
    seen.push_back(unescaped(member.name) + "=" + std::string(member.value.text()));
  }
  EXPECT_EQ(seen, (std::vector<std::string>{R"(b={"x":1,"y":[2]})", "a=[]", "c={}"}));
}

TEST(JsonDocument, EmptyContainersHaveNothingToWalk) {
  const Document document = parse(R"([{},[],{ },[ ]])");
  int count = 0;
  for (const Node element : document.root().elements()) {
    for ([[maybe_unused]] const Node inner : element.elements()) ADD_FAILURE();
    for ([[maybe_unused]] const Member inner : element.members()) ADD_FAILURE();
    ++count;
  }
  EXPECT_EQ(count, 4);
}

TEST(JsonDocument, FindsMembersByTheirUnescapedName) {
  const Document document = parse(R"({"k\u0065y":1,"\ud83d\ude00":2,"plain":3})");
  EXPECT_EQ(document.root().find("key")->text(), "1");
  EXPECT_EQ(document.root().find("\xF0\x9F\x98\x80")->text(), "2");
  EXPECT_EQ(document.root().find("plain")->text(), "3");
  EXPECT_FALSE(document.root().find("k\\u0065y"));
  EXPECT_FALSE(document.root().find("ke"));
  EXPECT_FALSE(document.root().find("keys"));
  EXPECT_FALSE(document.root().find(""));
}

TEST(JsonDocument, ComparesAndUnescapesStrings) {
  const struct {
    std::string_view text;
    std::string value;
  } kCases[] = {
      {R"("")", ""},
      {R"("plain")", "plain"},
      {R"("\"\\\/\b\f\n\r\t")", "\"\\/\b\f\n\r\t"},
      {R"("\u0041\u00e9\u20ac\uD83D\uDE00")", "A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"},
      {"\"\xC3\xA9\\u0000z\"", std::string("\xC3\xA9\0z", 4)},
      {R"("\udbff\udfff\ud800\udc00")", "\xF4\x8F\xBF\xBF\xF0\x90\x80\x80"},
  };
  for (const auto& [text, value] : kCases) {
    const Document document = parse(text);
    EXPECT_EQ(unescaped(document.root()), value) << text;
    EXPECT_TRUE(document.root().equals(value)) << text;
    EXPECT_FALSE(document.root().equals(value + "x")) << text;
    EXPECT_FALSE(document.root().equals("x" + value)) << text;
    if (value.empty()) continue;
    EXPECT_FALSE(document.root().equals(value.substr(0, value.size() - 1))) << text;
  }
}

}  // namespace
}  // namespace pii::json
