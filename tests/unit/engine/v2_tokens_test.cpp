// Version 2 tokens and blind indexes: which keys write and read them, and what separates them.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "kit/v2_keysets.hpp"
#include "pii/tokenizer.hpp"

namespace pii {
namespace {

class V2Tokens : public testing::Test {
 protected:
  Tokenizer tokenizer(std::string_view env = "test") const {
    return Tokenizer(provider_, Environment::make(env).value());
  }
  static FieldType field(std::string_view name = "name") { return FieldType::make(name).value(); }
  void use(std::string_view policy) { provider_->replace(KeysetUsage::token, kit::v2_token_keyset(policy)); }

  std::shared_ptr<kit::StaticProvider> provider_ = std::make_shared<kit::StaticProvider>(kit::v2_token_keyset());
};

TEST_F(V2Tokens, ThePolicySaysWhichVersionIsWritten) {
  EXPECT_EQ(tokenizer().tokenize(field(), "ada").value().kid(), "tok2");
  use(R"("write_version":1)");
  EXPECT_EQ(tokenizer().tokenize(field(), "ada").value().version(), 1);
  use("");
  EXPECT_EQ(tokenizer().tokenize(field(), "ada").value().version(), 1);
}

TEST_F(V2Tokens, EveryLiveKeyOfBothVersionsIsLookedUp) {
  const auto kids = [&] {
    std::string all;
    const auto tokens = tokenizer().tokenize_all(field(), "ada").value();
    for (const Token& token : tokens) {
      all += (token.version() == 1 ? "v1" : std::string(token.kid())) + " ";
    }
    return all;
  };
  EXPECT_EQ(kids(), "tok2 v1 tok3 ");
  use(R"("write_version":1)");
  EXPECT_EQ(kids(), "v1 tok2 tok3 ");
  use(R"("write_version":1,"accept_versions":[1])");
  EXPECT_EQ(kids(), "v1 ");
  use(R"("write_version":2,"accept_versions":[2])");
  EXPECT_EQ(kids(), "tok2 tok3 ");
  const auto tokens = tokenizer().tokenize_all(field(), "ada").value();
  for (const Token& token : tokens) {
    EXPECT_TRUE(tokenizer().matches(field(), "ada", token).value());
    EXPECT_FALSE(tokenizer().matches(field(), "bob", token).value());
  }
}

TEST_F(V2Tokens, NeedNoKeyOfVersion1) {
  const auto alone = [](std::string_view policy) {
    return kit::keyset(kit::v2_document("", kit::v2_key("tok2", "PII-TOK-2", "active", 'a'), "", "tok2", policy));
  };
  const auto token = tokenizer().tokenize(field(), "ada").value();
  provider_->replace(KeysetUsage::token, alone(R"("write_version":2,"accept_versions":[2])"));
  EXPECT_EQ(tokenizer().tokenize(field(), "ada").value(), token);
  EXPECT_EQ(tokenizer().tokenize_all(field(), "ada").value().size(), 1U);
}

TEST_F(V2Tokens, EveryPartOfTheContextSeparates) {
  std::set<std::string> seen;
  std::size_t made = 0;
  for (const std::string_view env : {"test", "prod", "test-environment-2", "test-environment-3"}) {
    for (const std::string_view tenant : {"", "a", "test", "a-tenant-with-a-long-name-1", "a-tenant-with-a-long-name-2"}) {
      for (const std::string_view type : {"name", "email", "a", "a-field-with-a-long-name-1", "a-field-with-a-long-name-2"}) {
        for (const Normalization rule : {Normalization::text_1, Normalization::email_1}) {
          for (int twice = 0; twice < 2; ++twice) {  // once derived, once found
            const auto tokens = tokenizer(env).tokenize_all(field(type), "ada", {tenant, {}, {}, rule}).value();
            for (const Token& token : tokens) {
              if (token.version() == 2) seen.insert(std::string(token.view()));
            }
          }
          made += 2;
        }
      }
    }
  }
  EXPECT_EQ(seen.size(), made);
}

TEST_F(V2Tokens, AFullTableOfSubKeysMakesTheSameTokens) {
  std::vector<Token> first;
  const auto tenant = [](int i) { return "tenant-" + std::to_string(i); };
  for (int i = 0; i < 400; ++i) first.push_back(tokenizer().tokenize(field(), "ada", {tenant(i), {}, {}, {}}).value());
  for (int i = 0; i < 400; ++i) {
    EXPECT_EQ(tokenizer().tokenize(field(), "ada", {tenant(i), {}, {}, {}}).value(), first[static_cast<std::size_t>(i)]);
  }
  EXPECT_EQ(std::set<Token>(first.begin(), first.end()).size(), 400U);
}

TEST_F(V2Tokens, NamesAreThoseOfVersion2) {
  const auto code = [](const Result<Token>& token) { return token ? ErrorCode::ok : token.error().code(); };
  EXPECT_EQ(code(tokenizer("Prod").tokenize(field(), "x")), ErrorCode::invalid_name);
  EXPECT_EQ(code(tokenizer().tokenize(field("First Name"), "x")), ErrorCode::invalid_name);
  EXPECT_EQ(code(tokenizer().tokenize(field(), "x", {"a|b", {}, {}, {}})), ErrorCode::invalid_name);
  // A name that version 2 does not take has no version 2 tokens to look for; a tenant is the caller's mistake.
  use(R"("write_version":1)");
  EXPECT_EQ(tokenizer().tokenize_all(field("First Name"), "x").value().size(), 1U);
  EXPECT_EQ(tokenizer().tokenize_all(field(), "x", {"a|b", {}, {}, {}}).error().code(), ErrorCode::invalid_name);
}

TEST_F(V2Tokens, Version1RefusesABinding) {
  use(R"("write_version":1)");
  EXPECT_EQ(tokenizer().tokenize(field(), "x", {"acme", {}, {}, {}}).error().code(), ErrorCode::usage);
  EXPECT_EQ(tokenizer().tokenize(field(), "x", {{}, {}, {}, Normalization::text_1}).error().code(), ErrorCode::usage);
}

TEST_F(V2Tokens, CallsOfVersion1SayThatTheyAre) {
  char text[kTokenV1Size];
  EXPECT_EQ(tokenizer().tokenize_into(field(), "ada", text), ErrorCode::unsupported_version);
  const std::string_view value = "ada";
  char* out = text;
  ErrorCode code{};
  EXPECT_EQ(tokenizer().tokenize_batch(field(), {&value, 1}, std::span<char* const>(&out, 1), {&code, 1}).error().code(),
            ErrorCode::unsupported_version);
}

TEST_F(V2Tokens, ABatchIsAsOneByOne) {
  for (const std::string_view policy : {kit::kWriteV2, std::string_view(R"("write_version":1)")}) {
    use(policy);
    std::vector<std::string> values;
    for (int i = 0; i < 200; ++i) values.push_back(i % 7 == 2 ? "bad\xFF" : std::string(static_cast<std::size_t>(i), 'v'));
    for (const std::size_t count : {std::size_t{3}, values.size()}) {
      const std::vector<std::string_view> views(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(count));
      std::vector<Token> tokens(count);
      std::vector<ErrorCode> codes(count);
      EXPECT_EQ(tokenizer().tokenize_batch(field(), views, tokens, codes).value(), (count + 4) / 7);
      for (std::size_t i = 0; i < count; ++i) {
        const auto single = tokenizer().tokenize(field(), values[i]);
        EXPECT_EQ(codes[i], single ? ErrorCode::ok : single.error().code());
        if (single) {
          EXPECT_EQ(tokens[i], *single);
        }
      }
    }
  }
}

TEST_F(V2Tokens, PhonesNeedTheirNormalizer) {
  const auto token = tokenizer().tokenize(field("phone"), "+965 9988 7766");
  if (!is_built_in(Normalization::phone_e164_1)) {
    EXPECT_EQ(token.error().code(), ErrorCode::invalid_setting);
    // A look-up without it would silently miss rows.
    use(R"("write_version":1)");
    EXPECT_EQ(tokenizer().tokenize_all(field("phone"), "+96599887766").error().code(), ErrorCode::invalid_setting);
    return;
  }
  EXPECT_EQ(*token, tokenizer().tokenize(field("phone"), "0096599887766").value());
  EXPECT_EQ(tokenizer().tokenize(field("phone"), "n/a").error().code(), ErrorCode::malformed_value);
}

TEST_F(V2Tokens, BlindIndexesShowAtMostWhatTheKeyAllows) {
  const auto index = tokenizer().index(field(), " ada ");
  ASSERT_TRUE(index);
  EXPECT_EQ(index->kid(), "idx1");
  EXPECT_EQ(index->view().size(), std::string_view("pidx:v2:idx1:").size() + 6);
  EXPECT_EQ(tokenizer().index(field(), "ada").value(), *index);
  const auto shorter = tokenizer().index(field(), "ada", {}, 8).value();
  EXPECT_TRUE(index->view().starts_with(shorter.view()));
  EXPECT_EQ(tokenizer().index(field(), "ada", {}, 21).error().code(), ErrorCode::usage);
  EXPECT_EQ(tokenizer().index(field(), "ada", {}, 3).error().code(), ErrorCode::usage);
  EXPECT_EQ(tokenizer().index_all(field(), "ada").value().size(), 1U);
  provider_->replace(KeysetUsage::token, kit::keyset(kit::kTokenDocument));
  EXPECT_EQ(tokenizer().index(field(), "ada").error().code(), ErrorCode::not_configured);
}

TEST_F(V2Tokens, AreCountedByKeyAcrossReloads) {
  const auto tokens = [&](std::string_view kid) {
    for (const KeyUse& use : provider_->cell(KeysetUsage::token).read()->key_use()) {
      if (use.kid == kid) return use.tokens;
    }
    return std::uint64_t{0};
  };
  for (int i = 0; i < 3; ++i) (void)tokenizer().tokenize(field(), "ada");
  (void)tokenizer().tokenize_all(field(), "ada");
  (void)tokenizer().index(field(), "ada");
  EXPECT_EQ(tokens("tok2"), 4U);
  EXPECT_EQ(tokens("tok3"), 1U);
  EXPECT_EQ(tokens("tk1"), 1U);
  EXPECT_EQ(tokens("idx1"), 1U);
  use(R"("write_version":1)");
  EXPECT_EQ(tokens("tok2"), 4U);
  (void)tokenizer().tokenize(field(), "ada");
  EXPECT_EQ(tokens("tk1"), 2U);
}

TEST_F(V2Tokens, BlindIndexesAreOfVersion2WhichTheKeysetMustAccept) {
  ASSERT_TRUE(tokenizer().index(field(), "ada"));
  provider_->replace(KeysetUsage::token, kit::v2_token_keyset(R"("accept_versions":[1])"));
  EXPECT_EQ(tokenizer().index(field(), "ada").error().code(), ErrorCode::guard_refused);
  EXPECT_EQ(tokenizer().index_all(field(), "ada").error().code(), ErrorCode::guard_refused);
  EXPECT_TRUE(tokenizer().tokenize(field(), "ada")) << "of version 1";
}

}  // namespace
}  // namespace pii
