// Our NFC against ICU's, on every code point of Unicode 14 and on random strings of those that compose.
#include <gtest/gtest.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <random>
#include <string>
#include <vector>

#include "normalize/nfc.hpp"
#include "unit/normalize/reference.hpp"

namespace pii {
namespace {

using unicode::CodePoints;

// What was assigned later has no properties here.
bool is_of_unicode_14(char32_t c) {
  UVersionInfo age;
  u_charAge(static_cast<UChar32>(c), age);
  return (age[0] != 0 && age[0] <= 14) && !(c >= 0xD800 && c <= 0xDFFF);
}

std::u32string nfc_of(const std::u32string& text) {
  CodePoints in;
  for (const char32_t c : text) in.push(c);
  CodePoints out;
  unicode::append_nfc(in, out);
  return {out.data(), out.size()};
}

std::u32string icu_nfc_of(const std::u32string& text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(status);
  icu::UnicodeString in;
  for (const char32_t c : text) in.append(static_cast<UChar32>(c));
  const icu::UnicodeString out = nfc->normalize(in, status);
  EXPECT_TRUE(U_SUCCESS(status));
  std::u32string result;
  for (int32_t i = 0; i < out.length(); i = out.moveIndex32(i, 1)) {
    result += static_cast<char32_t>(out.char32At(i));
  }
  return result;
}

std::string show(const std::u32string& text) {
  std::string shown;
  for (const char32_t c : text) shown += std::to_string(static_cast<std::uint32_t>(c)) + " ";
  return shown;
}

TEST(NfcRace, EveryCodePointAloneAndBehindOthers) {
  std::size_t compared = 0;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (!is_of_unicode_14(c)) continue;
    ++compared;
    for (const std::u32string& text : {std::u32string{c}, std::u32string{U'e', c}, std::u32string{c, 0x301}}) {
      const std::u32string expected = icu_nfc_of(text);
      ASSERT_EQ(nfc_of(text), expected) << show(text);
      if (unicode::is_nfc_for_certain(test::encode(text))) {
        ASSERT_EQ(expected, text) << show(text);
      }
    }
  }
  EXPECT_GT(compared, 280'000U);
}

TEST(NfcRace, RandomStrings) {
  // Bases, marks of many classes, Hangul jamo and syllables, what is excluded from composition, singletons.
  std::vector<char32_t> pool = {U'a', U'e', U'J', U'o', 0xC5, 0x212B, 0x1E9B, 0x958, 0x915, 0x93C, 0xFB1D, 0x1D15E};
  for (char32_t c = 0x300; c < 0x370; ++c) pool.push_back(c);
  for (char32_t c = 0x5B0; c < 0x5C0; ++c) pool.push_back(c);
  for (char32_t c = 0x64B; c < 0x656; ++c) pool.push_back(c);
  for (char32_t c = 0x1100; c < 0x1110; ++c) pool.push_back(c);
  for (char32_t c = 0x1161; c < 0x1170; ++c) pool.push_back(c);
  for (char32_t c = 0x11A7; c < 0x11B5; ++c) pool.push_back(c);
  for (char32_t c = 0xAC00; c < 0xAC20; ++c) pool.push_back(c);
  for (const char32_t c : std::u32string{0x9C7, 0x9BE, 0x9D7, 0xB47, 0xB56, 0xDD9, 0xDCF, 0xDCA, 0x1B05, 0x1B35, 0x110A5, 0x110BA,
                           0x2F800, 0xF900, 0x3099, 0x304B, 0x1F00, 0x1F71, 0x345, 0x627, 0x653, 0x654}) {
    pool.push_back(c);
  }
  std::mt19937 random(14);
  for (int round = 0; round < 100'000; ++round) {
    std::u32string text;
    const std::size_t size = round % 1000 == 0 ? 300 : random() % 9;
    while (text.size() < size) text += pool[random() % pool.size()];
    const std::u32string expected = icu_nfc_of(text);
    ASSERT_EQ(nfc_of(text), expected) << show(text);
    ASSERT_EQ(nfc_of(expected), expected) << show(text);
    if (unicode::is_nfc_for_certain(test::encode(text))) {
      ASSERT_EQ(expected, text) << show(text);
    }
  }
}

TEST(NfcRace, ALongRunOfMarksIsSortedStably) {
  std::mt19937 random(15);
  std::u32string text = U"a";
  for (int i = 0; i < 100'000; ++i) text += static_cast<char32_t>(0x300 + random() % 0x70);
  EXPECT_EQ(nfc_of(text), icu_nfc_of(text));
}

}  // namespace
}  // namespace pii
