#include "base/utf8.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "pii/normalize.hpp"
#include "unit/normalize/reference.hpp"

namespace pii {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

TEST(Utf8, EveryScalarValueIsReadBack) {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    char bytes[4];
    const std::size_t size = base::encode_utf8(c, bytes);
    const std::string_view text(bytes, size);
    ASSERT_EQ(text, test::encode(std::u32string(1, c)));
    ASSERT_EQ(base::utf8_size(c), size);
    ASSERT_EQ(base::find_invalid_utf8(text), kNone);
    const base::Decoded decoded = base::decode_utf8(text, 0);
    ASSERT_EQ(decoded.code_point, c);
    ASSERT_EQ(decoded.size, size);
    ASSERT_EQ(base::previous_utf8(text, size), 0U);
  }
}

// Complete: every text of up to three bytes, and of four with the leads that begin four.
TEST(Utf8, ShortTextsAreJudgedLikeTheReference) {
  std::string text;
  const auto check = [&] {
    ASSERT_EQ(base::find_invalid_utf8(text) == kNone, test::decode(text).has_value());
    const base::Decoded first = base::decode_utf8(text, 0);
    if (test::decode(text.substr(0, first.size))) return;
    ASSERT_EQ(first.code_point, base::kInvalidCodePoint);
    ASSERT_EQ(first.size, 1U);
  };
  for (unsigned a = 0; a < 256; ++a) {
    text.assign(1, static_cast<char>(a));
    check();
    for (unsigned b = 0; b < 256; ++b) {
      text.resize(1);
      text += static_cast<char>(b);
      check();
      if (a < 0xC0) continue;
      for (const unsigned c :
           {0x00U, 0x41U, 0x7FU, 0x80U, 0x8FU, 0x90U, 0x9FU, 0xA0U, 0xBFU, 0xC0U, 0xE0U, 0xFFU}) {
        text.resize(2);
        text += static_cast<char>(c);
        check();
        for (const unsigned d : {0x00U, 0x7FU, 0x80U, 0xBFU, 0xC0U, 0xFFU}) {
          text.resize(3);
          text += static_cast<char>(d);
          check();
        }
      }
    }
  }
}

TEST(Utf8, OffsetOfTheFirstBadByte) {
  for (std::size_t before = 0; before < 70; ++before) {
    for (const std::string_view bad :
         {"\x80", "\xC0\xAF", "\xC3", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF"}) {
      const std::string text = std::string(before, 'x') + std::string(bad) + "yyyyyyyyyyyy";
      EXPECT_EQ(find_invalid_utf8(text), before);
      EXPECT_EQ(find_invalid_utf8("\u00e9" + text), before + 2);
      EXPECT_FALSE(base::is_ascii(text));
    }
    EXPECT_EQ(find_invalid_utf8(std::string(before, 'x')), kNone);
    EXPECT_TRUE(base::is_ascii(std::string(before, '\0')));
  }
  EXPECT_EQ(find_invalid_utf8({}), kNone);
  EXPECT_EQ(find_invalid_utf8(std::string_view("\0\0\0\0\0\0\0\0\0", 9)), kNone);
}

TEST(Utf8, ATruncatedSequenceIsNotReadPastTheEnd) {
  const std::string whole = "\U0001F600";
  for (std::size_t size = 1; size < whole.size(); ++size) {
    const std::vector<char> exact(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    const std::string_view text(exact.data(), exact.size());
    EXPECT_EQ(base::find_invalid_utf8(text), 0U);
    EXPECT_EQ(base::decode_utf8(text, 0).code_point, base::kInvalidCodePoint);
  }
}

}  // namespace
}  // namespace pii
