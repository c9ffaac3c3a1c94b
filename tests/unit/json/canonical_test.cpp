#include "json/canonical.hpp"

#include <gtest/gtest.h>

#include <string>

namespace pii::json {
namespace {

class StringSink final : public TextSink {
 public:
  void write(std::string_view piece) noexcept override { text += piece; }
  std::string text;
};

Result<std::string> canonical(std::string_view text, std::string_view omitted = "nothing") {
  auto document = Document::parse(text, {1 << 16, 16});
  if (!document) return document.error();
  StringSink sink;
  if (auto written = write_canonical(document->root(), omitted, sink); !written) return written.error();
  return sink.text;
}

TEST(Canonical, SortsMembersAsRfc8785Does) {
  // Section 3.2.3.
  const auto written = canonical(R"({
    "\u20ac": "Euro Sign",
    "\r": "Carriage Return",
    "\ufb33": "Hebrew Letter Dalet With Dagesh",
    "1": "One",
    "\ud83d\ude00": "Emoji: Grinning Face",
    "\u0080": "Control",
    "\u00f6": "Latin Small Letter O With Diaeresis"
  })");
  ASSERT_TRUE(written);
  EXPECT_EQ(
      *written,
      "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xC2\x80\":\"Control\","
      "\"\xC3\xB6\":\"Latin Small Letter O With Diaeresis\",\"\xE2\x82\xAC\":\"Euro Sign\","
      "\"\xF0\x9F\x98\x80\":\"Emoji: Grinning Face\",\"\xEF\xAC\xB3\":\"Hebrew Letter Dalet With Dagesh\"}");
}

TEST(Canonical, EscapesAsRfc8785Does) {
  // The string and the literals of section 3.2.2.
  const auto written = canonical(R"({
    "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
    "literals": [null, true, false]
  })");
  ASSERT_TRUE(written);
  EXPECT_EQ(*written,
            "{\"literals\":[null,true,false],\"string\":\"\xE2\x82\xAC$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
}

TEST(Canonical, WritesControlCharactersInTheirShortestForm) {
  const auto written = canonical(R"({"a":"\u0000\u0008\u0009\u000a\u000b\u000c\u000d\u001f\u007f"})");
  ASSERT_TRUE(written);
  EXPECT_EQ(*written, "{\"a\":\"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f\x7F\"}");
}

TEST(Canonical, KeepsIntegersThatAreExact) {
  const auto written = canonical("{\"a\":[0,-0,1,-1,10,9007199254740992,-9007199254740992]}");
  ASSERT_TRUE(written);
  EXPECT_EQ(*written, "{\"a\":[0,0,1,-1,10,9007199254740992,-9007199254740992]}");
}

TEST(Canonical, RefusesOtherNumbersWithTheirPlace) {
  for (const char* number : {"1.0", "0.5", "1e2", "1E2", "-0.0", "9007199254740993", "-9007199254740993",
                             "18446744073709551617", "123456789012345678901234567890"}) {
    const auto written = canonical("{\"a\":" + std::string(number) + "}");
    ASSERT_FALSE(written) << number;
    EXPECT_EQ(written.error().code(), ErrorCode::malformed_json);
    EXPECT_EQ(written.error().message(),
              "byte 5: a digest covers integers within +-2^53 only, and no other numbers");
  }
  EXPECT_FALSE(canonical("{\"a\":[{\"b\":1.5}]}"));
}

TEST(Canonical, LeavesOutOneMemberOfTheRootOnly) {
  const auto written =
      canonical(R"( { "z" : { "integrity" : 1 } , "integr\u0069ty" : 1.5 , "a" : [ ] } )", "integrity");
  ASSERT_TRUE(written);
  EXPECT_EQ(*written, R"({"a":[],"z":{"integrity":1}})");
}

TEST(Canonical, WritesEmptyContainers) {
  EXPECT_EQ(*canonical("{ }"), "{}");
  EXPECT_EQ(*canonical(R"({"integrity":1})", "integrity"), "{}");
  EXPECT_EQ(*canonical(R"({"a":{ },"b":[ [ ] , { } ]})"), R"({"a":{},"b":[[],{}]})");
}

TEST(Canonical, IsItsOwnCanonicalForm) {
  const auto once = canonical(R"({"b":["\u00e9\n",{"d":1,"c":null}],"a":"\/"})");
  ASSERT_TRUE(once);
  EXPECT_EQ(*canonical(*once), *once);
}

}  // namespace
}  // namespace pii::json
