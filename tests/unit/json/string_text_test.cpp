#include "json/string_text.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace pii::json {
namespace {

TEST(StringReader, YieldsCodePoints) {
  StringReader reader(R"(a\u00e9)"
                      "\xC3\xA9"
                      R"(\ud83d\ude00\/)");
  std::u32string read;
  while (!reader.done()) read += reader.next();
  EXPECT_EQ(read, U"a\u00e9\u00e9\U0001F600/");
}

TEST(CompareUtf16, OrdersByCodeUnits) {
  // In this order by UTF-16; by code points, U+FB33 would stand before U+1F600.
  const std::vector<std::string> ordered = {"",
                                            "\\u0000",
                                            "\\r",
                                            "1",
                                            "1a",
                                            "A",
                                            "a",
                                            "a\\u0000",
                                            "ab",
                                            "\xC2\x80",
                                            "\xC3\xB6",
                                            "\\u20ac",
                                            "\xED\x9F\xBF",
                                            "\\ud800\\udc00",
                                            "\xF0\x9F\x98\x80",
                                            "\xF4\x8F\xBF\xBF",
                                            "\xEE\x80\x80",
                                            "\xEF\xAC\xB3",
                                            "\\uffff"};
  for (std::size_t i = 0; i < ordered.size(); ++i) {
    for (std::size_t k = 0; k < ordered.size(); ++k) {
      const int order = compare_utf16(ordered[i], ordered[k]);
      EXPECT_EQ(order < 0, i < k) << ordered[i] << " and " << ordered[k];
      EXPECT_EQ(order == 0, i == k) << ordered[i] << " and " << ordered[k];
    }
  }
}

TEST(CompareUtf16, LooksThroughEscapes) {
  EXPECT_EQ(compare_utf16("\\u0061\\n", "a\\u000A"), 0);
  EXPECT_EQ(compare_utf16("\\ud83d\\ude00", "\xF0\x9F\x98\x80"), 0);
  EXPECT_LT(compare_utf16("\\u0061", "b"), 0);
}

}  // namespace
}  // namespace pii::json
