// The rules of version 2 (docs/formats.md section 2.5).
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "pii/normalize.hpp"
#include "unit/normalize/reference.hpp"

namespace pii {
namespace {

std::string normalized(Normalization rule, std::string_view value) {
  NormalizedValue out;
  const ErrorCode code = normalize(rule, value, out);
  return code == ErrorCode::ok ? std::string(out.view()) : "<" + std::string(to_string(code)) + ">";
}
std::string text_1(std::string_view value) { return normalized(Normalization::text_1, value); }
std::string email_1(std::string_view value) { return normalized(Normalization::email_1, value); }
std::string phone(std::string_view value) { return normalized(Normalization::phone_e164_1, value); }

TEST(Version2, NamesOfRules) {
  EXPECT_EQ(normalization_v2_of("email"), Normalization::email_1);
  EXPECT_EQ(normalization_v2_of("phone"), Normalization::phone_e164_1);
  EXPECT_EQ(normalization_v2_of("name"), Normalization::text_1);
  for (const Normalization rule : {Normalization::text_1, Normalization::email_1, Normalization::phone_e164_1}) {
    EXPECT_EQ(parse_normalizer(normalizer_id(rule)), rule);
  }
  EXPECT_EQ(normalizer_id(Normalization::email), "");
  EXPECT_FALSE(parse_normalizer(""));
  EXPECT_FALSE(parse_normalizer("email"));
  EXPECT_FALSE(parse_normalizer("text.2"));
}

TEST(Version2, Text) {
  EXPECT_EQ(text_1(""), "");
  EXPECT_EQ(text_1(" \t Ada Lovelace\r\n"), "Ada Lovelace");
  EXPECT_EQ(text_1("Jose\u0301"), "Jos\u00E9");
  EXPECT_EQ(text_1("Jos\u00E9"), "Jos\u00E9");
  EXPECT_EQ(text_1("\u3000\uFEFFJos\u00E9\u200B "), "Jos\u00E9");
  EXPECT_EQ(text_1("a\u2060b"), "ab");
  EXPECT_EQ(text_1("\u0645\u06CC\u200C\u062E"), "\u0645\u06CC\u200C\u062E");  // a joiner changes the word
  EXPECT_EQ(text_1("\u212B"), "\u00C5");
  EXPECT_EQ(text_1("\u1100\u1161\u11A8"), "\uAC01");
  EXPECT_EQ(text_1("\u200B\u00A0x"), "x");
  EXPECT_EQ(text_1("\xFF"), "<invalid_utf8>");
}

TEST(Version2, Email) {
  EXPECT_EQ(email_1(" Ada@Example.COM "), "ada@example.com");
  EXPECT_EQ(email_1("JOSE\u0301@example.com"), "jos\u00E9@example.com");
  EXPECT_EQ(email_1("J\u030C@example.com"), "\u01F0@example.com");  // composes in lower case only
  EXPECT_EQ(email_1("a\u200D\u200Cb\uFEFF@x.com"), "ab@x.com");
  EXPECT_EQ(email_1("\u039F\u0394\u039F\u03A3@x.gr"), "\u03BF\u03B4\u03BF\u03C2@x.gr");  // final sigma
  EXPECT_EQ(email_1("\u0130@x.com"), "i\u0307@x.com");
  EXPECT_EQ(email_1("a\xC3"), "<invalid_utf8>");
}

TEST(Version2, AsciiIsAsInVersion1) {
  std::mt19937 random(3);
  for (int round = 0; round < 20'000; ++round) {
    std::string value(random() % 300, ' ');
    for (char& c : value) c = static_cast<char>(random() % 128);
    ASSERT_EQ(text_1(value), normalized(Normalization::strip, value));
    ASSERT_EQ(email_1(value), normalized(Normalization::email, value));
  }
}

TEST(Version2, TwiceIsOnceAndEqualSpellingsAreEqual) {
  std::mt19937 random(4);
  const char32_t pool[] = {U'a',  U'J',   U'E',    U' ',    0x301,  0x30C,  0x327,  0x345,  0x3A3, 0x391, 0x130, 0x212B,
                           0xE9,  0x200B, 0x200D,  0xFEFF,  0x1100, 0x1161, 0x11A8, 0xAC00, 0xA0,  0x64B, 0x651, 0x1E9E,
                           0x38A, 0x390,  0x10400, 0x1F80, 0x1FBC, 0x1FB3};
  for (int round = 0; round < 50'000; ++round) {
    std::u32string text;
    const std::size_t size = round % 500 == 0 ? 200 : random() % 10;
    while (text.size() < size) text += pool[random() % std::size(pool)];
    const std::string value = test::encode(text);
    for (const Normalization rule : {Normalization::text_1, Normalization::email_1}) {
      const std::string once = normalized(rule, value);
      ASSERT_EQ(normalized(rule, once), once) << testing::PrintToString(value);
    }
    ASSERT_EQ(email_1(text_1(value)), email_1(value)) << testing::PrintToString(value);
  }
}

TEST(Version2, PhoneWithoutLibraryIsRefused) {
  if (is_built_in(Normalization::phone_e164_1)) GTEST_SKIP() << "libphonenumber is built in";
  EXPECT_EQ(phone("+96599887766"), "<invalid_setting>");
}

TEST(Version2, Phone) {
  if (!is_built_in(Normalization::phone_e164_1)) GTEST_SKIP() << "built without libphonenumber";
  for (const std::string_view spelling :
       {"+96599887766", " +965 9988 7766 ", "0096599887766", "00 965 9988-7766", "+965 (9988) 7766", "\uFF0B96599887766",
        "\u0660\u0660\u0669\u0666\u0665\u0669\u0669\u0668\u0668\u0667\u0667\u0666\u0666", "tel:+965-9988-7766",
        "+965 9988 7766 ext 12"}) {
    EXPECT_EQ(phone(spelling), "+96599887766") << spelling;
  }
  EXPECT_EQ(phone("+44 (0)20 7946 0018"), "+442079460018");
  for (const std::string_view none : {"", "abc", "n/a", "99887766", "+", "+999", "00", "020 7946 0018"}) {
    EXPECT_EQ(phone(none), "<malformed_value>") << none;
  }
  EXPECT_EQ(phone(std::string("+1") + std::string(300, '2')), "<malformed_value>");
  EXPECT_EQ(phone("+965\xFF"), "<invalid_utf8>");
}

}  // namespace
}  // namespace pii
