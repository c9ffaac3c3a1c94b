#include "pii/tokenizer.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>
#include <vector>

#include "kit/static_provider.hpp"

namespace pii {
namespace {

Environment environment(std::string_view name = "test") { return Environment::make(name).value(); }
FieldType field(std::string_view name) { return FieldType::make(name).value(); }

class TokenizerTest : public testing::Test {
 protected:
  std::shared_ptr<kit::StaticProvider> provider_ =
      std::make_shared<kit::StaticProvider>(kit::keyset(kit::kTokenDocument));
  Tokenizer tokenizer_{provider_, environment()};
};

std::string tokenized(const Tokenizer& tokenizer, const FieldType& type, std::string_view value) {
  std::array<char, kTokenV1Size> text;
  EXPECT_EQ(tokenizer.tokenize_into(type, value, text.data()), ErrorCode::ok);
  return {text.data(), text.size()};
}

TEST_F(TokenizerTest, WritesTheSameTokenBothWays) {
  const auto token = tokenizer_.tokenize(field("email"), " Ada@Example.COM ");
  ASSERT_TRUE(token);
  EXPECT_EQ(tokenized(tokenizer_, field("email"), "ada@example.com"), token->view());
  EXPECT_EQ(token->view().size(), kTokenV1Size);
}

TEST_F(TokenizerTest, SeparatesFieldsEnvironmentsAndValues) {
  const std::string token = tokenized(tokenizer_, field("name"), "ada");
  EXPECT_NE(token, tokenized(tokenizer_, field("Name"), "ada"));
  EXPECT_NE(token, tokenized(tokenizer_, field("name"), "Ada"));
  EXPECT_NE(token, tokenized(Tokenizer(provider_, environment("prod")), field("name"), "ada"));
}

TEST_F(TokenizerTest, TokenizesEmptyAndLongValues) {
  const std::string empty = tokenized(tokenizer_, field("name"), "");
  EXPECT_EQ(empty, tokenized(tokenizer_, field("name"), " \t "));
  EXPECT_NE(empty, tokenized(tokenizer_, field("name"), std::string(1 << 20, 'x')));
}

TEST_F(TokenizerTest, NamesThePlaceOfInvalidUtf8AndNotTheValue) {
  const auto token = tokenizer_.tokenize(field("email"), "canary\xff@example.com");
  ASSERT_FALSE(token);
  EXPECT_EQ(token.error().code(), ErrorCode::invalid_utf8);
  EXPECT_NE(token.error().message().find("byte 6"), std::string::npos) << token.error().message();
  EXPECT_EQ(token.error().message().find("canary"), std::string::npos);
  std::array<char, kTokenV1Size> text;
  EXPECT_EQ(tokenizer_.tokenize_into(field("email"), "\xc3", text.data()), ErrorCode::invalid_utf8);
}

TEST_F(TokenizerTest, BatchAgreesWithSingleCallsWhateverItsSize) {
  std::mt19937 random(7);
  const std::array names{"email", "phone", "name"};
  for (const std::size_t size : {0u, 1u, 2u, 3u, 4u, 5u, 15u, 16u, 17u, 31u, 32u, 33u, 64u, 65u, 1000u}) {
    const FieldType type = field(names[size % names.size()]);
    std::vector<std::string> values(size);
    std::vector<bool> valid(size, true);
    for (std::size_t i = 0; i < size; ++i) {
      for (std::size_t length = random() % 150; length > 0; --length)
        values[i] += static_cast<char>(' ' + random() % 95);
      if (random() % 5 == 0) values[i] += "\xc3\x89";  // needs the slow path
      if (random() % 7 == 0) {
        values[i] += "\xed\xa0\x80";  // a surrogate: not UTF-8
        valid[i] = false;
      }
    }
    const std::vector<std::string_view> views(values.begin(), values.end());
    std::vector<std::array<char, kTokenV1Size>> texts(size);
    std::vector<char*> out;
    for (auto& text : texts) out.push_back(text.data());
    std::vector<ErrorCode> codes(size, ErrorCode::internal);
    const auto failed = tokenizer_.tokenize_batch(type, views, out, codes);
    ASSERT_TRUE(failed);
    EXPECT_EQ(*failed, static_cast<std::size_t>(std::count(valid.begin(), valid.end(), false)));
    for (std::size_t i = 0; i < size; ++i) {
      EXPECT_EQ(codes[i], valid[i] ? ErrorCode::ok : ErrorCode::invalid_utf8) << size << ' ' << i;
      if (!valid[i]) continue;
      EXPECT_EQ(std::string_view(texts[i].data(), kTokenV1Size), tokenized(tokenizer_, type, values[i]));
    }
  }
}

TEST_F(TokenizerTest, BatchRefusesSpansOfDifferentSizes) {
  const std::array<std::string_view, 2> values{"a", "b"};
  std::array<char, kTokenV1Size> text;
  const std::array<char*, 2> out{text.data(), text.data()};
  std::array<ErrorCode, 1> codes;
  const auto failed = tokenizer_.tokenize_batch(field("name"), values, out, codes);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code(), ErrorCode::usage);
}

TEST_F(TokenizerTest, AllTokensBeginWithThePrimaryAndKeepTheDocumentsOrder) {
  const auto all = tokenizer_.tokenize_all(field("email"), "ada@example.com");
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 3u);
  EXPECT_EQ((*all)[0], tokenizer_.tokenize(field("email"), "ada@example.com").value());
  const std::string document(kit::kTokenDocument);
  const auto token_of = [&](const std::string& kid) {
    std::string promoted = document;
    promoted.replace(promoted.find("\"tk2\""), 5, "\"" + kid + "\"");
    const auto provider = std::make_shared<kit::StaticProvider>(kit::keyset(promoted));
    return Tokenizer(provider, environment()).tokenize(field("email"), "ada@example.com").value();
  };
  EXPECT_EQ((*all)[1], token_of("tk1"));
  EXPECT_EQ((*all)[2], token_of("tk3"));
}

TEST_F(TokenizerTest, MatchesTokensOfEveryLiveKeyAndNoOther) {
  const auto all = tokenizer_.tokenize_all(field("email"), "ada@example.com");
  ASSERT_TRUE(all);
  for (const Token& token : *all)
    EXPECT_TRUE(tokenizer_.matches(field("email"), " ADA@example.com", token).value());
  const Token other = tokenizer_.tokenize(field("email"), "eve@example.com").value();
  EXPECT_FALSE(tokenizer_.matches(field("email"), "ada@example.com", other).value());
  EXPECT_FALSE(tokenizer_.matches(field("name"), "ada@example.com", (*all)[0]).value());
  EXPECT_EQ(tokenizer_.matches(field("email"), "\xff", other).error().code(), ErrorCode::invalid_utf8);
}

TEST_F(TokenizerTest, FollowsTheKeysetInForce) {
  const std::string before = tokenized(tokenizer_, field("name"), "ada");
  std::string promoted(kit::kTokenDocument);
  promoted.replace(promoted.find("\"tk2\""), 5, "\"tk3\"");
  provider_->replace(KeysetUsage::token, kit::keyset(promoted));
  EXPECT_NE(tokenized(tokenizer_, field("name"), "ada"), before);
  EXPECT_EQ(provider_->loads, 0);
}

TEST_F(TokenizerTest, ServesMoreContextsThanItsTableHolds) {
  std::vector<std::string> tokens;
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 5000; ++i) {
      std::string token = tokenized(tokenizer_, field("field" + std::to_string(i)), "ada");
      if (round == 0) {
        tokens.push_back(std::move(token));
      } else {
        ASSERT_EQ(tokens[static_cast<std::size_t>(i)], token) << i;
      }
    }
  }
}

TEST(TokenizerWithoutKeyset, SaysWhatTheProviderSays) {
  const auto provider = std::make_shared<kit::StaticProvider>();
  const Tokenizer tokenizer(provider, environment());
  std::array<char, kTokenV1Size> text;
  std::array<char*, 1> out{text.data()};
  std::array<ErrorCode, 1> codes;
  const std::array<std::string_view, 1> values{"ada"};
  EXPECT_EQ(tokenizer.tokenize(field("name"), "ada").error().code(), ErrorCode::provider_unavailable);
  EXPECT_EQ(tokenizer.tokenize_into(field("name"), "ada", text.data()), ErrorCode::provider_unavailable);
  EXPECT_EQ(tokenizer.tokenize_batch(field("name"), values, out, codes).error().code(),
            ErrorCode::provider_unavailable);
  EXPECT_EQ(tokenizer.tokenize_all(field("name"), "ada").error().code(), ErrorCode::provider_unavailable);
  EXPECT_EQ(provider->loads, 4);
}

TEST(TokenizerWithoutKeyset, DoesNotBelieveAProviderThatLoadedNothing) {
  const auto provider = std::make_shared<kit::StaticProvider>();
  provider->load_succeeds = true;
  const auto token = Tokenizer(provider, environment()).tokenize(field("name"), "ada");
  ASSERT_FALSE(token);
  EXPECT_EQ(token.error().code(), ErrorCode::provider_unavailable);
}

TEST(TokenizerWithoutKeyset, NeverTokenizesWithAnEncryptionKey) {
  const auto provider = std::make_shared<kit::StaticProvider>();
  provider->replace(KeysetUsage::token, kit::keyset(kit::kRevealDocument));
  const auto token = Tokenizer(provider, environment()).tokenize(field("name"), "ada");
  ASSERT_FALSE(token);
  EXPECT_EQ(token.error().code(), ErrorCode::provider_unavailable);
}

}  // namespace
}  // namespace pii
