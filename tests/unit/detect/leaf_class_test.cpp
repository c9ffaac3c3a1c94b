#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>

#include "detect/leaf_class_implementations.hpp"

namespace pii::detect {
namespace {

// What the header says, byte by byte.
std::uint32_t slow(std::string_view text) {
  std::uint32_t bits = 0;
  std::size_t digits = 0;
  std::size_t dots = 0;
  std::size_t colons = 0;
  std::size_t run = 0;
  bool begun = false;
  std::size_t dashes = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    if (c == '@') bits |= LeafClass::at;
    if (c >= '0' && c <= '9' && ++digits >= 6) bits |= LeafClass::digits;
    if (c == ':') bits |= LeafClass::colon;
    if (c == ':' && ++colons >= 2) bits |= LeafClass::colons;
    if (c == '=') bits |= LeafClass::equals;
    if (c == '[' || c == '*') bits |= LeafClass::marks;
    if (c == '%' || c == '&') bits |= LeafClass::percent;
    if (c == '\\') bits |= LeafClass::backslash;
    if (byte >= 0x80) bits |= LeafClass::non_ascii;
    if (c == '.') bits |= LeafClass::dot;
    if (c == '.' && ++dots >= 3) bits |= LeafClass::dots;
    dashes = c == '-' ? dashes + 1 : 0;
    if (dashes >= 4) bits |= LeafClass::announces;
    if (c == ' ') {
      bits |= LeafClass::space;
      for (const std::string_view word : {"bearer", "basic", "digest", "apikey", "token"}) {
        if (i < word.size()) continue;
        const std::string_view before = text.substr(i - word.size(), word.size());
        const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b; };
        if (std::equal(before.begin(), before.end(), word.begin(), same)) bits |= LeafClass::announces;
      }
    }
    const bool in_run =
        (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '-';
    run = in_run ? run + 1 : 0;
    if (run >= 16) bits |= LeafClass::long_run;
    if (!begun && c != ' ' && (c < '\t' || c > '\r')) {
      begun = true;
      if (c == '{' || c == '[') bits |= LeafClass::brace;
    }
  }
  return bits;
}

TEST(LeafClass, EveryImplementationAgreesWithTheSlowWay) {
  std::mt19937 random(3);
  for (const LeafImplementation& implementation : leaf_implementations()) {
    for (int c = 0; c < 256; ++c) {
      for (const std::size_t size : {1U, 2U, 3U, 6U, 16U, 31U, 32U, 33U, 64U, 65U}) {
        const std::string text(size, static_cast<char>(c));
        ASSERT_EQ(implementation.classify(text).bits(), slow(text))
            << implementation.name << " " << c << " " << size;
      }
    }
    for (int i = 0; i < 50'000; ++i) {
      std::string text;
      const bool words = random() % 2 == 0;
      for (std::size_t n = random() % 100; n > 0; --n) {
        text += words && random() % 24 != 0 ? static_cast<char>('a' + random() % 26)
                                            : static_cast<char>(random());
        constexpr std::string_view kPieces[] = {"bearer ", "-----", "asic T", "Basic ", "DIGEST ", "xApiKey ", "token ", "ken ", "earer ", "toKen "};
        if (words && random() % 12 == 0) text += kPieces[random() % std::size(kPieces)];
      }
      ASSERT_EQ(implementation.classify(text).bits(), slow(text)) << implementation.name;
      const auto digits = std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
      ASSERT_EQ(implementation.classify(text).digit_count(), digits) << implementation.name;
    }
    EXPECT_EQ(implementation.classify("").bits(), 0U);
  }
}

TEST(LeafClass, ShortTextsAreClassedAlikeWithoutVectors) {
  constexpr std::string_view kPieces[] = {"basic", "TOKEN", " ", "-", "7", ".", ":", "=", "%", "&", "\\", "@", "[", "*", "{", "x", "\xff", "\t"};
  std::mt19937 random(4);
  for (int i = 0; i < 50'000; ++i) {
    std::string text;
    for (std::size_t n = random() % 10; n > 0; --n) text += kPieces[random() % std::size(kPieces)];
    ASSERT_EQ(classify_gap(text).bits(), slow(text)) << text;
    ASSERT_EQ(classify_gap(text).digit_count(), std::count(text.begin(), text.end(), '7')) << text;
  }
}

}  // namespace
}  // namespace pii::detect
