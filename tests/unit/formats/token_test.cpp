#include "pii/token.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "pii/base64url.hpp"

namespace pii {
namespace {

const std::string kToken = "ptok:v1:PzPQvZpJgsOFSU0Lstv4fx40dX7bFHfmYdh-fMNsTSY";

TEST(Token, ReadsAToken) {
  const auto token = Token::parse(kToken);
  ASSERT_TRUE(token);
  EXPECT_EQ(token->view(), kToken);
  EXPECT_EQ(token->version(), 1);
  EXPECT_EQ(kToken.size(), kTokenV1Size);
}

TEST(Token, IsMadeOfAMac) {
  std::array<std::byte, 33> mac{};
  ASSERT_EQ(base64url_decode(kToken.substr(kTokenV1Prefix.size()), mac).value(), 32U);
  const Token token = Token::from_mac(std::span<const std::byte, 32>(mac.data(), 32));
  EXPECT_EQ(token.view(), kToken);
  EXPECT_EQ(token, *Token::parse(kToken));
  mac[31] ^= std::byte{1};
  EXPECT_NE(Token::from_mac(std::span<const std::byte, 32>(mac.data(), 32)), token);
}

TEST(Token, ComparesAsText) {
  const auto a = Token::parse("ptok:v1:" + std::string(43, 'A'));
  const auto b = Token::parse("ptok:v1:B" + std::string(42, 'A'));
  ASSERT_TRUE(a && b);
  EXPECT_LT(*a, *b);
  EXPECT_EQ(*a, *a);
  EXPECT_NE(*a, *b);
}

TEST(Token, RefusesWhatIsNotOne) {
  const std::string payload = kToken.substr(kTokenV1Prefix.size());
  const std::string short_by_one = kToken.substr(0, kToken.size() - 1);
  const std::vector<std::string> texts = {"",
                                          "ptok:",
                                          "ptok:v1:",
                                          "ptok:v2",
                                          "ptok: John Doe john@x.com",
                                          "Ptok:v1:" + payload,
                                          "ptok:V1:" + payload,
                                          "ptok:v:" + payload,
                                          "ptok:vX:" + payload,
                                          "penc:v1:" + payload,
                                          "ptok::" + payload,
                                          "ptok:1:" + payload,
                                          short_by_one,
                                          short_by_one + "=",
                                          short_by_one + "Z",
                                          short_by_one + "\n",
                                          kToken + "A",
                                          kToken + "\n",
                                          kToken + " ",
                                          " " + kToken,
                                          "ptok:v1:+" + payload.substr(1),
                                          "ptok:v1:/" + payload.substr(1),
                                          "ptok:v1:\xFF" + payload.substr(1),
                                          "ptok:v1:" + std::string(1, '\0') + payload.substr(1)};
  for (const std::string& text : texts) {
    const auto token = Token::parse(text);
    ASSERT_FALSE(token) << testing::PrintToString(text);
    EXPECT_EQ(token.error().code(), ErrorCode::malformed_token) << testing::PrintToString(text);
  }
}

TEST(Token, TheLastCharacterHasNoSpareBits) {
  std::size_t accepted = 0;
  for (int c = 0; c < 256; ++c) {
    std::string text = kToken;
    text.back() = static_cast<char>(c);
    accepted += Token::parse(text).has_value();
  }
  EXPECT_EQ(accepted, 16U);
}

TEST(Token, OtherVersionsAreNamedAsSuch) {
  for (const std::string text : {"ptok:v3:k1:AAAA", "ptok:v3:", "ptok:v10:x", "ptok:v0:"}) {
    const auto token = Token::parse(text);
    ASSERT_FALSE(token);
    EXPECT_EQ(token.error().code(), ErrorCode::unsupported_version) << text;
  }
}

TEST(Token, AMessageNeverHoldsTheText) {
  for (const std::string text : {"CANARY", "ptok:v1:CANARY", "ptok:v9:CANARY", "ptok:CANARY", "ptok:v2:CANARY",
                                 "ptok:v2:CANARY:CANARY", "ptok:v2:k:CANARYCANARYCANARYCANARYCANARY*",
                                 "ptok:v1:CANARYCANARYCANARYCANARYCANARYCANARYCANARY*"}) {
    const auto token = Token::parse(text);
    ASSERT_FALSE(token);
    EXPECT_EQ((token.error().message() + token.error().hint()).find("CANARY"), std::string::npos);
  }
}

TEST(Token, OfVersion2CarriesItsKeyId) {
  std::array<std::byte, 32> mac{};
  for (std::size_t i = 0; i < mac.size(); ++i) mac[i] = static_cast<std::byte>(i * 37);
  for (std::size_t length = kMinTokenLength; length <= kMaxTokenLength; ++length) {
    for (const std::string& kid : {std::string("t"), std::string("tk_2-A"), std::string(32, 'k')}) {
      const Token token = Token::from_mac_v2(kid, std::span(mac).first(length));
      EXPECT_EQ(token.version(), 2);
      EXPECT_EQ(token.kid(), kid);
      EXPECT_EQ(token.view().size(), token_v2_size(kid.size(), length));
      const auto parsed = Token::parse(token.view());
      ASSERT_TRUE(parsed) << token.view();
      EXPECT_EQ(*parsed, token);
    }
  }
  EXPECT_EQ(Token::from_mac_v2("tk2", std::span(mac).first(16)).view(), "ptok:v2:tk2:ACVKb5S53gMoTXKXvOEGKw");
}

TEST(Token, OfVersion2IsReadStrictly) {
  const std::string mac(22, 'A');
  const std::string kid(32, 'k');
  ASSERT_TRUE(Token::parse("ptok:v2:" + kid + ":" + mac));
  for (const std::string& text :
       {std::string("ptok:v2"), std::string("ptok:v2:"), std::string("ptok:v2:k1"), std::string("ptok:v2:k1:"),
        "ptok:v2::" + mac, "ptok:v2:k.1:" + mac, "ptok:v2:-k:" + mac, "ptok:v2:_k:" + mac, "ptok:v2:k 1:" + mac,
        "ptok:v2:" + kid + "k:" + mac, "ptok:v2:k1:" + mac.substr(1), "ptok:v2:k1:" + mac + "=",
        "ptok:v2:k1:" + mac + "\n", "ptok:v2:k1:" + mac.substr(1) + "B", "ptok:v2:k1:" + mac.substr(1) + "+",
        "ptok:v2:k1::" + mac, "ptok:v2:k1:" + mac + mac, "ptok:v2:k1:" + mac + "AAA",
        "ptok:v2:~AAAAAAAAAAAAAAAAAAAAAA:" + mac}) {
    const auto token = Token::parse(text);
    ASSERT_FALSE(token) << text;
    EXPECT_EQ(token.error().code(), ErrorCode::malformed_token) << text;
  }
}

TEST(Token, EveryTokenOfThePythonPackageIsRead) {
  std::ifstream in(PII_TEST_VECTORS "/ecsctx/tokenize.json");
  ASSERT_TRUE(in);
  const auto document = nlohmann::json::parse(in);
  for (const auto& row : document.at("rows")) {
    const auto text = row.at("expected_token").get<std::string>();
    const auto token = Token::parse(text);
    ASSERT_TRUE(token) << row.at("id");
    EXPECT_EQ(token->view(), text);
  }
  EXPECT_EQ(document.at("rows").size(), 327U);
}

}  // namespace
}  // namespace pii
