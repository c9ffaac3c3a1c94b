#include "pii/names.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace pii {
namespace {

TEST(Names, TakesWhatTheRulesAllow) {
  for (const std::string name : {"email", "phone", "Customer Name", "email.v2", "\u0444\u0438\u043E",
                                 "\U0001F600", "a\u200Bb", "\u200Bx", "a/b"}) {
    const auto field = FieldType::make(name);
    ASSERT_TRUE(field) << name;
    EXPECT_EQ(field->name(), name);
    const auto env = Environment::make(name);
    ASSERT_TRUE(env) << name;
    EXPECT_EQ(env->name(), name);
  }
  EXPECT_TRUE(FieldType::make(std::string(kMaxNameSize, 'x')));
}

TEST(Names, TheNameSelectsTheNormalization) {
  EXPECT_EQ(FieldType::make("email")->normalization(), Normalization::email);
  EXPECT_EQ(FieldType::make("phone")->normalization(), Normalization::phone);
  EXPECT_EQ(FieldType::make("Email")->normalization(), Normalization::strip);
  EXPECT_EQ(FieldType::make("generic")->normalization(), Normalization::strip);
}

struct Refusal {
  std::string name;
  std::string why;
};

TEST(Names, RefusesTheRestAndSaysWhy) {
  const std::vector<Refusal> refusals = {
      {"", "is empty"},
      {std::string(kMaxNameSize + 1, 'q'), "is longer than 1024 bytes"},
      {"q|q", "contains '|' at byte 1"},
      {"qq:", "contains ':' at byte 2"},
      {"q\nq", "contains a control character at byte 1"},
      {std::string("q\0q", 3), "contains a control character at byte 1"},
      {"\tq", "contains a control character at byte 0"},
      {"q\x7F", "contains a control character at byte 1"},
      {"\u00E9\u0085q", "contains a control character at byte 2"},
      {"q\u009F", "contains a control character at byte 1"},
      {" q", "begins with white space at byte 0"},
      {"\u3000q", "begins with white space at byte 0"},
      {" ", "begins with white space at byte 0"},
      {"q ", "ends with white space at byte 1"},
      {"qq\u00A0\u2003", "ends with white space at byte 2"},
      {"q\u2028", "ends with white space at byte 1"},
      {"q\xFFq", "is not valid UTF-8 at byte 1"},
      {"qqq\xC3", "is not valid UTF-8 at byte 3"},
      {"\xED\xA0\x80", "is not valid UTF-8 at byte 0"},
  };
  for (const auto& [name, why] : refusals) {
    const auto field = FieldType::make(name);
    ASSERT_FALSE(field) << why;
    EXPECT_EQ(field.error().code(), ErrorCode::invalid_name);
    EXPECT_EQ(field.error().message(), "field type " + why);
    EXPECT_FALSE(field.error().hint().empty());
    const auto env = Environment::make(name);
    ASSERT_FALSE(env) << why;
    EXPECT_EQ(env.error().code(), ErrorCode::invalid_name);
    EXPECT_EQ(env.error().message(), "environment " + why);
  }
}

TEST(Names, AMessageNeverHoldsTheName) {
  for (const std::string name : {"CANARY|x", "CANARY ", " CANARY", "CANARY\n", "CANARY\xFF", "x:CANARY"}) {
    const auto field = FieldType::make(name);
    ASSERT_FALSE(field);
    EXPECT_EQ((field.error().message() + field.error().hint()).find("CANARY"), std::string::npos);
  }
}

TEST(Names, TheHashTellsNamesApart) {
  std::set<std::uint64_t> hashes;
  for (int i = 0; i < 10'000; ++i) hashes.insert(FieldType::make("field-" + std::to_string(i))->hash());
  EXPECT_EQ(hashes.size(), 10'000U);
  EXPECT_EQ(FieldType::make("email")->hash(), FieldType::make("email")->hash());
}

TEST(Names, KeyIds) {
  for (const std::string kid : {"k", "tk-2025.01_A", "0", "...", "-"}) EXPECT_TRUE(is_valid_kid(kid)) << kid;
  EXPECT_TRUE(is_valid_kid(std::string(64, 'k')));
  EXPECT_FALSE(is_valid_kid(std::string(65, 'k')));
  EXPECT_FALSE(is_valid_kid(""));
  std::size_t allowed = 0;
  for (int c = 0; c < 256; ++c) allowed += is_valid_kid(std::string("k") + static_cast<char>(c));
  EXPECT_EQ(allowed, 26U + 26U + 10U + 3U);
  for (const std::string kid : {"a b", "k:1", "k~", "k/", "\u043A", "k\n"})
    EXPECT_FALSE(is_valid_kid(kid)) << kid;
}

TEST(Names, OfVersion2) {
  for (const std::string name : {"a", "0", "prod", "email.1", "phone-e164.1", "eu_west-1"}) {
    EXPECT_TRUE(is_valid_v2_name(name)) << name;
  }
  EXPECT_TRUE(is_valid_v2_name(std::string(64, 'a')));
  for (const std::string& name : {std::string(), std::string(65, 'a'), std::string("Prod"), std::string(".a"),
                                  std::string("-a"), std::string("_a"), std::string("a b"), std::string("a|b"),
                                  std::string("\u0645"), std::string("a\n"), std::string("a\0b", 3)}) {
    EXPECT_FALSE(is_valid_v2_name(name)) << name;
  }
  for (const std::string kid : {"k", "tk2", "TK-2_b", "0"}) EXPECT_TRUE(is_valid_v2_kid(kid)) << kid;
  EXPECT_TRUE(is_valid_v2_kid(std::string(32, 'k')));
  for (const std::string& kid : {std::string(), std::string(33, 'k'), std::string("tk.2"), std::string("-k"),
                                 std::string("_k"), std::string("~k"), std::string("k:")}) {
    EXPECT_FALSE(is_valid_v2_kid(kid)) << kid;
  }
}

}  // namespace
}  // namespace pii
