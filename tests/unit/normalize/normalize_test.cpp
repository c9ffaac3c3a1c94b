#include "pii/normalize.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "normalize/ascii.hpp"

namespace pii {
namespace {

std::string normalized(Normalization rule, std::string_view value) {
  NormalizedValue out;
  EXPECT_EQ(normalize(rule, value, out), ErrorCode::ok);
  return std::string(out.view());
}
std::string email(std::string_view value) { return normalized(Normalization::email, value); }
std::string phone(std::string_view value) { return normalized(Normalization::phone, value); }
std::string stripped(std::string_view value) { return normalized(Normalization::strip, value); }

std::string repeat(std::string_view text, std::size_t times) {
  std::string result;
  while (times-- != 0) result += text;
  return result;
}

bool lies_in(std::string_view piece, const void* begin, std::size_t size) {
  const std::less_equal<const void*> at_most;
  return at_most(begin, piece.data()) &&
         at_most(piece.data() + piece.size(), static_cast<const char*>(begin) + size);
}
bool is_piece_of(const NormalizedValue& out, std::string_view input) {
  return lies_in(out.view(), input.data(), input.size());
}
bool is_inline(const NormalizedValue& out) { return lies_in(out.view(), &out, sizeof out); }

TEST(Normalize, OnlyEmailAndPhoneAreSpecial) {
  EXPECT_EQ(normalization_of("email"), Normalization::email);
  EXPECT_EQ(normalization_of("phone"), Normalization::phone);
  for (const auto* name : {"Email", "email ", "e-mail", "generic", "", "phones", "name"}) {
    EXPECT_EQ(normalization_of(name), Normalization::strip) << name;
  }
}

TEST(Normalize, StripsWhiteSpaceAndNothingElse) {
  EXPECT_EQ(stripped(" \t\n\v\f\r\x1C\x1D\x1E\x1F Jane  Doe \u00A0\u2003\u3000\u2028\u0085"), "Jane  Doe");
  for (const std::string kept : {"\u200B", "\u2060", "\uFEFF", "\u180E", "\u00AD", "\x1B", "\x7F"}) {
    EXPECT_EQ(stripped(kept + "x" + kept), kept + "x" + kept);
  }
  EXPECT_EQ(stripped(std::string_view("\0x\0", 3)), std::string_view("\0x\0", 3));
  EXPECT_EQ(stripped("  \u3000\u00A0 "), "");
  EXPECT_EQ(stripped(""), "");
  EXPECT_EQ(stripped("NO LOWER"), "NO LOWER");
}

// What the checks at a glance say of a text holds by the rules, and they know the values of every day.
void expect_glance_is_right(const std::string& text) {
  if (unicode::is_stripped_ascii(text)) {
    EXPECT_EQ(stripped(text), text);
    EXPECT_EQ(normalized(Normalization::text_1, text), text);
  }
  if (unicode::is_lower_ascii(text)) {
    EXPECT_EQ(email(text), text);
    EXPECT_EQ(normalized(Normalization::email_1, text), text);
  }
  if (unicode::is_plain_phone(text)) {
    EXPECT_EQ(phone(text), text);
  }
}

TEST(Normalize, ValuesThatAreTheirOwnNormalFormAreSeenAtAGlance) {
  for (std::size_t size = 0; size <= 70; ++size) {
    const std::string letters(size, 'x');
    const std::string digits(size, '7');
    EXPECT_EQ(unicode::is_stripped_ascii(letters), size > 0);
    EXPECT_EQ(unicode::is_lower_ascii(letters), size > 0);
    EXPECT_EQ(unicode::is_plain_phone(digits), size >= 8);
    for (std::size_t place = 0; place < size; place += place < 34 || place > 64 ? 1 : 5) {
      for (int byte = 0; byte < 128; ++byte) {
        for (std::string text : {letters, digits}) {
          text[place] = static_cast<char>(byte);
          expect_glance_is_right(text);
        }
      }
      for (const char byte : {'\x80', '\xC3', '\xFF'}) {
        for (std::string text : {letters, digits}) {
          text[place] = byte;
          EXPECT_FALSE(unicode::is_stripped_ascii(text) || unicode::is_lower_ascii(text) || unicode::is_plain_phone(text));
        }
      }
    }
  }
}

TEST(Normalize, NothingAtAllIsAValue) {
  for (const auto rule : {Normalization::strip, Normalization::email, Normalization::phone}) {
    EXPECT_EQ(normalized(rule, std::string_view()), "");
  }
}

TEST(Normalize, LowersAsciiOfEveryLength) {
  for (std::size_t size = 0; size < 70; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      for (const char c : {'A', 'Z', '@', '[', '`', 'a', 'z', '{', '\x7F', '\0', 'M'}) {
        std::string text(size, '.');
        text[at] = c;
        std::string expected = text;
        if (c >= 'A' && c <= 'Z') expected[at] = static_cast<char>(c + 32);
        ASSERT_EQ(email(text), expected) << size << ' ' << at << ' ' << c;
      }
    }
  }
}

TEST(Normalize, LowersFully) {
  EXPECT_EQ(email("  User@Example.COM\n"), "user@example.com");
  EXPECT_EQ(email("J\u00D6RG@EXAMPLE.DE"), "j\u00F6rg@example.de");
  EXPECT_EQ(email("\u0130\u0130"), "i\u0307i\u0307");
  EXPECT_EQ(email("I\u0131"), "i\u0131");
  EXPECT_EQ(email("\u212A\u212B\u1E9E\u00DF"), "k\u00E5\u00DF\u00DF");
  EXPECT_EQ(email("\U00010400"), "\U00010428");
  EXPECT_EQ(email("\u023A"), "\u2C65");
}

TEST(Normalize, FinalSigma) {
  EXPECT_EQ(email("\u039F\u03A3"), "\u03BF\u03C2");                          // ends a word
  EXPECT_EQ(email("\u03A3"), "\u03C3");                                      // nothing before
  EXPECT_EQ(email("\u039F\u03A3\u039F"), "\u03BF\u03C3\u03BF");              // inside
  EXPECT_EQ(email("\u039F\u0301\u03A3\u0301"), "\u03BF\u0301\u03C2\u0301");  // through ignorable ones
  EXPECT_EQ(email("\u039F\u03A3.x"), "\u03BF\u03C3.x");                      // a full stop is ignorable
  EXPECT_EQ(email("\u039F\u03A3@x"), "\u03BF\u03C2@x");                      // an @ is not
  EXPECT_EQ(email("\u039F\u03A3\u03A3"), "\u03BF\u03C3\u03C2");
  EXPECT_EQ(email("1\u03A3"), "1\u03C3");
  EXPECT_EQ(email("\u02B0\u03A3"), "\u02B0\u03C3");  // cased and ignorable: ignorable
  EXPECT_EQ(email("\u039F\u03A3\u0345"), "\u03BF\u03C2\u0345");
  EXPECT_EQ(email("x\u03A3 y"), "x\u03C2 y");
}

TEST(Normalize, PhoneKeepsPlusAndDecimalDigits) {
  EXPECT_EQ(phone("+1 (415) 555-0132"), "+14155550132");
  EXPECT_EQ(phone("96+555+1"), "96+555+1");
  EXPECT_EQ(phone("++965 ext 12"), "++96512");
  EXPECT_EQ(phone("\u0660\u0661-\uFF11\u0967"), "\u0660\u0661\uFF11\u0967");
  EXPECT_EQ(phone("\U0001D7CE\u00B2\u2460\u00BD\u2163\uFF0B5"), "\U0001D7CE5");
  EXPECT_EQ(phone("n/a"), "");
  EXPECT_EQ(phone(""), "");
  EXPECT_EQ(phone(std::string_view("1\0002", 3)), "12");
}

TEST(Normalize, RefusesWhatIsNotUtf8) {
  const std::string long_text(400, 'x');
  for (const auto rule : {Normalization::strip, Normalization::email, Normalization::phone}) {
    for (const std::string bad :
         {"\xFF", "\xC3", "\xED\xA0\x80", "\xC0\x80", "\xE2\x82", "\xF4\x90\x80\x80"}) {
      for (const std::string& text :
           {bad, "Ab1\u00e9" + bad, bad + " ", " " + bad, "1" + bad + "2", long_text + bad}) {
        NormalizedValue out;
        ASSERT_EQ(normalize(rule, "+1 X", out), ErrorCode::ok);
        EXPECT_EQ(normalize(rule, text, out), ErrorCode::invalid_utf8);
        EXPECT_TRUE(out.view().empty());
      }
    }
  }
}

TEST(Normalize, SeesABadByteAnywhere) {
  for (const auto rule : {Normalization::strip, Normalization::email, Normalization::phone}) {
    for (std::size_t size = 1; size < 70; ++size) {
      for (std::size_t at = 0; at < size; ++at) {
        std::string text(size, '7');
        text[at] = '\x80';
        NormalizedValue out;
        ASSERT_EQ(normalize(rule, text, out), ErrorCode::invalid_utf8) << size << ' ' << at;
      }
    }
  }
}

TEST(Normalize, ShowsThePieceWhenNothingChanges) {
  const std::string long_digits = repeat("1234567890", 100);
  struct Case {
    Normalization rule;
    std::string input;
  };
  for (const Case& c :
       {Case{Normalization::strip, "  Jane Doe "}, Case{Normalization::strip, "\u3000J\u00F6rg "},
        Case{Normalization::email, " user@example.com "}, Case{Normalization::email, "j\u00F6rg@x.de"},
        Case{Normalization::email, std::string(1000, 'a')}, Case{Normalization::phone, "+14155550132"},
        Case{Normalization::phone, "\u0661\u0662"}, Case{Normalization::phone, long_digits},
        Case{Normalization::phone, "tel " + long_digits + " home"}}) {
    NormalizedValue out;
    ASSERT_EQ(normalize(c.rule, c.input, out), ErrorCode::ok);
    EXPECT_FALSE(out.view().empty());
    EXPECT_TRUE(is_piece_of(out, c.input)) << c.input;
  }
}

TEST(Normalize, UsesTheHeapOnlyForMoreThan256Bytes) {
  struct Case {
    Normalization rule;
    std::string input;
    std::size_t size;
  };
  for (const std::size_t size : {1U, 255U, 256U, 257U, 5000U}) {
    const std::string filler(size - 1, 'x');
    for (const Case& c : {Case{Normalization::email, "X" + filler, size},
                          Case{Normalization::email, "  X" + filler + repeat(" ", 600), size},
                          Case{Normalization::email, "\u212A" + filler, size},
                          Case{Normalization::phone, repeat("1-", size - 1) + " 1", size},
                          Case{Normalization::phone, "(" + repeat("1", size - 1) + ")\u00e9 1", size}}) {
      NormalizedValue out;
      ASSERT_EQ(normalize(c.rule, c.input, out), ErrorCode::ok);
      ASSERT_EQ(out.view().size(), c.size);
      EXPECT_TRUE(is_inline(out) || is_piece_of(out, c.input) || size > 256) << size;
    }
  }
  NormalizedValue out;
  ASSERT_EQ(normalize(Normalization::email, repeat("\u023A", 128), out),
            ErrorCode::ok);  // 256 bytes become 384
  EXPECT_EQ(out.view(), repeat("\u2C65", 128));
  ASSERT_EQ(normalize(Normalization::email, repeat("\u023A", 85), out), ErrorCode::ok);  // 255
  EXPECT_TRUE(is_inline(out));
  EXPECT_EQ(out.view(), repeat("\u2C65", 85));
}

TEST(Normalize, AValueCanBeUsedAgain) {
  NormalizedValue out;
  const std::string big = repeat("AB", 1000);
  for (int round = 0; round < 3; ++round) {
    ASSERT_EQ(normalize(Normalization::email, big, out), ErrorCode::ok);
    EXPECT_EQ(out.view(), repeat("ab", 1000));
    ASSERT_EQ(normalize(Normalization::email, "USER", out), ErrorCode::ok);
    EXPECT_EQ(out.view(), "user");
    ASSERT_EQ(normalize(Normalization::phone, "1 2", out), ErrorCode::ok);
    EXPECT_EQ(out.view(), "12");
    ASSERT_EQ(normalize(Normalization::strip, " ", out), ErrorCode::ok);
    EXPECT_EQ(out.view(), "");
  }
}

TEST(Normalize, ItsCopyIsWiped) {
  alignas(NormalizedValue) unsigned char memory[sizeof(NormalizedValue)] = {};
  auto* out = new (memory) NormalizedValue;
  ASSERT_EQ(normalize(Normalization::email, "CANARY@EXAMPLE.COM", *out), ErrorCode::ok);
  const std::string_view bytes(reinterpret_cast<const char*>(memory), sizeof memory);
  ASSERT_NE(bytes.find("canary@"), std::string_view::npos);
  ASSERT_EQ(normalize(Normalization::phone, "SECOND 1-2-3-4", *out), ErrorCode::ok);
  EXPECT_EQ(bytes.find("ary@"), std::string_view::npos);
  out->~NormalizedValue();
  EXPECT_EQ(bytes.find("1234"), std::string_view::npos);
}

std::string text_of(const nlohmann::json& text) {
  if (text.is_string()) return text.get<std::string>();
  EXPECT_EQ(text.size(), 2U);
  return repeat(text.at("repeat").get<std::string>(), text.at("n").get<std::size_t>());
}

TEST(Normalize, AgreesWithThePythonPackage) {
  std::ifstream in(PII_TEST_VECTORS "/ecsctx/tokenize.json");
  ASSERT_TRUE(in);
  const auto document = nlohmann::json::parse(in);
  std::size_t compared = 0;
  for (const auto& row : document.at("rows")) {
    for (const auto& [member, content] : row.items()) {
      static const std::string kMembers[] = {"id",    "keyset",         "env",        "field_type",
                                             "input", "expected_token", "normalized", "note"};
      ASSERT_NE(std::find(std::begin(kMembers), std::end(kMembers), member), std::end(kMembers)) << member;
    }
    const std::string input = text_of(row.at("input"));
    NormalizedValue out;
    ASSERT_EQ(normalize(normalization_of(row.at("field_type").get<std::string>()), input, out),
              ErrorCode::ok);
    if (!row.contains("normalized"))
      continue;  // a recipe whose result would fill pages: its token stands for it
    EXPECT_EQ(out.view(), text_of(row.at("normalized"))) << row.at("id");
    ++compared;
  }
  EXPECT_EQ(compared, 322U);
}

}  // namespace
}  // namespace pii
