#include "mask/pairs.hpp"

#include <gtest/gtest.h>

#include "kit/masking.hpp"

namespace pii::mask {
namespace {

/// The pieces that pairs find: `type:text`, one behind the other.
std::string found(std::string_view text, bool exact) {
  static const auto policy = *MaskPolicy::compile(*PolicySpec::profile("default"));
  MaskCounts counts;
  Work work(*policy, counts);
  Pairs pairs(work);
  detect::Spans spans;
  exact ? pairs.find_exact(text, spans) : pairs.find_loose(text, spans);
  std::string result;
  for (const detect::Span& span : spans) {
    result += (result.empty() ? "" : " ") + std::string(to_string(span.detector)) + ":" +
              std::string(text.substr(span.begin, span.end - span.begin));
  }
  return result;
}

TEST(Pairs, QuotedValues) {
  EXPECT_EQ(found(R"({"email":"not an address","a":"b"})", true), "email:not an address");
  EXPECT_EQ(found(R"(first_name="Fatima Ali" x=1)", true), "person_name:Fatima Ali");
  EXPECT_EQ(found(R"(first_name='Fatima Ali')", true), "person_name:Fatima Ali");
  EXPECT_EQ(found(R"({\"first_name\":\"Fatima \\\"A\"})", true), "person_name:Fatima \\\\");
  EXPECT_EQ(found(R"(first_name="Fatima)", true), "person_name:Fatima");
  EXPECT_EQ(found(R"(first_name="")", true), "");
  EXPECT_EQ(found(R"(first_name = "Fatima Ali")", true), "person_name:Fatima Ali");
}

TEST(Pairs, FormsAndQueries) {
  EXPECT_EQ(found("https://x.example/?first_name=Fatima+Ali&page=2", true), "person_name:Fatima+Ali");
  EXPECT_EQ(found("first_name=Fatima&last_name=Ali", true), "person_name:Fatima person_name:Ali");
  EXPECT_EQ(found("first_name=Fatima", true), "");
  EXPECT_EQ(found("first_name=Fatima", false), "person_name:Fatima");
}

TEST(Pairs, Secrets) {
  EXPECT_EQ(found("password=hunter2!", true), "secret:hunter2!");
  EXPECT_EQ(found("password: hunter2", true), "secret:hunter2");
  EXPECT_EQ(found("user:bob password:hunter2, cvv:123", true), "secret:hunter2 cvv:123");
  EXPECT_EQ(found("token:kJ8sd7Gh2kd9Lq0z", true), "secret:kJ8sd7Gh2kd9Lq0z");
  EXPECT_EQ(found("password1:Hunter2xx user[password]:/Hunter2xx", true), "secret:Hunter2xx secret:/Hunter2xx");
  EXPECT_EQ(found("Authorization:Basic YWxhZGRpbjpvcGVuc2VzYW1l", true), "auth_header:Basic YWxhZGRpbjpvcGVuc2VzYW1l");
  for (const char* text : {"password: required", "password=null", "password=${SECRET}", "password=****", "password is", "token: abcdefgh",
                           "passwordless=yes"}) {
    EXPECT_EQ(found(text, true), "") << text;
  }
  EXPECT_EQ(found("cvv=123", true), "cvv:123");
}

TEST(Pairs, Headers) {
  EXPECT_EQ(found("Authorization: Bearer abcdefgh, x", true), "auth_header:Bearer abcdefgh");
  EXPECT_EQ(found("authorization: abcdefgh  \nnext", true), "auth_header:abcdefgh");
  EXPECT_EQ(found("Cookie: a=b; password=c\nd=e", true), "cookie:b cookie:c");
  EXPECT_EQ(found("Set-Cookie: id=1; Path=/", true), "cookie:1");
  EXPECT_EQ(found("Cookie: sid=[COOKIE]", true), "");
}

// An output in front of a pair, or as the start of a value, is no reason to leave what follows.
TEST(Pairs, AnOutputDoesNotHideWhatFollows) {
  kit::TestMasker masker("default");
  for (const char* text : {"msg=\"[PII_REDACTED] password=hunter2!\"", "a=[PII_REDACTED] password=hunter2!", "[COOKIE]; password=hunter2!",
                           "Cookie: a=[COOKIE]; b=hunter2!"}) {
    EXPECT_EQ(masker.lines(text).find("hunter2"), std::string::npos) << text;
  }
}

TEST(Pairs, TimesPortsAndSchemesAreNone) {
  for (const char* text : {"pin:80", "10:12:13", "phone://x", "email: none", "card:4", "Token::parse2Digits", "secret://a1b2c3d4", "https://token:abcd1234efgh@x.example/y", "2token:10a0b0c0", "address:localhost"}) {
    EXPECT_EQ(found(text, true), "") << text;
    EXPECT_EQ(found(text, false), "") << text;
  }
}

TEST(Pairs, LooseOnesAskForEvidence) {
  EXPECT_EQ(found("email=none", false), "");
  EXPECT_EQ(found("email=x@y", false), "email:x@y");
  EXPECT_EQ(found("card_number=abc", false), "");
  EXPECT_EQ(found("card_number=1234", false), "card:1234");
  EXPECT_EQ(found("first_name=12.5", false), "");
}

}  // namespace
}  // namespace pii::mask
