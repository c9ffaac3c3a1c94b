// What a user of the masker sees: docs/masking.md by example.
#include "pii/masker.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "kit/masking.hpp"
#include "kit/static_provider.hpp"
#include "pii/tokenizer.hpp"

namespace pii {
namespace {

using kit::token;

class MaskerTest : public testing::Test {
 protected:
  kit::TestMasker masker_{"default"};
};

// Beyond the depth of embedding a text is not walked; the same bytes where they are a document must be.
TEST_F(MaskerTest, AStringKnownFromAnEmbeddedDocumentIsWalkedWhereItIsOne) {
  static_cast<void>(masker_.event(R"({"p":"{\"q\":\"{\\\"r\\\":\\\"{\\\\\\\"first_name\\\\\\\":[\\\\\\\"Zorro\\\\\\\"]}\\\"}\"}"})"));
  EXPECT_EQ(masker_.event(R"({"p":{"q":{"r":"{\"first_name\":[\"Zorro\"]}"}}})").find("Zorro"), std::string::npos);
}

TEST_F(MaskerTest, OnePersonOneTokenInEveryForm) {
  struct Case {
    std::string_view field, canonical;
    std::vector<std::string> events;
  };
  const std::vector<Case> cases = {
      {"email",
       "ada@example.com",
       {R"({"email":"ada@example.com"})", R"({"email":" Ada@Example.COM "})", R"({"message":"mail from Ada@example.com."})",
        R"({"url":"https://x.example/?email=ada%40example.com&a=1"})", R"({"list":["ADA@EXAMPLE.COM"]})",
        R"({"emails":["ada@example.com"]})", R"({"body":"{\"email\":\"ada@example.com\"}"})",
        R"({"m":"\u0061da\u0040example.com"})", R"({"m":"ada＠example.com"})", R"({"ada@example.com":1})",
        R"({"m":"email=ada@example.com&x=1"})"}},
      {"phone",
       "+96599887766",
       {R"({"phone":"+965 9988 7766"})", R"({"phone":"99887766"})", R"({"phone":96599887766})", R"({"phone":"0096599887766"})",
        R"({"message":"call +965-9988-7766 now"})", R"({"message":"otp to 99887766"})", R"({"phones":["+96599887766"]})",
        R"({"m":"+٩٦٥٩٩٨٨٧٧٦٦"})", R"({"u":"/a?phone=%2B96599887766"})", R"({"body":"{\"mobile\":96599887766}"})"}},
      {"card",
       "4539578763621486",
       {R"({"pan":"4539 5787 6362 1486"})", R"({"pan":4539578763621486})", R"({"message":"card 4539-5787-6362-1486 declined"})",
        R"({"n":4539578763621486})", R"({"cards":["4539578763621486"]})", R"({"q":"pan=4539578763621486&x=1"})"}},
      {"iban",
       "GB82WEST12345698765432",
       {R"({"iban":"GB82 WEST 1234 5698 7654 32"})", R"({"message":"to gb82west12345698765432 sent"})",
        R"({"accounts":["GB82WEST12345698765432"]})", R"({"q":"?iban=GB82WEST12345698765432&z=1"})"}},
  };
  for (const Case& one : cases) {
    const std::string expected = token(one.field, one.canonical);
    for (const std::string& event : one.events) {
      const std::string masked = masker_.event(event);
      EXPECT_NE(masked.find(expected), std::string::npos) << event << "\n" << masked;
      EXPECT_EQ(masker_.event(masked), masked);
    }
    EXPECT_EQ(canonical_form(one.field, one.canonical, {"KW"}), one.canonical);
  }
}

TEST_F(MaskerTest, WhatIsNotReplacedStaysByteForByte) {
  EXPECT_EQ(masker_.event("{ \"b\" : 1.50e3,\t\"a\":[ true ,null], \"s\":\"\\u00e9\\/x\" }"),
            "{ \"b\" : 1.50e3,\t\"a\":[ true ,null], \"s\":\"\\u00e9\\/x\" }");
  const std::string masked = masker_.event("{ \"x\":\"\\/ ada@example.com \\u00e9\" ,\"n\":1.0}");
  EXPECT_EQ(masked, "{ \"x\":\"\\/ " + token("email", "ada@example.com") + " \\u00e9\" ,\"n\":1.0}");
}

TEST_F(MaskerTest, LineEndsAndEmptyLinesStay) {
  EXPECT_EQ(masker_.lines("{\"a\":1}\r\n\n  \n{\"a\":2}"), "{\"a\":1}\r\n\n  \n{\"a\":2}");
}

TEST_F(MaskerTest, NumbersBecomeStringsAtEveryDepth) {
  const std::string card = token("card", "4539578763621486");
  EXPECT_EQ(masker_.event(R"({"card":4539578763621486})"), R"({"card":")" + card + R"("})");
  EXPECT_EQ(masker_.event(R"({"body":"{\"card\":4539578763621486}"})"), R"({"body":"{\"card\":\")" + card + R"(\"}"})");
  EXPECT_EQ(masker_.event(R"({"a":"{\"b\":\"{\\\"card\\\":4539578763621486}\"}"})"),
            R"({"a":"{\"b\":\"{\\\"card\\\":\\\")" + card + R"(\\\"}\"}"})");
}

TEST_F(MaskerTest, HeadersKeepWhatIsHarmless) {
  EXPECT_EQ(masker_.event(R"({"headers":{"Authorization":"Bearer abcdefghijklmnopqrstuvwx"}})"),
            R"({"headers":{"Authorization":"Bearer ****uvwx"}})");
  EXPECT_EQ(masker_.event(R"({"headers":{"authorization":"Bearer short-one"}})"), R"({"headers":{"authorization":"Bearer ****"}})");
  EXPECT_EQ(masker_.event(R"({"headers":{"Authorization":"Basic dXNlcjpwYXNzd29yZDEyMzQ1Ng=="}})"),
            R"({"headers":{"Authorization":"Basic ****"}})");
  EXPECT_EQ(masker_.event(R"({"Cookie":"sid=abc123; theme=dark"})"), R"({"Cookie":"sid=[COOKIE]; theme=[COOKIE]"})");
  EXPECT_EQ(masker_.event(R"({"set-cookie":["sid=abc; Path=/; HttpOnly"]})"), R"({"set-cookie":["sid=[COOKIE]; Path=/; HttpOnly"]})");
}

TEST_F(MaskerTest, JarsOfCookiesKeepNamesAndAttributes) {
  EXPECT_EQ(masker_.event(R"({"cookies":{"sid":"abc=","name":"x","n":17,"ok":true}})"), R"({"cookies":{"sid":"[COOKIE]","name":"[COOKIE]","n":"[COOKIE]","ok":true}})");
  EXPECT_EQ(masker_.event(R"({"cookies":[{"name":"sid","value":"abc","Path":"/","httpOnly":true,"raw":{"value":"x"}}]})"),
            R"({"cookies":[{"name":"sid","value":"[COOKIE]","Path":"/","httpOnly":true,"raw":{"value":"[COOKIE]"}}]})");
  EXPECT_EQ(masker_.event(R"({"cookie":"sid=\"x\"; other=y","set-cookie":"sid=\"x\"; Path=/"})"), R"({"cookie":"sid=[COOKIE]; other=[COOKIE]","set-cookie":"sid=[COOKIE]; Path=/"})");
}

TEST_F(MaskerTest, AttributesOfCookiesStayAndNothingElse) {
  EXPECT_EQ(masker_.event(R"({"cookies":[{"session":"s3cr3t99","theme":"dark"}]})"), R"({"cookies":[{"session":"[COOKIE]","theme":"[COOKIE]"}]})");
  const std::string express = R"({"cookie":{"originalMaxAge":3600000,"httpOnly":true,"path":"/","expires":"2026-06-16T17:02:57.057Z"}})";
  EXPECT_EQ(masker_.event(express), express);
}

// What touches what took its place is another key the next time.
TEST_F(MaskerTest, KeysWithCodesAroundWhatIsMasked) {
  for (const char* line : {R"({"id=%22AKIAIOSFODNN7EXAMPLF%22":"plain words"})", R"({"id=%22AKIAIOSFODNN7EXAMPLF%22":4921})", R"({"set-cookie = %2200965 99887766%22":"a=b"})"}) {
    const std::string once = masker_.event(line);
    EXPECT_EQ(masker_.event(once), once) << line;
    EXPECT_EQ(once.find("AKIA"), std::string::npos);
  }
}

// What is a cookie in quotes once its number is a token is one at once.
TEST_F(MaskerTest, CookiesInQuotesWithBlanks) {
  for (const char* line : {R"(text: "curl -H Set-Cookie: sid='4111 1111 1111 1111';a=no address=****1234")", R"(Cookie: theme='00965 99887766';Path=2a02:6b8::1:2;a='99887766')"}) {
    const std::string once = masker_.lines(line);
    EXPECT_EQ(masker_.lines(once), once) << line;
  }
}

// Nothing before a number takes its first digits from it.
TEST_F(MaskerTest, SecretsBesideNumbers) {
  EXPECT_EQ(masker_.lines("token=abc12345%204111 1111 1111 1111 paid").find("1111"), std::string::npos);
  EXPECT_EQ(masker_.lines("password=secret: 4111 1111 1111 1111").find("1111"), std::string::npos);
  EXPECT_EQ(masker_.lines("password=abc%20+965 9988 7766 x").find("7766"), std::string::npos);
}

// What is too long for a local part is one without what stands before a symbol in it, at once and not only once that is a token.
TEST_F(MaskerTest, LongLocalPartsAreFoundAtOnce) {
  for (const std::string& text : {"188.236.1.7'" + std::string(64, 'a') + "@y.org", "4111111111111111~" + std::string(60, 'a') + "@xn--a.com~",
                                  "+96599887766+" + std::string(64, 'a') + "@x.com.kw"}) {
    const std::string masked = masker_.event(text);
    EXPECT_EQ(masked.find("aaaa"), std::string::npos) << masked;
    EXPECT_EQ(masker_.event(masked), masked);
  }
}

TEST_F(MaskerTest, AnAddressBehindItsTagIsFound) {
  for (const char* text : {"jo@y.org~.a@ex.comjo@[IPv6:2a02:26f7:c8::1] x", "from IPv6:2a02:26f7:c8::1", "jo@[IPv6:2a02:26f7:c8::1]"}) {
    const std::string masked = masker_.event(text);
    EXPECT_EQ(masked.find("2a02"), std::string::npos) << masked;
    EXPECT_EQ(masker_.event(masked), masked);
  }
}

// What stays of an Authorization value are words: they hide nothing that touches it.
TEST_F(MaskerTest, NothingHidesBesideAnAuthorizationValue) {
  for (const char* text : {"+96555512345.Token x1y2z3a4b5-GB82WEST12345698765432", "Token x1y2z3a4b5+96555512345-ada@example.com-12345",
                           "10.1.2.3 284101612345.Basic YWRhOnB3"}) {
    for (const std::string& event : {std::string(text), R"({"message":")" + std::string(text) + R"("})"}) {
      const std::string masked = masker_.event(event);
      for (const char* value : {"96555512345", "ada@", "284101612345", "YWRh"}) EXPECT_EQ(masked.find(value), std::string::npos) << masked;
      EXPECT_EQ(masker_.event(masked), masked);
    }
  }
}

TEST_F(MaskerTest, SecretsGoWhole) {
  EXPECT_EQ(masker_.event(R"({"password":"ada@example.com"})"), R"({"password":"[SECRET]"})");
  EXPECT_EQ(masker_.event(R"({"message":"login password=hunter2! ok"})"), R"({"message":"login password=[SECRET] ok"})");
  EXPECT_EQ(masker_.event(R"({"cvv":"123","cvc":456})"), R"({"cvv":"[DROPPED]","cvc":"[DROPPED]"})");
}

TEST_F(MaskerTest, NothingThatBeginsLikeATokenIsABypass) {
  for (const char* event : {R"({"message":"ptok: ada@example.com"})", R"({"message":"ptok:v1:ada@example.com"})",
                            R"({"email":"ptok:ada@example.com"})", R"({"customer_name":"[John Doe]"})", R"({"customer_name":"****John Doe"})"}) {
    const std::string masked = masker_.event(event);
    EXPECT_EQ(masked.find("ada@example.com"), std::string::npos) << masked;
    EXPECT_EQ(masked.find("John Doe"), std::string::npos) << masked;
  }
  const std::string real = R"({"email":")" + token("email", "x@example.com") + R"("})";
  EXPECT_EQ(masker_.event(real), real);
}

TEST_F(MaskerTest, KeysThatHoldDataAreMaskedAndKeptApart) {
  const std::string t = token("email", "ada@example.com");
  EXPECT_EQ(masker_.event(R"({"ada@example.com":1,"ADA@example.com":2,"b":3})"), R"({")" + t + R"(":1,")" + t + R"(~2":2,"b":3})");
  const std::string masked = masker_.event(R"({"ada@example.com":1,"ADA@example.com":2})");
  EXPECT_EQ(masker_.event(masked), masked);
}

TEST_F(MaskerTest, NamesOfTheEventAreFoundInItsTexts) {
  const std::string name = token("name", "Reem Nasser");
  EXPECT_EQ(masker_.event(R"({"message":"paid to REEM NASSER today","customer_name":"Reem Nasser"})"),
            R"({"message":"paid to )" + name + R"( today","customer_name":")" + name + R"("})");
}

// Events of one shape, one after the other: most name somebody once, some again where nothing else is to be found.
TEST_F(MaskerTest, NamesAreFoundWhereverTheyStandAgain) {
  const std::string t = token("name", "Reem Nasser"), other = token("name", "Ada Lovelace");
  const auto event = [](std::string_view name, std::string_view second, std::string_view note, std::string_view plain) {
    return R"({"customer_name":")" + std::string(name) + R"(","cardholder_name":")" + std::string(second) + R"(","note":")" + std::string(note) +
           R"(","plain":")" + std::string(plain) + R"("})";
  };
  const auto expect = [&](std::string_view second, std::string_view note, std::string_view plain, std::string_view masked_note, std::string_view masked_plain) {
    const std::string line = event("Reem Nasser", second, note, plain);
    EXPECT_EQ(masker_.event(line), event(t, second == "Ada Lovelace" ? other : t, masked_note, masked_plain)) << line;
  };
  for (int round = 0; round < 3; ++round) {
    expect("Reem Nasser", "at 10:15 it was sent", "by post", "at 10:15 it was sent", "by post");
    expect("Reem Nasser", "at 10:15 it was sent", "by reem nasser", "at 10:15 it was sent", "by " + t);
    expect("Ada Lovelace", "at 10:15 ADA LOVELACE sent it", "xReem Nasser", "at 10:15 " + other + " sent it", "xReem Nasser");
    expect("Ada Lovelace", "at 10:15 it was sent", "by Reem Nassers", "at 10:15 it was sent", "by Reem Nassers");
    expect("Reem Nasser", "at 10:15 by Reem%20Nasser", "by post", "at 10:15 by " + t, "by post");
    expect("Reem Nasser", R"(at 10:15 by R\u0065em Nasser)", "by post", "at 10:15 by " + t, "by post");
    expect("Reem Nasser", R"({\"a\":\"Reem Nasser\"})", "by post", R"({\"a\":\")" + t + R"(\"})", "by post");
  }
}

// So many names, or values that are replaced, that the line is not searched for names as a whole: its texts are, one by one.
TEST_F(MaskerTest, NamesAreFoundBesideManyNamesAndValues) {
  const std::string found = R"("x":"by )" + token("name", "Reem Nasser") + R"("})";
  const std::string names = R"({"customer_name":"Reem Nasser","first_name":"Ada Lovelace","cardholder_name":"Zoltan Kodaly",)"
                            R"("last_name":"Grace Hopper","beneficiary_name":"Alan Turing",)";
  std::string values = R"({"customer_name":"Reem Nasser",)";
  for (int i = 0; i < 17; ++i) values += "\"email" + std::to_string(i) + "\":\"ada" + std::to_string(i) + "@example.com\",";
  for (const std::string& event : {names, values}) {
    kit::TestMasker masker("default");
    // Walked first, then known by its shape.
    for (int round = 0; round < 3; ++round) {
      EXPECT_NE(masker.event(event + R"("x":"by post"})").find(R"("x":"by post"})"), std::string::npos);
      EXPECT_TRUE(masker.event(event + R"("x":"by Reem Nasser"})").ends_with(found)) << round;
    }
    kit::TestMasker first("default");
    EXPECT_TRUE(first.event(event + R"("x":"by Reem Nasser"})").ends_with(found));
  }
}

// In a text in which the detectors found nothing the last time, and the name stands in another spelling: the line does not have it.
TEST_F(MaskerTest, NamesAreFoundInATextThatWasQuiet) {
  struct Case {
    std::string_view name, spelled;
  };
  for (const Case& one : {Case{"Reem Nasser", "Reem%20Nasser"}, Case{"Reem Nasser", "\\u0052eem Nasser"}, Case{"Reem Nasser", "Re\xe2\x80\x8b""em Nasser"},
                          Case{"Zo\xc3\xab Kravitz", "Zo\\u00eb Kravitz"}, Case{"Zo\xc3\xab Kravitz", "Zo\xc3\xab%20Kravitz"}}) {
    kit::TestMasker masker("default");
    const auto event = [](std::string_view name, std::string_view note) {
      return R"({"customer_name":")" + std::string(name) + R"(","note":"at 10:15 by )" + std::string(note) + R"(","x":"by post"})";
    };
    const std::string other = token("name", "Ada Lovelace"), t = token("name", one.name);
    for (int round = 0; round < 3; ++round) {
      for (int k = 0; k < 2; ++k) EXPECT_EQ(masker.event(event("Ada Lovelace", one.spelled)), event(other, one.spelled));
      EXPECT_EQ(masker.event(event(one.name, one.spelled)), event(t, t)) << one.spelled;
    }
  }
}

// In a value that is replaced whole names may stand at every other byte, one over the other; the search goes on behind it.
TEST_F(MaskerTest, NamesInValuesThatAreReplacedHideNone) {
  std::string name;
  for (int i = 0; i < 60; ++i) name += "A ";
  name += "Ab";
  const std::string t = token("name", name), secret = name + " " + name;
  const std::string event = R"({"customer_name":")" + name + R"(","password":")" + secret + R"(","x":")";
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(masker_.event(event + "by post\"}").find(name), std::string::npos);
    EXPECT_TRUE(masker_.event(event + "by " + name + "\"}").ends_with("\"x\":\"by " + t + "\"}"));
  }
}

TEST_F(MaskerTest, WithoutAKeysetEverythingIsRedacted) {
  kit::TestMasker masker("default", kit::Keys::none);
  EXPECT_EQ(masker.event(R"({"email":"ada@example.com","m":"call +96599887766"})"),
            R"({"email":"[PII_REDACTED]","m":"call [PII_REDACTED]"})");
  EXPECT_EQ(masker.counts().redacted_without_key, 2U);
}

TEST_F(MaskerTest, ALineThatIsNoJsonIsText) {
  const std::string t = token("email", "ada@example.com");
  EXPECT_EQ(masker_.event("2026-01-01 INFO mail to ada@example.com sent"), "2026-01-01 INFO mail to " + t + " sent");
  EXPECT_EQ(masker_.event(R"({"email":"ada@example.com","x":)"), R"({"email":")" + t + R"(","x":)");
  EXPECT_EQ(masker_.event("level=info email=ada@example.com customer_name=\"Ada Lovelace\""),
            "level=info email=" + t + " customer_name=\"" + token("name", "Ada Lovelace") + "\"");
  EXPECT_EQ(masker_.counts().not_json, 3U);
}

TEST_F(MaskerTest, LimitsRedactAndNeverPass) {
  std::string deep;
  for (int i = 0; i < 10000; ++i) deep += R"({"a":)";
  deep += "\"ada@example.com\"" + std::string(10000, '}');
  const std::string masked = masker_.event(deep);
  EXPECT_EQ(masked.find("ada@"), std::string::npos);
  EXPECT_EQ(masker_.event(masked), masked);

  const std::string line = R"({"m":")" + std::string(2 << 20, 'x') + R"( ada@example.com"})";
  EXPECT_EQ(masker_.event(line), R"({"message":"[PII_REDACTED]","pii":{"masked":"line_too_long","bytes":)" +
                                     std::to_string(line.size()) + "}}");

  const std::string leaf = R"({"m":")" + std::string(65000, 'x') + " ada@example.com " + std::string(1000, 'y') + R"("})";
  const std::string cut = masker_.event(leaf);
  EXPECT_EQ(cut.find("ada@"), std::string::npos);
  EXPECT_EQ(masker_.event(cut), cut);
}

TEST_F(MaskerTest, PathRulesDecideLast) {
  PolicySpec spec = *PolicySpec::profile("default");
  spec.paths.push_back({.path = "**.debug_blob", .action = MaskAction{.type = MaskAction::Type::drop}});
  spec.paths.push_back({.path = "payload.methods[*].name", .exempt = PathRule::Exempt::keys});
  spec.paths.push_back({.path = "public", .exempt = PathRule::Exempt::all});
  kit::TestMasker masker(spec);
  EXPECT_EQ(masker.event(R"({"a":{"debug_blob":{"x":1,"y":"z"}}})"), R"({"a":{"debug_blob":{"x":"[DROPPED]","y":"[DROPPED]"}}})");
  EXPECT_EQ(masker.event(R"({"payload":{"methods":[{"name":"KNET"}]}})"), R"({"payload":{"methods":[{"name":"KNET"}]}})");
  EXPECT_EQ(masker.event(R"({"public":{"email":"ada@example.com"}})"), R"({"public":{"email":"ada@example.com"}})");
}

TEST_F(MaskerTest, TheListenerHearsPathsAndShapesAndNoValues) {
  kit::RecordingListener listener;
  masker_.set_listener(&listener);
  masker_.event(R"({"payload":{"items":[{"email":"ada@example.com"}]},"bob@example.com":{"phone":"+96599887766"}})");
  ASSERT_EQ(listener.findings.size(), 3U);
  for (const std::string& finding : listener.findings) {
    EXPECT_EQ(finding.find("ada"), std::string::npos) << finding;
    EXPECT_EQ(finding.find("bob"), std::string::npos) << finding;
  }
  EXPECT_NE(std::find(listener.findings.begin(), listener.findings.end(), "email payload.items[*].email a@a.a"),
            listener.findings.end());
}

TEST(MaskerEncrypts, KeysThatBecomeOneStayTwo) {
  PolicySpec spec = *PolicySpec::profile("default");
  spec.actions[static_cast<std::size_t>(Detector::email)].type = MaskAction::Type::encrypt;
  const std::string event = R"({"ada@example.com":1,"bob@example.com":2,"ada@example.com":3})";
  const auto policy = MaskPolicy::compile(spec);
  ASSERT_TRUE(policy);
  // Keys for tokens alone: nothing can be encrypted.
  Masker redacts(*policy, MaskKeys{kit::masking_provider(), kit::test_environment(), false});
  std::string out;
  redacts.mask_lines(event, out);
  EXPECT_EQ(out, R"({"[PII_REDACTED]":1,"[PII_REDACTED]~2":2,"[PII_REDACTED]~3":3})");
  // No two ciphertexts are equal.
  EXPECT_EQ(kit::TestMasker(spec).event(event).find('~'), std::string::npos);
}

// "…-pin-…" among the letters of a token would drop what stands under it.
TEST_F(MaskerTest, WhatLettersATokenHasSaysNothingInAKey) {
  const std::string masked = "<ptok:v1:" + std::string(19, 'A') + "-pin-" + std::string(19, 'A') + ">";
  const std::string event = R"({")" + masked + R"(":["x"],")" + masked + R"( email":"ada@example.com"})";
  EXPECT_EQ(masker_.event(event),
            R"({")" + masked + R"(":["x"],")" + masked + R"( email":")" + token("email", "ada@example.com") + R"("})");
}

// What stands between the cookies of a header, or ends it, may be read only once they, or it, have been replaced.
TEST_F(MaskerTest, CookiesAreSettledWhereNothingElseIsInTheirHeader) {
  kit::TestMasker masker(*PolicySpec::profile("default"));
  for (const auto& [line, masked] : {
           std::pair("cookie: a=b; c=\"d\"; e", "cookie: a=[COOKIE]; c=[COOKIE]; [COOKIE]"),
           std::pair("Set-Cookie:password: Aa= ;cookie=****}", "Set-Cookie:password: [SECRET] ;cookie=[COOKIE]"),
           std::pair("cookie: 1234-12 password: Aa=;", "cookie: [COOKIE] password: [SECRET];"),
           std::pair("cookie: a=b=c; d=\"e f=g", "cookie: a=[COOKIE]; d=\"e f=g"),
       }) {
    const std::string once = masker.event(line);
    EXPECT_EQ(once, masked);
    EXPECT_EQ(masker.event(once), once);
  }
}

TEST_F(MaskerTest, LastFourThatReadOnWithDigitsAreReadAgain) {
  PolicySpec spec = *PolicySpec::profile("gulf-payments");
  MaskAction& last_four = spec.actions[static_cast<std::size_t>(Detector::phone)];
  last_four.type = MaskAction::Type::partial;
  last_four.keep_last = 4;
  kit::TestMasker masker(spec);
  const std::string once = masker.event("tel 5566 75566 7588");
  EXPECT_EQ(once, "tel ********7588");
  EXPECT_EQ(masker.event(once), once);
}

// Of a key that was cut off nothing stays, whatever stands where it ends.
TEST_F(MaskerTest, AKeyThatIsCutOffGoesBeforeAPair) {
  kit::TestMasker masker("default");
  const std::string once = masker.lines("-----BEGIN PRIVATE KEY-----MIIEvQIBADANBgkqhkiG9w0BAQEFAASC password=PerCZXhX");
  EXPECT_EQ(once, "[DROPPED]=[SECRET]");
  EXPECT_EQ(masker.lines(once), once);
}

// The label that stands for what is no text has no domain: with one it would be no output.
TEST_F(MaskerTest, WhatBecomesNoTokenKeepsNoDomain) {
  PolicySpec spec = *PolicySpec::profile("default");
  spec.actions[static_cast<std::size_t>(Detector::email)].type = MaskAction::Type::keep_domain;
  kit::TestMasker masker(spec);
  const std::string once = masker.event("{\"email\":\"://4c\xffL:e8lA@h.com\"}");
  EXPECT_EQ(once, R"({"email":"[PII_REDACTED]"})");
  EXPECT_EQ(masker.event(once), once);
  EXPECT_EQ(masker.counts().failed, 1U);
}

// What the policy lets stand in a pair is looked at again where the pair's key has gone.
TEST(MaskerAllows, NothingBesideWhatIsAllowedStays) {
  PolicySpec cards = *PolicySpec::profile("default");
  cards.allow_test_cards = true;
  kit::TestMasker with_cards(cards);
  for (const char* event : {R"(cookie: a=card":"Bearer 4111111111111111pass)", R"({"card":"4111111111111111 ann@b.com"})", R"({"card":"4111 secret 1111 of Ann 11111111"})"}) {
    const std::string masked = with_cards.event(event);
    EXPECT_NE(masked, event);
    EXPECT_EQ(masked.find("4111"), std::string::npos) << masked;
    EXPECT_EQ(masked.find("Ann"), std::string::npos) << masked;
    EXPECT_EQ(with_cards.event(masked), masked);
  }
  for (const char* event : {R"({"card":"4111 1111 1111 1111"})", R"({"m":"4111-1111-1111-1111"})", R"({"card":4111111111111111})"}) EXPECT_EQ(with_cards.event(event), event);
  PolicySpec values = *PolicySpec::profile("default");
  values.allow_values = {"test- 5555555555554444"};
  kit::TestMasker with_values(values);
  const std::string masked = with_values.event(R"({"customer_name":"Alice","m":"\"Alice token\":\"test- 5555555555554444\""})");
  EXPECT_EQ(with_values.event(masked), masked) << masked;
}

TEST_F(MaskerTest, ATrackIsFoundBesideWhatIsNone) {
  const std::string masked = masker_.event(";675409462586=;5137644532247673=c");
  EXPECT_EQ(masked.find("5137644532247673"), std::string::npos) << masked;
  EXPECT_EQ(masker_.event(masked), masked) << masked;
}

}  // namespace
}  // namespace pii
