#include "mask/pairs.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "kit/masking.hpp"
#include "mask/character_tally.hpp"
#include "mask/placeholder.hpp"

namespace pii::mask {
namespace {

/// The pieces that pairs find beside an output: `type:text`, one behind the other.
std::string found(std::string_view text, bool exact, std::string_view output = {}) {
  static const auto policy = *MaskPolicy::compile(*PolicySpec::profile("default"));
  MaskCounts counts;
  Work work(*policy, counts);
  Pairs pairs(work);
  detect::Spans spans, of_exact;
  if (!output.empty()) {
    const std::size_t begin = text.rfind(output);
    spans.add({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(begin + output.size()), Detector::none});
  }
  pairs.find_exact(text, exact ? spans : of_exact);
  if (!exact) pairs.find_loose(text, spans);
  std::string result;
  for (const detect::Span& span : spans) {
    result += (result.empty() ? "" : " ") + std::string(to_string(span.detector)) + ":" +
              std::string(text.substr(span.begin, span.end - span.begin));
  }
  return result;
}

/// The same of exact pairs beside all outputs that are spelled so, without them.
std::string found_beside(std::string_view text, std::string_view output) {
  static const auto policy = *MaskPolicy::compile(*PolicySpec::profile("default"));
  MaskCounts counts;
  Work work(*policy, counts);
  Pairs pairs(work);
  detect::Spans spans;
  for (std::size_t at = text.find(output); at != std::string_view::npos; at = text.find(output, at + 1)) {
    spans.add({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + output.size()), Detector::none});
  }
  pairs.find_exact(text, spans);
  std::string result;
  for (const detect::Span& span : spans) {
    if (span.detector == Detector::none) continue;
    result += (result.empty() ? "" : " ") + std::string(to_string(span.detector)) + ":" + std::string(text.substr(span.begin, span.end - span.begin));
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

// RFC 6265: quotes may be part of a cookie's value, and end no header then.
TEST(Pairs, CookiesInQuotes) {
  EXPECT_EQ(found("Cookie: sid=\"x\"; other=y", true), "cookie:\"x\" cookie:y");
  EXPECT_EQ(found("Cookie: a=b; sid=\"x\"; other='y'; c=\"\"; d=e\nX: f=g", true), "cookie:b cookie:\"x\" cookie:'y' cookie:\"\" cookie:e");
  EXPECT_EQ(found("Set-Cookie: sid=\"x\"; Path=/; HttpOnly", true), "cookie:\"x\"");
  EXPECT_EQ(found(R"(Cookie: sid=\"x\"; other=y)", true), R"(cookie:\"x\" cookie:y)");
  EXPECT_EQ(found(R"({'Cookie': 'sid="x"; other=y'})", true), "cookie:\"x\" cookie:y");
  EXPECT_EQ(found(R"(cookie="sid="x"; other=y" b=c)", true), "cookie:\"x\" cookie:y");
  // Behind them only what looks like cookies; a key in the name of a part takes it whole.
  EXPECT_EQ(found(R"(Cookie: sid="x"; a=b c=d; e=f)", true), "cookie:\"x\"");
  EXPECT_EQ(found(R"(Cookie: sid="x"; a=b ; c d=e; f=g)", true), "cookie:\"x\" cookie:b");
  EXPECT_EQ(found(R"(Cookie: sid="x"; a=b\r\nHost: h)", true), "cookie:\"x\" cookie:b");
  EXPECT_EQ(found(R"(Cookie: sid="x"; a=b: c=d)", true), "cookie:\"x\"");
  EXPECT_EQ(found(R"(Cookie: a=b; Host: c=d; e=f)", true), "cookie:b cookie:Host: c=d cookie:f");
  // The quotes of what holds the header.
  EXPECT_EQ(found(R"(curl -H "Cookie: sid=x; a=" -H "Accept: b=c")", true), "cookie:x");
  EXPECT_EQ(found(R"(curl -H "Cookie: sid=x; a=y" "b=c")", true), "cookie:x cookie:y");
  EXPECT_EQ(found(R"(["Cookie: sid=x; a=", "b=c"])", true), "cookie:x");
  EXPECT_EQ(found(R"({"Cookie: a=": "b=c"})", true), "");
}

TEST(Pairs, ASetCookieInQuotesHidesNoCookies) {
  EXPECT_EQ(found(R"(set-cookie=a="b"; c=d Cookie: sid=x; Path=y)", true), "cookie:\"b\" cookie:x cookie:y");
}

// Quotes around a message are none of a cookie's, whatever keys stand behind them.
TEST(Pairs, CookiesEndWithTheMessageAroundThem) {
  EXPECT_EQ(found(R"(msg="got Cookie: sid=abcsecret" user=x)", true), "cookie:abcsecret");
  EXPECT_EQ(found(R"(msg='got Cookie: sid=abcsecret' user='x')", true), "cookie:abcsecret");
  EXPECT_EQ(found(R"(msg="got Cookie: abcdefsecret" user="x")", true), "cookie:abcdefsecret");
  EXPECT_EQ(found(R"(msg="Cookie: sid=abc" status="200" path="/x")", true), "cookie:abc");
  EXPECT_EQ(found(R"(curl --header="Cookie: sid=abc" --url="http://h/" --data="order=5")", true), "cookie:abc");
  EXPECT_EQ(found(R"(msg="Cookie: sid=" status="200;1")", true), "");
  EXPECT_EQ(found(R"(["Cookie: sid=","a","b;c"])", true), "");
}

// What was found before stays, and what is around it goes.
TEST(Pairs, HeadersAroundOutputs) {
  const std::string token = "ptok:v1:nzSo-5xtxXs6NpNOWNcqq2Ii3At4p4gb9--2awMh87I";
  EXPECT_EQ(found_beside("Cookie: sid=abc " + token + " def; b=" + token, token), "cookie:abc cookie:def");
  EXPECT_EQ(found_beside("Cookie: sid=abc user=" + token + " def; b=c", token), "cookie:abc cookie:c");
  EXPECT_EQ(found_beside("Cookie: sid=abc " + token + " d e status=200", token), "cookie:abc cookie:d e");
  EXPECT_EQ(found_beside("Cookie: sid=a=b:c " + token + " d e", token), "");  // a key may be in it
  EXPECT_EQ(found_beside("Cookie: sid=a&x=+965 9988 7766&y=" + token, token), "");  // half a number
  EXPECT_EQ(found_beside("Cookie: a=b; method: " + token + " 4921", token), "cookie:b");
  EXPECT_EQ(found_beside("Cookie: sid=a b = " + token, token), "cookie:a");
  EXPECT_EQ(found_beside("Cookie: sid=" + token + " in prose", token), "");
  EXPECT_EQ(found_beside(R"(X-Api-Key: "abcdefghijkl of )" + token + "\"", token), "secret:abcdefghijkl of");
  EXPECT_EQ(found_beside(R"(authorization: "hunter2secretvalue for )" + token + "\"", token), "secret:hunter2secretvalue for");
  EXPECT_EQ(found_beside(R"(authorization: "Bearer abcdefgh )" + token + "\"", token), "auth_header:Bearer abcdefgh");
  EXPECT_EQ(found_beside("authorization=\"Foo **** Cookie: a=hunter2!X;a=" + token + "\"", token), "cookie:hunter2!X");
  EXPECT_EQ(found_beside("X-Api-Key: 'abcsecret, x=\"12\", " + token + "'", token), "auth_header:abcsecret");
  for (const char* scheme : {"authorization: Bearer ", "authorization: \"Bearer ", "authorization: Custom ", "authorization: AWS4-HMAC-SHA256 "}) {
    EXPECT_EQ(found_beside(scheme + token, token), "") << scheme;
  }
}

TEST(Pairs, AuthorizationWithParametersGoesWhole) {
  for (const char* value : {"Digest username=\"ada\", realm=\"x\", response=\"dead, beef\"", "AWS4-HMAC-SHA256 Credential=AKID/s3, SignedHeaders=host, Signature=abcdef",
                            "Bearer \"abcdefgh\"", "Digest username=\\\"ada\\\", response=\\\"dead\\\"", "OAuth realm=x,oauth_token=abc%2B,  oauth_nonce=\"x y\"", "Digest USERNAME=ada, nc=1, response=beef=="}) {
    EXPECT_EQ(found(std::string("Authorization: ") + value + " x=y", true), std::string("auth_header:") + value);
    EXPECT_EQ(found(std::string("Authorization: ") + value + "\nnext", true), std::string("auth_header:") + value);
  }
  std::string many = "Digest nc=1";
  for (int i = 0; i < 40; ++i) many += ", ext=\"" + std::to_string(i) + "\"";
  EXPECT_EQ(found("Authorization: " + many + " x", true), "auth_header:" + many);
  const std::string secret = "Bearer \"" + std::string(600, 'a') + "\"";
  EXPECT_EQ(found("Authorization: " + secret + " x", true), "auth_header:" + secret);
  EXPECT_EQ(found(R"(-H "Authorization: Bearer abcdefgh" -H "Accept: x")", true), "auth_header:Bearer abcdefgh");
}

// Nothing of a line goes with it that no header has, and no key behind it is swallowed.
TEST(Pairs, AuthorizationEndsBeforeWhatFollows) {
  EXPECT_EQ(found("Authorization: Basic abc, next=\"x", true), "auth_header:Basic abc");
  EXPECT_EQ(found("Authorization: Bearer a,b=c x=y", true), "auth_header:Bearer a");
  EXPECT_EQ(found("authorization: 'Bearer tok1 for card, cvv=4921", true), "auth_header:Bearer tok1 cvv:4921");
  EXPECT_EQ(found("Authorization: Bearer abcdefgh, phone=99887766", true), "auth_header:Bearer abcdefgh");
  EXPECT_EQ(found("Authorization: Bearer abcdefgh, password=hunter2", true), "auth_header:Bearer abcdefgh secret:hunter2");
  EXPECT_EQ(found(R"(authorization: "Bearer abcdef password="hunter2!X")", true), "auth_header:Bearer abcdef secret:hunter2!X");
  EXPECT_EQ(found(R"(authorization: Bearer "abcdef password="hunter2!X")", true), "auth_header:Bearer secret:hunter2!X");
  EXPECT_EQ(found(R"(authorization: abcsecret "msg":'got')", true), "auth_header:abcsecret");
  EXPECT_EQ(found("Authorization: Digest nc=1, response=4111 1111 1111 1111", true), "auth_header:Digest nc=1");
  EXPECT_EQ(found("Authorization: Digest nc=1, stale=no, status=5", true), "auth_header:Digest nc=1, stale=no");
  EXPECT_EQ(found("x-api-key=AWS4-HMAC-SHA256 a=b&--header='curl -H data=5'", true), "auth_header:AWS4-HMAC-SHA256 a=b&--header=");
  EXPECT_EQ(found("Authorization: Digest abc, status=5", true), "auth_header:Digest abc");
  EXPECT_EQ(found(R"(x=\"Cookie: sid=abc\" cookie=\"abc\")", true), R"(cookie:abc\ cookie:abc)");
  EXPECT_EQ(found("msg=\"Authorization: Bearer \" user=\"x\"", true), "auth_header:Bearer");
}

// What hides a part only, or begins like what stands for a secret, is one.
TEST(Pairs, Placeholders) {
  for (const char* text : {"password=****", "password=********", "password=****abcd", "password=xxxxXX12", "password=\"**** **** **** 1234\"", "password=xxxx-xxxx-1234", "x=\\\"password=****1234\\\"", "password=\"****; a=b", "password=false", "password=false)", "password=undefined/x", "password=REDACTED"}) {
    EXPECT_EQ(found(text, true), "") << text;
  }
  for (const char* value : {"****abc123secret", "****abc!RealSecret99", "xxxx-Hunter2-real", "xxxxSecret123", "falseHope123", "redacted1", "nullx1"}) EXPECT_EQ(found(std::string("password=") + value, true), std::string("secret:") + value);
}

TEST(Pairs, Secrets) {
  EXPECT_EQ(found("password=hunter2!", true), "secret:hunter2!");
  EXPECT_EQ(found("password: hunter2", true), "secret:hunter2");
  EXPECT_EQ(found("user:bob password:hunter2, cvv:123", true), "secret:hunter2 cvv:123");
  EXPECT_EQ(found("token:kJ8sd7Gh2kd9Lq0z", true), "secret:kJ8sd7Gh2kd9Lq0z");
  EXPECT_EQ(found("password1:Hunter2xx user[password]:/Hunter2xx", true), "secret:Hunter2xx secret:/Hunter2xx");
  EXPECT_EQ(found("Authorization:Basic YWxhZGRpbjpvcGVuc2VzYW1l", true), "auth_header:Basic YWxhZGRpbjpvcGVuc2VzYW1l");
  for (const char* text : {"password: required", "password=null", "password=${SECRET}", "password=****", "password is", "token: abcdefgh",
                           "passwordless=yes", "password=%s", "password=NULL", "password=Your_password1"}) {
    EXPECT_EQ(found(text, true), "") << text;
  }
  EXPECT_EQ(found("password=%S3cr3t!pw", true), "secret:%S3cr3t!pw");
  EXPECT_EQ(found("cvv=123", true), "cvv:123");
}

TEST(Pairs, Headers) {
  EXPECT_EQ(found("Authorization: Bearer abcdefgh, x", true), "auth_header:Bearer abcdefgh");
  EXPECT_EQ(found("authorization: abcdefgh  \nnext", true), "auth_header:abcdefgh");
  EXPECT_EQ(found("Cookie: a=b; password=c\nd=e", true), "cookie:b cookie:c");
  EXPECT_EQ(found("Set-Cookie: id=1; Path=/", true), "cookie:1");
  EXPECT_EQ(found("Cookie: sid=[COOKIE]", true), "");
}

TEST(Pairs, AHeaderHidesNothingBehindItsLastValue) {
  EXPECT_EQ(found(R"(cookie: none, set-cookie="sid=hunter2abcdef; Path=/")", true), "cookie:hunter2abcdef");
  EXPECT_EQ(found(R"(cookie: - Set-Cookie="sid=hunter2abc; Path=/")", true), "cookie:hunter2abc");
  EXPECT_EQ(found(R"(cookie: none, authorization="Digest dXNlcjpwYXNz")", true), "auth_header:Digest dXNlcjpwYXNz");
  EXPECT_EQ(found("Set-Cookie: Sara Ahmed?Set-Cookie='hunter2; Path=/'", true), "cookie:hunter2");
  EXPECT_EQ(found("Cookie: a=b; token=\"abcd1234\"", true), "cookie:b cookie:\"abcd1234\"");
  EXPECT_EQ(found("Set-Cookie: id=1; Path=/?token=abcd1234", true), "cookie:1 secret:abcd1234");
  EXPECT_EQ(found("Set-Cookie: id=1; Path=/ Cookie: sid=2; Domain=d", true), "cookie:1 cookie:2 cookie:d");
  EXPECT_EQ(found("Set-Cookie: id=; Domain=d; Path=/ Cookie: Set-Cookie: =[COOKIE]; Path=e", true), "cookie:e");
}

// A key within a value without quotes says what is in the quotes behind it, however they are written.
TEST(Pairs, AValueWithoutQuotesEndsBeforeThoseOfAKeyInIt) {
  EXPECT_EQ(found(R"(cookie: - set-cookie: "sid=hunter2abcdef; Path=/")", true), "cookie:- set-cookie: cookie:hunter2abcdef");
  EXPECT_EQ(found(R"(cookie: - password: 'hunter2')", true), "cookie:- password: secret:hunter2");
  EXPECT_EQ(found(R"(cookie: a=- password:  \"hunter2\")", true), R"(cookie:- password:  \ secret:hunter2)");
  EXPECT_EQ(found(R"(password=token=>\"abcd1234\")", true), "secret:token= secret:abcd1234");
  EXPECT_EQ(found(R"(password=token==\"abcd1234\")", true), R"(secret:token==\ secret:abcd1234)");
  EXPECT_EQ(found(R"(Authorization: Digest username="abcd1234", ext="y")", true), R"(auth_header:Digest username="abcd1234", ext="y")");
  EXPECT_EQ(found(R"({"password":"my_token=","x":"y"})", true), "secret:my_token=");
}

// Each has all of the others behind it, and takes nothing.
TEST(Pairs, ManyHeadersInOneLineTakeLinearTime) {
  for (const std::string_view piece : {"cookie:a=;", "cookie:", "set-cookie:b;path=x ", "set-cookie:a=;path=cookie:", "cookie:[COOKIE];", "authorization:",
                                       "cookie=", "a=;cookie='", "cookie:x=\"", "set-cookie:path "}) {
    for (const std::string_view end : {"", "=", "=[COOKIE]", "[EMAIL]", ";path=x"}) {
      std::string text;
      while (text.size() < 400'000) text += piece;
      text += std::string(end) + std::string(200'000, ' ');
      const auto start = std::chrono::steady_clock::now();
      found(text, true, end == "[EMAIL]" ? end : "");
      EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5)) << piece << end;
    }
  }
}

// An output in front of a pair, or as the start of a value, is no reason to leave what follows.
TEST(Pairs, AnOutputDoesNotHideWhatFollows) {
  kit::TestMasker masker("default");
  for (const char* text : {"msg=\"[PII_REDACTED] password=hunter2!\"", "a=[PII_REDACTED] password=hunter2!", "[COOKIE]; password=hunter2!",
                           "Cookie: a=[COOKIE]; b=hunter2!"}) {
    EXPECT_EQ(masker.lines(text).find("hunter2"), std::string::npos) << text;
  }
}

// Parameters, cookies and what stands for a secret take no key with them whose value stands behind.
TEST(Pairs, HeadersHideNoKeyBehindThem) {
  const auto cases = nlohmann::json::parse(std::ifstream(PII_TEST_VECTORS "/masking/headers.json"));
  ASSERT_GT(cases.size(), 20U);
  kit::TestMasker masker("default");
  for (const auto& each : cases) {
    const std::string text = each["text"], line = masker.lines(text), event = masker.lines(nlohmann::json{{"message", text}}.dump());
    for (const std::string gone : each["gone"]) {
      EXPECT_EQ(line.find(gone), std::string::npos) << line;
      EXPECT_EQ(event.find(gone), std::string::npos) << event;
    }
    EXPECT_EQ(masker.lines(line), line) << text;
  }
}

TEST(Pairs, WhatIsMaskedOnceStaysSo) {
  kit::TestMasker masker("default");
  for (const char* text : {R"(cookie: none, set-cookie="sid=hunter2abcdef; Path=/")", R"(cookie: - set-cookie: "sid=hunter2abcdef; Path=/")",
                           R"(cookie: none, authorization="Digest hunter2VzZXI=")", "Set-Cookie: Sara Ahmed?Set-Cookie='hunter2; Path=/'",
                           "secret:****1234a@b.com hunter", "Cookie: token=hunter2abc ada@example.com", "Cookie: ada@example.com Cookie: hunter2"}) {
    const std::string once = masker.lines(text);
    EXPECT_EQ(once.find("hunter2"), std::string::npos) << once;
    EXPECT_EQ(masker.lines(once), once) << text;
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

// What a header reached over in the first pass the second one looks at.
TEST(Pairs, LooseOnesBehindAHeader) {
  EXPECT_EQ(found("Cookie: card_number=1234; x", false), "card:1234");
  EXPECT_EQ(found("Cookie: ; card_number=1234 y=2", false), "card:1234");
}

// Whatever stands between: what was judged before is not taken for what is asked now.
TEST(Pairs, KeysAreToldApartHoweverManyThereAre) {
  std::string text, expected;
  for (int i = 0; i < 3000; ++i) {
    const std::string number = std::to_string(i);
    text += "k" + number + "=a1b2c3d4 some_long_name_" + number + "_password_hint=a1b2c3d4 token=x" + number + "y1b2c3d4 ";
    expected += (i == 0 ? "secret:x" : " secret:x") + number + "y1b2c3d4";
    if (i % 7 != 0) continue;
    text += "a_rather_long_prefix_" + number + "_password=p" + number + " ";
    expected += " secret:p" + number;
  }
  EXPECT_EQ(found(text, true), expected);
}

// A value is judged by its first 512 bytes alone, from wherever it begins.
TEST(Pairs, LongValuesAreJudgedByTheirBegin) {
  const auto secret = [](std::size_t before_digit) { return "password:" + std::string(before_digit, 'a') + "1"; };
  EXPECT_NE(found(secret(511), true), "");
  EXPECT_EQ(found(secret(512), true), "");
  std::string many;
  for (int i = 0; i < 200; ++i) many += "password:";  // each has the others in its value
  EXPECT_EQ(found(many, true), "");
  EXPECT_EQ(found(many + "1", true).substr(0, 16), "secret:password:");
  EXPECT_EQ(found("first_name=" + std::string(600, '1') + "x", false), "");
  EXPECT_NE(found("first_name=" + std::string(500, '1') + "x", false), "");
}

// `card=****card=****…`: each value has all of the others in it, so that only its own may be read. What follows is no memory.
TEST(Placeholder, IsReadNoFurtherThanToTheNextKey) {
  constexpr std::size_t kPage = 4096, kClaimed = std::size_t{1} << 20;
  auto* memory = static_cast<char*>(mmap(nullptr, 2 * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  ASSERT_NE(memory, MAP_FAILED);
  ASSERT_EQ(mprotect(memory + kPage, kPage, PROT_NONE), 0);
  for (const std::string_view begin : {"****card=", "****1234567card:", "XXXXcard=", "****1234", "****12345", "redacted-", "your_", "card="}) {
    char* const text = memory + kPage - begin.size();
    begin.copy(text, begin.size());
    const bool to_the_next = begin.find_first_of("=:") != std::string_view::npos || begin.ends_with('-') || begin.ends_with('_');
    const std::string_view value(text, to_the_next ? kClaimed : begin.size());
    EXPECT_EQ(is_placeholder(value, value), begin != "****12345" && begin != "card=") << begin;
  }
  munmap(memory, 2 * kPage);
}

TEST(CharacterTally, CountsWhateverStretchIsAskedFor) {
  std::string text;
  std::mt19937 random(7);
  for (int i = 0; i < 4000; ++i) text += "aZ09.:-_@ =!\xc3\n"[random() % 14];
  CharacterTally tally;
  tally.begin(text);
  std::size_t begin = 0, end = 0;
  for (int i = 0; i < 3000; ++i) {
    const bool anew = random() % 20 == 0;
    begin = anew ? random() % text.size() : std::min<std::size_t>(begin + random() % 30, text.size());
    end = std::min(text.size(), begin + std::min<std::size_t>(512, anew ? random() % 600 : std::max(end, begin) - begin + random() % 40));
    const std::string_view stretch = std::string_view(text).substr(begin, end - begin);
    const CharacterTally::Counts& counts = tally.of(begin, end);
    const auto count = [&](std::string_view of) {
      return static_cast<std::size_t>(std::count_if(stretch.begin(), stretch.end(), [&](char c) { return of.find(c) != std::string_view::npos; }));
    };
    ASSERT_EQ(counts.digits(), count("09"));
    ASSERT_EQ(counts.capitals(), count("Z"));
    ASSERT_EQ(counts.small_letters(), count("a"));
    ASSERT_EQ(counts.dots(), count("."));
    ASSERT_EQ(counts.at_signs(), count("@"));
    ASSERT_EQ(counts.symbols(), count("@ =!\xc3\n"));
  }
}

}  // namespace
}  // namespace pii::mask
