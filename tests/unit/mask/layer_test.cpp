#include "mask/layer.hpp"

#include <gtest/gtest.h>

#include <string>

#include "kit/random_events.hpp"
#include "kit/reference_text.hpp"

namespace pii::mask {
namespace {

using kit::reference::Placed;

void expect_same(const Layer& layer, const Placed& reference, const std::string& input) {
  ASSERT_EQ(layer.text, reference.text) << input;
  for (std::size_t i = 0; i <= layer.text.size(); ++i) ASSERT_EQ(layer.place(i), reference.places[i]) << input << " at " << i;
}

struct Unescaped {
  std::string text;
  bool bad;
  bool lone;
};
Unescaped unescaped(std::string_view raw) {
  Arena arena;
  EscapeFaults faults;
  const std::string text(unescape_json({.text = raw}, arena, faults).text);
  return {text, faults.bad_escape, faults.lone_surrogate};
}
std::string folded(std::string_view text) {
  Arena arena;
  return std::string(fold({.text = text}, arena).text);
}

TEST(Layer, UnescapesWhatJsonHas) {
  EXPECT_EQ(unescaped(R"(\"\\\/\b\f\n\r\t)").text, "\"\\/\b\f\n\r\t");
  EXPECT_EQ(unescaped(R"(\u0041\u00e9\u20AC\ud83d\ude00)").text, "Aé€😀");
  EXPECT_EQ(unescaped(R"(\u0000)").text, std::string(1, '\0'));
}

TEST(Layer, TellsWhatIsWrongWithEscapes) {
  for (const char* raw : {"\\q", "\\u12", "\\u12g4", "\\"}) {
    const bool last = std::string_view(raw) == "\\";
    EXPECT_EQ(unescaped(raw).bad, !last) << raw;
    EXPECT_EQ(unescaped(raw).text, raw);
  }
  for (const char* raw : {R"(\ud83d)", R"(\ude00)", R"(\ud83dx)", R"(\ud83d\u0041)", R"(\ud800\ud800)"}) {
    EXPECT_TRUE(unescaped(raw).lone) << raw;
    EXPECT_FALSE(unescaped(raw).bad) << raw;
  }
  EXPECT_EQ(unescaped(R"(\ud83d\u0041)").text, "\uFFFDA");
}

TEST(Layer, FoldsDigitsFormsSpacesAndMarks) {
  EXPECT_EQ(folded("٩٦٥ ۹۶۵ ９６５ ९६५ \U0001D7D8\U0001D7E1\U0001D7FF"), "965 965 965 965 099");
  EXPECT_EQ(folded("ａｂ＠ｃ．ｃｏ"), "ab@c.co");
  EXPECT_EQ(folded("a\u00a0b\u3000c\u2003d"), "a b c d");
  EXPECT_EQ(folded("9\u200b9\u200f9\ufeff9\u00ad9"), "99999");
  EXPECT_EQ(folded("1\u20112\u22123"), "1-2-3");
  EXPECT_EQ(folded("é\xff\xc3(ش"), "é\xff\xc3(ش");
}

TEST(Layer, FoldsReferences) {
  EXPECT_EQ(folded("a%40b%2Bc%2b"), "a@b+c+");
  EXPECT_EQ(folded("%D9%A9"), "9");
  EXPECT_EQ(folded("a&#64;b&#x40;c&#X40;d"), "a@b@c@d");
  EXPECT_EQ(folded("&#1641;"), "9");
  EXPECT_EQ(folded("100% %4 %zz &# &#; &#x; &#0; &#xD800; &#1114112; &#64"), "100% %4 %zz &# &#; &#x; &#0; &#xD800; &#1114112; &#64");
  EXPECT_EQ(folded("%2540"), "%40");  // once
}

TEST(Layer, PlacesLeadBackToTheLine) {
  Arena arena;
  EscapeFaults faults;
  const std::string line = R"({"k":"x\u0040%41é"})";
  const Layer raw = Layer{.text = line}.part(6, 18);
  ASSERT_EQ(raw.text, R"(x\u0040%41é)");
  const Layer value = unescape_json(raw, arena, faults);
  const Layer seen = fold(value, arena);
  ASSERT_EQ(seen.text, "x@Aé");
  EXPECT_EQ(seen.place(0), 6U);
  EXPECT_EQ(seen.place(1), 7U);
  EXPECT_EQ(seen.place(2), 13U);
  EXPECT_EQ(seen.place(3), 16U);
  EXPECT_EQ(seen.place(5), 18U);
  EXPECT_EQ(seen.escapes, 1);
  const Layer part = seen.part(1, 3);
  EXPECT_EQ(part.place(0), 7U);
  EXPECT_EQ(part.place(2), 16U);
}

TEST(Layer, AgreesWithTheReferenceOnRandomTexts) {
  kit::RandomEvents random(21);
  for (int i = 0; i < 4000; ++i) {
    const std::string text = i % 2 == 0 ? random.event() : random.mutated(random.text());
    const Placed placed = kit::reference::placed(text);
    Arena arena;
    EscapeFaults faults;
    const Layer line{.text = text};
    expect_same(fold(line, arena), kit::reference::fold(placed), text);
    const Layer value = unescape_json(line, arena, faults);
    const kit::reference::Unescaped expected = kit::reference::unescape(placed);
    expect_same(value, expected.value, text);
    ASSERT_EQ(faults.bad_escape, expected.bad_escape) << text;
    ASSERT_EQ(faults.lone_surrogate, expected.lone_surrogate) << text;
    expect_same(fold(value, arena), kit::reference::fold(expected.value), text);
  }
}

}  // namespace
}  // namespace pii::mask
