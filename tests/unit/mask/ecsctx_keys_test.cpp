#include <gtest/gtest.h>

#include <string>

#include "mask/ecsctx_rules.hpp"

namespace pii::mask::ecsctx {
namespace {

constexpr const char* kToken = "ptok:v1:SXeBjjmLFVc1vIPsTv3YmEE21rsj52LPr0JkM_Dtdr8";

std::string header(std::string_view value) {
  std::string out;
  append_masked_header(value, out);
  return out;
}

bool matches(std::string_view pattern, const std::vector<std::string_view>& path) {
  return ExemptPath(pattern).matches(path);
}

TEST(EcsctxKeys, SensitiveByWhatTheyContain) {
  for (const char* key :
       {"name", "hotel", "hostname", "telemetry", "customerId", "user_name", "Pyr_Name", "udf3", "EMAIL",
        "Customer Name", "namespace", "\xc3\xa9name", "name\xff", "İname"}) {
    EXPECT_TRUE(is_sensitive_key(key)) << key;
  }
  for (const char* key : {"", "password", "card_number", "first", "dob", "mail", "bank_name", "BANK_NAME",
                          "customer_id", "username", "id", "nаme"}) {
    EXPECT_FALSE(is_sensitive_key(key)) << key;
  }
}

TEST(EcsctxKeys, AuthorizationByTheWholeName) {
  for (const char* key : {"Authorization", "API-KEY", "x-api-key", "api_key", "ApiKey", "x-api-\u212Aey"}) {
    EXPECT_TRUE(is_authorization_key(key)) << key;
  }
  for (const char* key :
       {"", "proxy-authorization", "cookie", "x-auth-token", " authorization", "authorizatıon"}) {
    EXPECT_FALSE(is_authorization_key(key)) << key;
  }
}

TEST(EcsctxHeaders, AreShortened) {
  EXPECT_EQ(header(""), "****");
  EXPECT_EQ(header("Bearer "), "Bearer ****");
  EXPECT_EQ(header(" "), " ****");
  EXPECT_EQ(header("Bearer abcdefgh"), "Bearer ****");
  EXPECT_EQ(header("Bearer abcdefghi"), "Bearer abcd****fghi");
  EXPECT_EQ(header("Bearer  abcdefgh"), "Bearer  abc****efgh");
  EXPECT_EQ(header("12345678"), "****");
  EXPECT_EQ(header("123456789"), "1234****6789");
  EXPECT_EQ(header("a\tbcdefghi"), "a\tbc****fghi");
  EXPECT_EQ(header("éééééééé"), "****");
  EXPECT_EQ(header("ééééaéééé"), "éééé****éééé");
  EXPECT_EQ(header(header("Bearer abcdefghijkl")), "Bearer abcd****ijkl");
}

TEST(EcsctxValues, QuotesStayOutside) {
  const auto unquoted = [](std::string_view value) {
    const Unquoted inner = unquote(value);
    return std::string(inner.quoted ? "q:" : "") + std::string(inner.value);
  };
  EXPECT_EQ(unquoted("John"), "John");
  EXPECT_EQ(unquoted("\"John\""), "q:John");
  EXPECT_EQ(unquoted("\"\"John\"\"\""), "q:John");
  EXPECT_EQ(unquoted("\"John"), "\"John");
  EXPECT_EQ(unquoted("John\""), "John\"");
  EXPECT_EQ(unquoted("\""), "q:");
  EXPECT_EQ(unquoted("\"\"\""), "q:");
  EXPECT_EQ(unquoted("\"a\"b\""), "q:a\"b");
}

TEST(EcsctxValues, WhatBeginsLikeATokenPasses) {
  const std::string token = kToken;
  for (const std::string& value : {token, '"' + token + '"'}) {
    EXPECT_TRUE(passes_as_token(value, false));
    EXPECT_TRUE(passes_as_token(value, true));
  }
  for (const std::string& value : {std::string("ptok: John Doe"), std::string("\"ptok:"), token + " John",
                                   token + "x", '"' + token, token.substr(0, 50) + "9"}) {
    EXPECT_TRUE(passes_as_token(value, false)) << value;
    EXPECT_FALSE(passes_as_token(value, true)) << value;
  }
  for (const char* value : {"", "ptok", " ptok:", "PTOK:", "\"\"ptok:"})
    EXPECT_FALSE(passes_as_token(value, false)) << value;
}

TEST(EcsctxValues, FixedGivesOneTypeToOneThing) {
  EXPECT_STREQ(fixed_field_type("email", "John@x.com"), "email");
  EXPECT_STREQ(fixed_field_type("customer", " John@x.com "), "email");
  EXPECT_STREQ(fixed_field_type("email", "用户@例子.广告"), "email");
  EXPECT_STREQ(fixed_field_type("customer", "用户@例子.广告"), "generic");
  EXPECT_STREQ(fixed_field_type("mobile", "+965 5555 1234"), "phone");
  EXPECT_STREQ(fixed_field_type("customer_email", "+96555551234"), "phone");
  EXPECT_STREQ(fixed_field_type("mobile", "5555 1234"), "phone");
  EXPECT_STREQ(fixed_field_type("customer", "5555 1234"), "generic");
  EXPECT_STREQ(fixed_field_type("phone", "n/a"), "generic");
  EXPECT_STREQ(fixed_field_type("hotel", "Hilton 5"), "generic");
  EXPECT_STREQ(fixed_field_type("name", "John"), "generic");
  EXPECT_STREQ(fixed_field_type("email", "\xff"), "generic");
}

// A plus and digits take a short way: as long as the pattern takes them whole they are a phone, and no longer.
TEST(EcsctxValues, FixedTakesForPhonesWhatThePatternTakesWhole) {
  for (const std::string code : {"965", "966", "971", "44", "1", "20", "999", "0", "00"}) {
    for (std::size_t size = 0; size <= 20; ++size) {
      for (const std::string_view behind : {"", " ", "x", "-", "٣"}) {
        const std::string value = "+" + (code + std::string(20, '5')).substr(0, size) + std::string(behind);
        std::vector<Replacement> found;
        find_phones(value, true, found);
        const bool whole = found.size() == 1 && found[0].begin == 0 && found[0].end + (behind == " " ? 1 : 0) == value.size();
        EXPECT_STREQ(fixed_field_type("customer", value), whole ? "phone" : "generic") << value;
      }
    }
  }
}

TEST(EcsctxExemptPaths, ArePrefixes) {
  EXPECT_TRUE(matches("payment_methods", {"payment_methods", kArrayStep, "name"}));
  EXPECT_TRUE(matches("payment_methods[*].name", {"payment_methods", kArrayStep, "name"}));
  EXPECT_FALSE(matches("payment_methods[*].name", {"payment_methods", kArrayStep, "email"}));
  EXPECT_FALSE(matches("payment_methods[*].name", {"payment_methods"}));
  EXPECT_FALSE(matches("Payment_methods", {"payment_methods"}));
  EXPECT_TRUE(matches("a.*.b", {"a", "x", "b"}));
  EXPECT_FALSE(matches("a.*.b", {"a", kArrayStep, "b"}));
  EXPECT_FALSE(matches("*", {kArrayStep}));
  EXPECT_FALSE(matches("[*]", {"a"}));
}

TEST(EcsctxExemptPaths, OdditiesOfTheirSyntax) {
  for (const char* pattern : {"", ".", "[]", "..", "]["}) {
    EXPECT_TRUE(ExemptPath(pattern).steps().empty()) << pattern;
    EXPECT_TRUE(matches(pattern, {"anything"})) << pattern;
  }
  EXPECT_TRUE(matches("[*", {"a"}));
  EXPECT_TRUE(matches("*]", {"a"}));
  EXPECT_TRUE(matches("items[0].name", {"items", "0", "name"}));
  EXPECT_FALSE(matches("items[0].name", {"items", kArrayStep, "name"}));
  EXPECT_TRUE(matches("customer]name", {"customer", "name"}));
  EXPECT_TRUE(matches("a**", {"a**"}));
}

}  // namespace
}  // namespace pii::mask::ecsctx
