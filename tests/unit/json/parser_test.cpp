#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "json/document.hpp"

namespace pii::json {
namespace {

constexpr Limits kLimits{1024, 4};

bool accepts(std::string_view text) { return Document::parse(text, kLimits).has_value(); }

TEST(JsonParser, TakesEveryKindOfValue) {
  for (const char* text : {"null",
                           "true",
                           "false",
                           "0",
                           "-0",
                           "-1",
                           "10",
                           "1.5",
                           "0.0",
                           "1e5",
                           "1E+5",
                           "1e-05",
                           "1e400",
                           "\"\"",
                           "\"a\"",
                           "[]",
                           "{}",
                           "[1]",
                           "[1,2]",
                           "[[],{}]",
                           "{\"a\":1}",
                           "{\"a\":1,\"b\":[2]}",
                           "{\"\":0}",
                           " \t\n\r0 \t\n\r",
                           "[ ]",
                           "{ }",
                           " { \"a\" : 1 , \"b\" : 2 } ",
                           "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u20AC\\uD83D\\uDE00\"",
                           "\"\x7F\"",
                           "\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\"",
                           "\"\xEF\xBB\xBF\"",
                           "123456789012345678901234567890"}) {
    EXPECT_TRUE(accepts(text)) << text;
  }
}

struct Refused {
  std::string text;
  std::string message;
};

void expect_refused(const std::vector<Refused>& cases) {
  for (const Refused& refused : cases) {
    const auto parsed = Document::parse(refused.text, kLimits);
    ASSERT_FALSE(parsed) << refused.text;
    EXPECT_EQ(parsed.error().message(), refused.message) << refused.text;
    EXPECT_EQ(parsed.error().code(), ErrorCode::malformed_json) << refused.text;
  }
}

TEST(JsonRefusal, Values) {
  expect_refused({{"", "byte 0: expected a value"},
                  {"  ", "byte 2: expected a value"},
                  {"\f0", "byte 0: expected a value"},
                  {"\v0", "byte 0: expected a value"},
                  {"\xC2\xA0"
                   "0",
                   "byte 0: expected a value"},
                  {"x", "byte 0: expected a value"},
                  {"nul", "byte 0: expected a value"},
                  {"nulL", "byte 0: expected a value"},
                  {"True", "byte 0: expected a value"},
                  {"NaN", "byte 0: expected a value"},
                  {"Infinity", "byte 0: expected a value"},
                  {"-Infinity", "byte 1: expected a digit"},
                  {"'a'", "byte 0: expected a value"},
                  {"// c\n0", "byte 0: expected a value"},
                  {"0 0", "byte 2: expected the end of the document"},
                  {"nullx", "byte 4: expected the end of the document"},
                  {"0/**/", "byte 1: expected the end of the document"},
                  {std::string("0\0", 2), "byte 1: expected the end of the document"},
                  {std::string("\0", 1), "byte 0: expected a value"},
                  {"\xEF\xBB\xBF"
                   "0",
                   "byte 0: a byte order mark is not allowed"},
                  {"\xFF\xFE"
                   "0",
                   "byte 0: expected a value"}});
}

TEST(JsonRefusal, Numbers) {
  expect_refused({{"01", "byte 1: expected the end of the document"},
                  {"-01", "byte 2: expected the end of the document"},
                  {"+1", "byte 0: expected a value"},
                  {".5", "byte 0: expected a value"},
                  {"1.", "byte 2: expected a digit"},
                  {"1.e5", "byte 2: expected a digit"},
                  {"1e", "byte 2: expected a digit"},
                  {"1e+", "byte 3: expected a digit"},
                  {"1e+-1", "byte 3: expected a digit"},
                  {"-", "byte 1: expected a digit"},
                  {"--1", "byte 1: expected a digit"},
                  {"0x1", "byte 1: expected the end of the document"},
                  {"1_000", "byte 1: expected the end of the document"},
                  {"[01]", "byte 2: expected ',' or ']'"},
                  {"{\"a\":01}", "byte 6: expected ',' or '}'"},
                  {"\xD9\xA1", "byte 0: expected a value"}});
}

TEST(JsonRefusal, Containers) {
  expect_refused({{"[", "byte 1: expected a value"},
                  {"[1", "byte 2: expected ',' or ']'"},
                  {"[1,", "byte 3: expected a value"},
                  {"[1,]", "byte 3: expected a value"},
                  {"[,1]", "byte 1: expected a value"},
                  {"[1 2]", "byte 3: expected ',' or ']'"},
                  {"[1}", "byte 2: expected ',' or ']'"},
                  {"]", "byte 0: expected a value"},
                  {"{", "byte 1: expected a member name in double quotes"},
                  {"{a:1}", "byte 1: expected a member name in double quotes"},
                  {"{'a':1}", "byte 1: expected a member name in double quotes"},
                  {"{1:1}", "byte 1: expected a member name in double quotes"},
                  {"{\"a\"}", "byte 4: expected ':'"},
                  {"{\"a\" 1}", "byte 5: expected ':'"},
                  {"{\"a\":}", "byte 5: expected a value"},
                  {"{\"a\":1", "byte 6: expected ',' or '}'"},
                  {"{\"a\":1,}", "byte 7: expected a member name in double quotes"},
                  {"{\"a\":1]", "byte 6: expected ',' or '}'"},
                  {"{\"a\":1 \"b\":2}", "byte 7: expected ',' or '}'"}});
}

TEST(JsonRefusal, Strings) {
  expect_refused({{"\"a", "byte 0: this string is not closed"},
                  {"[\"a]", "byte 1: this string is not closed"},
                  {"\"\\\"", "byte 0: this string is not closed"},
                  {"\"\\", "byte 1: unknown escape"},
                  {"\"\\a\"", "byte 1: unknown escape"},
                  {"\"\\x41\"", "byte 1: unknown escape"},
                  {"\"\\'\"", "byte 1: unknown escape"},
                  {"\"\\N\"", "byte 1: unknown escape"},
                  {std::string("\"\\\0\"", 4), "byte 1: unknown escape"},
                  {"\"\\u12\"", "byte 5: expected four hexadecimal digits"},
                  {"\"\\u", "byte 3: expected four hexadecimal digits"},
                  {"\"\\u12g4\"", "byte 5: expected four hexadecimal digits"},
                  {"\"\\u+123\"", "byte 3: expected four hexadecimal digits"},
                  {"\"\\U0041\"", "byte 1: unknown escape"},
                  {"\"\\ud800\"", "byte 1: half a surrogate pair"},
                  {"\"\\udc00\"", "byte 1: half a surrogate pair"},
                  {"\"\\udc00\\ud800\"", "byte 1: half a surrogate pair"},
                  {"\"\\ud800\\ud800\"", "byte 1: half a surrogate pair"},
                  {"\"\\ud800\\n\"", "byte 1: half a surrogate pair"},
                  {"\"\\ud800x\"", "byte 1: half a surrogate pair"},
                  {"\"\\ud800\\u12\"", "byte 11: expected four hexadecimal digits"},
                  {"\"\t\"", "byte 1: a control character in a string must be escaped"},
                  {"\"a\n\"", "byte 2: a control character in a string must be escaped"},
                  {std::string("\"\0\"", 3), "byte 1: a control character in a string must be escaped"},
                  {"\"\x1F\"", "byte 1: a control character in a string must be escaped"}});
}

TEST(JsonRefusal, Utf8) {
  expect_refused({{"\"\x80\"", "byte 1: invalid UTF-8"},
                  {"\"\xC3\"", "byte 1: invalid UTF-8"},
                  {"\"\xC0\xAF\"", "byte 1: invalid UTF-8"},
                  {"\"\xE0\x80\xAF\"", "byte 1: invalid UTF-8"},
                  {"\"a\xED\xA0\x80\"", "byte 2: invalid UTF-8"},
                  {"\"\xF4\x90\x80\x80\"", "byte 1: invalid UTF-8"},
                  {"\"\xFF\"", "byte 1: invalid UTF-8"},
                  {"\"\xE2\x82", "byte 1: invalid UTF-8"}});
}

TEST(JsonRefusal, DuplicateNames) {
  expect_refused(
      {{"{\"a\":1,\"a\":2}", "byte 7: a member name that stands in this object already"},
       {"{\"a\":1,\"b\":2,\"a\":3}", "byte 13: a member name that stands in this object already"},
       {"{\"k\":1,\"\\u006b\":2}", "byte 7: a member name that stands in this object already"},
       {"{\"\\/\":1,\"/\":2}", "byte 8: a member name that stands in this object already"},
       {"{\"\":1,\"\":2}", "byte 6: a member name that stands in this object already"},
       {"{\"\\ud83d\\ude00\":1,\"\xF0\x9F\x98\x80\":2}",
        "byte 18: a member name that stands in this object already"},
       {"[{\"x\":{\"a\":1,\"a\":2}}]", "byte 13: a member name that stands in this object already"},
       {"{\"b\":1,\"a\":1,\"a\":2,\"b\":2}", "byte 13: a member name that stands in this object already"}});
}

TEST(JsonParser, KeepsEqualNamesOfDifferentObjectsApart) {
  EXPECT_TRUE(accepts("{\"a\":{\"a\":1},\"b\":[{\"a\":1},{\"a\":2}]}"));
  EXPECT_TRUE(accepts("{\"a\":1,\"A\":2,\"a \":3,\"\\u0000a\":4}"));
}

TEST(JsonParser, RefusesWhatIsNestedTooDeep) {
  EXPECT_TRUE(accepts("[[[[0]]]]"));
  EXPECT_TRUE(accepts("[{\"a\":[{}]},[[[]]]]"));
  for (const char* text : {"[[[[[]]]]]", "[[[[{}]]]]", "[[[[[0"}) {
    const auto parsed = Document::parse(text, kLimits);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code(), ErrorCode::too_large);
    EXPECT_EQ(parsed.error().message(), "byte 4: nested deeper than 4 levels");
  }
}

TEST(JsonParser, RefusesWhatIsTooLarge) {
  std::string text(1024, ' ');
  text[0] = '0';
  EXPECT_TRUE(accepts(text));
  text += ' ';
  const auto parsed = Document::parse(text, kLimits);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code(), ErrorCode::too_large);
  EXPECT_EQ(parsed.error().message(), "the document is larger than 1024 bytes");
}

TEST(JsonParser, RefusesEveryPrefixOfADocument) {
  const std::string whole = R"({"a":[1,-2.5e+3,"\u00e9\n",null],"b":{"c":true,"d":false}})";
  ASSERT_TRUE(accepts(whole));
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(accepts(whole.substr(0, size))) << size;
}

TEST(JsonParser, SpendsLittleTimeOnManyMembers) {
  // A quadratic search would take minutes here.
  std::string text = "{";
  for (int i = 0; i < 100'000; ++i) text += "\"m" + std::to_string(i) + "\":0,";
  text += "\"m7\":0}";
  const auto parsed = Document::parse(text, {text.size(), 1});
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().message(),
            "byte " + std::to_string(text.size() - 7) + ": a member name that stands in this object already");
}

}  // namespace
}  // namespace pii::json
