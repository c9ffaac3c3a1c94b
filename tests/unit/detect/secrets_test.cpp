#include <gtest/gtest.h>

#include <string>

#include "scan_text.hpp"

namespace pii::detect {
namespace {

const std::string kHeader = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";

TEST(Secrets, WebTokens) {
  EXPECT_EQ(found_in(kHeader + ".eyJzdWIiOiIxIn0.abc"), "jwt{" + kHeader + ".eyJzdWIiOiIxIn0.abc}");
  EXPECT_EQ(found_in(kHeader + ".eyJzdWIiOiIxIn0"), "jwt{" + kHeader + ".eyJzdWIiOiIxIn0}");
  EXPECT_EQ(found_in(kHeader + ".a.b.c.d", all_settings()), "");
  const std::string encrypted =
      kHeader + ".OKOawDo13gRp2ojaHV7L.48V1_ALb6US04U3b.5eym8TW_c8SuK0ltJ3r.XFBoMYUZodetZdvT";
  EXPECT_EQ(found_in(encrypted), "jwt{" + encrypted + "}");
  EXPECT_EQ(found_in("x" + kHeader + ".eyJzdWIiOiIxIn0.abc"), "");
  EXPECT_EQ(found_in("eyJmb28iOiJiYXIifQ.eyJzdWIiOiIxIn0.abc"), "");
}

// Only every sixteenth byte is looked at until one of a long run shows up.
TEST(Secrets, KeysAreFoundWhereverTheyStand) {
  const std::string body = "Zx9Qw3Er5Ty7Ui1Op2As4Df6Gh8Jk0Lz";
  for (const std::string key : {"AKIA234567ABCDEFGHIJ", "ghp_abcdefghijABCDEFGHIJ0123456789abcdef", "hvs.Zx9Qw3Er5Ty7Ui1Op2As4Df6", "sk-Zx9Qw3Er5Ty7Ui1Op2As4Df6Gh8Jk0Lz",
                                "SG.Zx9Qw3Er5Ty7Ui1Op2.As4Df6Gh8Jk0LzZx9Qw3Er5Ty7"}) {
    for (std::size_t before = 0; before < 40; ++before) {
      for (const std::string_view around : {" ", "/", ".", "--"}) {
        const std::string text = body.substr(0, before % 15) + std::string(around) + std::string(before, '!') + std::string(around) + key + " " + body.substr(0, 12);
        ASSERT_EQ(found_in(text), "api_key{" + key + "}") << text;
        ASSERT_EQ(found_in("a@b.co " + text + " " + key), "email{a@b.co} api_key{" + key + "} api_key{" + key + "}") << text;
        ASSERT_EQ(found_in("w" + key + std::string(around) + std::string(before, '!')), "") << key;
      }
    }
  }
}

TEST(Secrets, TheAlgorithmMayStandBehindALongKeyId) {
  // {"kid":"kkkk…","alg":"HS256"}, the key id of 300 characters
  std::string header = "eyJraWQiOiJr";
  for (int i = 0; i < 99; ++i) header += "a2tr";
  header += "a2siLCJhbGciOiJIUzI1NiJ9";
  EXPECT_EQ(found_in(header + ".eyJzdWIiOiIxIn0.abc"), "jwt{" + header + ".eyJzdWIiOiIxIn0.abc}");
}

TEST(Secrets, TheEndOfASentenceIsNoPartOfAToken) {
  EXPECT_EQ(found_in(kHeader + ".eyJzdWIiOiIxIn0. Then"), "jwt{" + kHeader + ".eyJzdWIiOiIxIn0}");
}

TEST(Secrets, AShortKeyIsNoneWhateverElseIsThere) {
  EXPECT_EQ(found_in("xoxs-11sq0atp-u"), "");
  EXPECT_EQ(found_in("xoxs-11sq0atp-u and a_word_of_sixteen_letters"), "");
}

TEST(Secrets, WhatFollowsAKeyBehindAMarkIsNoPartOfIt) {
  const std::string key = "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";
  EXPECT_EQ(found_in(key + "..." + std::string(30, 'a')), "api_key{" + key + "}");
}

TEST(Secrets, PrivateKeys) {
  const std::string body = "\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n";
  for (const std::string label : {"PRIVATE KEY", "RSA PRIVATE KEY", "ENCRYPTED PRIVATE KEY",
                                  "OPENSSH PRIVATE KEY", "PGP PRIVATE KEY BLOCK"}) {
    const std::string pem = "-----BEGIN " + label + "-----" + body + "-----END " + label + "-----";
    EXPECT_EQ(found_in("k " + pem + " x"), "private_key{" + pem + "}");
  }
  const std::string escaped = "-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBgkqh\\n-----END PRIVATE KEY-----";
  EXPECT_EQ(found_in(escaped), "private_key{" + escaped + "}");
  EXPECT_NE(found_in("x" + escaped + "x"), "");
  EXPECT_EQ(found_in("-----BEGIN PUBLIC KEY-----" + body + "-----END PUBLIC KEY-----"), "");
}

TEST(Secrets, Schemes) {
  EXPECT_EQ(found_in("Bearer abc12345"), "auth_header{Bearer abc12345}");
  EXPECT_EQ(found_in("Basic dXNlcjpwYXNz"), "auth_header{Basic dXNlcjpwYXNz}");
  for (const char* text :
       {"Bearer abc1", "bearer of news", "bearer certificates", "basic authentication", "Basic Understanding",
        "token refreshed yesterday", "Bearer ****abcd", "Bearer [AUTH_HEADER]"}) {
    EXPECT_EQ(found_in(text), "") << text;
  }
}

TEST(Secrets, ApiKeys) {
  for (const char* text :
       {"sk_test_key_name", "AKIAEXAMPLE", "AKIAIOSFODNN7EXAMPLE", "sk_live_aaaaaaaaaaaaaaaaaaaaaaaa",
        "npm_config_registry", "hf_model_name", "xsk_live_hP6yynJarOMU4V1UGm7DM1HA", "ghp_tooshort1"}) {
    EXPECT_EQ(found_in(text), "") << text;
  }
}

TEST(Secrets, UserInfo) {
  EXPECT_EQ(found_in("redis://:p4ss@cache:6379/0"), "url_userinfo{:p4ss}");
  EXPECT_EQ(found_in("ssh://git@github.com/x"), "");
  EXPECT_EQ(found_in("a://u:p@db.b://app:s3@host/x"), "url_userinfo{u:p} url_userinfo{app:s3}");
  EXPECT_EQ(found_in("https://example.com/a@b"), "");
  EXPECT_EQ(found_in("://u:p@h"), "");
}

}  // namespace
}  // namespace pii::detect
