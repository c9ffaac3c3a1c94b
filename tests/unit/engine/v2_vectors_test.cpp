// Our published vectors of version 2, which an independent implementation made (tests/vectors/v2).
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/ciphertext_v2.hpp"
#include "kit/static_provider.hpp"
#include "pii/format_preserver.hpp"
#include "pii/blind_index.hpp"
#include "pii/keyset_seal.hpp"
#include "pii/keyset_signature.hpp"
#include "pii/pii.hpp"
#include "pii/subject.hpp"

namespace pii {
namespace {

using nlohmann::json;

std::array<std::byte, kNonceV2Size> nonce_of(const json& row, const char* member = "nonce") {
  const auto hex = row.at(member).get<std::string>();
  std::array<std::byte, kNonceV2Size> nonce{};
  for (std::size_t i = 0; i < nonce.size(); ++i) {
    nonce[i] = static_cast<std::byte>(std::stoul(hex.substr(2 * i, 2), nullptr, 16));
  }
  return nonce;
}

SecretBytes bytes_of(const std::string& text) { return SecretBytes::copy_of(std::as_bytes(std::span(text))); }

class V2Vectors : public testing::Test {
 protected:
  V2Vectors() {
    std::ifstream in(PII_TEST_VECTORS "/v2/vectors.json");
    document_ = json::parse(in);
    provider_ = std::make_shared<kit::StaticProvider>(kit::keyset(document_.at("token_keyset").dump()),
                                                      kit::keyset(document_.at("reveal_keyset").dump()));
  }
  static FieldType field(const json& row) { return FieldType::make(row.at("field").get<std::string>()).value(); }

  json document_;
  std::shared_ptr<kit::StaticProvider> provider_;
  Environment environment_ = Environment::make("test").value();
};

TEST_F(V2Vectors, Tokens) {
  const Tokenizer tokenizer(provider_, environment_);
  std::size_t compared = 0;
  for (const json& row : document_.at("tokens")) {
    const auto tenant = row.at("tenant").get<std::string>();
    const auto value = row.at("value").get<std::string>();
    Binding binding;
    binding.tenant = tenant;
    binding.normalizer = parse_normalizer(row.at("normalizer").get<std::string>());
    ASSERT_TRUE(binding.normalizer);
    const json& expected = row.at("expected");
    std::set<std::string> made;
    const auto all = tokenizer.tokenize_all(field(row), value, binding).value();
    for (const Token& token : all) {
      if (token.version() == 1) continue;
      made.insert(std::string(token.view()));
      EXPECT_EQ(token.view(), expected.at(std::string(token.kid())));
    }
    EXPECT_EQ(made.size(), 3U);
    EXPECT_EQ(tokenizer.tokenize(field(row), value, binding).value().view(), expected.at("tok1"));
    const std::string_view view = value;
    Token token;
    ErrorCode code{};
    ASSERT_EQ(tokenizer.tokenize_batch(field(row), {&view, 1}, {&token, 1}, {&code, 1}, binding).value(), 0U);
    EXPECT_EQ(token.view(), expected.at("tok1"));
    EXPECT_EQ(tokenizer.token_size().value(), token.view().size());
    const auto indexes = tokenizer.index_all(field(row), value, binding).value();
    ASSERT_EQ(indexes.size(), 2U);
    EXPECT_EQ(indexes[0].view(), expected.at("idx1"));
    EXPECT_EQ(indexes[1].view(), expected.at("idx2"));
    EXPECT_EQ(tokenizer.index(field(row), value, binding).value(), indexes[0]);
    ++compared;
  }
  EXPECT_EQ(compared, 39U);
}

TEST_F(V2Vectors, FormatTokens) {
  const FormatPreserver preserver(provider_, environment_);
  std::size_t compared = 0;
  for (const json& row : document_.at("format_tokens")) {
    const auto tenant = row.at("tenant").get<std::string>();
    const auto value = row.at("value").get<std::string>();
    const Binding binding{tenant, {}, {}, {}};
    const json& expected = row.at("expected");
    const auto all = preserver.tokenize_all(field(row), value, binding);
    EXPECT_EQ(all.has_value(), expected.contains("ff10")) << value;
    if (all) {
      EXPECT_EQ(all->size(), expected.size());
      EXPECT_EQ(preserver.tokenize(field(row), value, binding).value(), all->front());
      for (const std::string& token : *all) {
        EXPECT_EQ(token, expected.at(std::string(parse_format_token(token).value().kid)));
      }
    }
    for (const auto& [kid, token] : expected.items()) {
      EXPECT_EQ(preserver.reveal(field(row), token.get<std::string>(), binding).value().expose(), value) << kid;
      ++compared;
    }
  }
  EXPECT_EQ(compared, 42U);
}

TEST_F(V2Vectors, Ciphertexts) {
  const Protector protector(provider_, environment_);
  const KeyTable& keys = provider_->cell(KeysetUsage::reveal).read()->impl();
  std::size_t compared = 0;
  for (const json& row : document_.at("ciphertexts")) {
    const auto tenant = row.at("tenant").get<std::string>();
    const auto record = row.at("record").get<std::string>();
    const auto extra = row.at("extra").get<std::string>();
    const auto plaintext = row.at("plaintext").get<std::string>();
    const auto expected = row.at("expected").get<std::string>();
    const Binding binding{tenant, record, extra, {}};
    EXPECT_EQ(protector.reveal(field(row), expected, Base64Mode::strict, binding).value().expose(), plaintext);
    EXPECT_EQ(protector.reveal(field(row), expected, Base64Mode::lenient, binding).value().expose(), plaintext);

    const std::size_t index = keys.find(row.at("kid").get<std::string>(), 2);
    const KeyInfo& key = keys.keys[index];
    const bool slim = key.type == KeyAlgorithm::xaes_256_gcm;
    const FieldType type = field(row);
    const engine::SubKeyHandle handle(keys, index, slim ? SubKeyUse::encrypt_slim : SubKeyUse::encrypt,
                                      engine::ciphertext_place_of(environment_, type, binding));
    ASSERT_TRUE(handle.ready());
    const engine::CipherV2 cipher{key.kid, handle.state(), slim, key.params.padding};
    std::string text(cipher.text_size(plaintext.size()), '\0');
    ASSERT_TRUE(engine::seal_v2(kCiphertextV2Prefix, cipher, nonce_of(row), engine::AssociatedDataV2(binding).bytes(),
                                plaintext, text.data()));
    EXPECT_EQ(text, expected);
    ++compared;
  }
  EXPECT_EQ(compared, 100U);
}

TEST_F(V2Vectors, Sealed) {
  const json& row = document_.at("sealed");
  const std::string hex = row.at("key").get<std::string>();
  std::string key;
  for (std::size_t i = 0; i < hex.size(); i += 2) key += static_cast<char>(std::stoul(hex.substr(i, 2), nullptr, 16));
  const auto opened = unseal_keyset_document_with_key(bytes_of(row.at("text").get<std::string>()), bytes_of(key));
  ASSERT_TRUE(opened) << opened.error().message();
  EXPECT_TRUE(*opened == bytes_of(row.at("expected").get<std::string>()));
  const auto by_passphrase = unseal_keyset_document(bytes_of(row.at("text_by_passphrase").get<std::string>()),
                                                    bytes_of(row.at("passphrase").get<std::string>()));
  ASSERT_TRUE(by_passphrase) << by_passphrase.error().message();
  EXPECT_TRUE(*by_passphrase == *opened);
  const SecretBytes passphrase = bytes_of(row.at("passphrase").get<std::string>());
  for (const auto& [list, code] : {std::pair("not_opened", ErrorCode::reveal_failed), std::pair("refused", ErrorCode::invalid_keyset)}) {
    for (const json& negative : row.at(list)) {
      const auto refused = unseal_keyset_document(bytes_of(negative.at("text").get<std::string>()), passphrase);
      ASSERT_FALSE(refused) << negative.at("why");
      EXPECT_EQ(refused.error().code(), code) << negative.at("why") << ": " << refused.error().message();
    }
  }
}

TEST_F(V2Vectors, Signed) {
  const json& row = document_.at("signed");
  const auto verify_key = row.at("verify_key").get<std::string>();
  const SecretBytes text = bytes_of(row.at("text").get<std::string>());
  ASSERT_TRUE(parse_keyset(text)) << parse_keyset(text).error().message();
  EXPECT_TRUE(verify_keyset_document(text, verify_key));
  for (const json& negative : row.at("not_verified")) {
    const SecretBytes other = bytes_of(negative.at("text").get<std::string>());
    EXPECT_TRUE(parse_keyset(other)) << negative.at("why");
    EXPECT_FALSE(verify_keyset_document(other, verify_key)) << negative.at("why");
  }
  for (const json& negative : row.at("refused")) {
    const auto parsed = parse_keyset(bytes_of(negative.at("text").get<std::string>()));
    ASSERT_FALSE(parsed) << negative.at("why");
    EXPECT_EQ(parsed.error().code(), ErrorCode::invalid_keyset) << negative.at("why");
  }
}

TEST_F(V2Vectors, WhatIsNoSubjectsOfTheirs) {
  const SubjectKeys keys(provider_, environment_);
  const json& row = document_.at("subjects_refused");
  const auto id = SubjectId::parse(row.at("id").get<std::string>()).value();
  const auto key = keys.unwrap(id, row.at("wrapped").get<std::string>());
  ASSERT_TRUE(key);
  for (const json& negative : row.at("not_unwrapped")) {
    EXPECT_FALSE(keys.unwrap(id, negative.at("text").get<std::string>())) << negative.at("why");
  }
  const FieldType email = FieldType::make("email").value();
  for (const json& negative : row.at("not_revealed")) {
    const auto revealed = key->reveal(email, negative.at("text").get<std::string>());
    ASSERT_FALSE(revealed) << negative.at("why");
    EXPECT_EQ(revealed.error().code(), ErrorCode::reveal_failed) << negative.at("why");
  }
}

TEST_F(V2Vectors, WhatIsNoneOfItsKind) {
  std::size_t refused = 0;
  for (const json& row : document_.at("malformed")) {
    const auto kind = row.at("kind").get<std::string>();
    const auto reads = [&kind](const std::string& text) {
      if (kind == "token") return Token::parse(text).has_value();
      if (kind == "index") return BlindIndex::parse(text).has_value();
      if (kind == "format_token") return parse_format_token(text).has_value();
      if (kind == "ciphertext") return parse_ciphertext(text).has_value();
      return parse_wrapped_key(text).has_value();
    };
    EXPECT_TRUE(reads(row.at("good").get<std::string>())) << kind;
    for (const json& text : row.at("malformed")) {
      EXPECT_FALSE(reads(text.get<std::string>())) << kind << ": " << text;
      ++refused;
    }
  }
  EXPECT_EQ(refused, 108U);
}

TEST_F(V2Vectors, Subjects) {
  const SubjectKeys keys(provider_, environment_);
  for (const json& row : document_.at("subjects")) {
    const auto tenant = row.at("tenant").get<std::string>();
    const auto record = row.at("record").get<std::string>();
    const auto id = SubjectId::parse(row.at("id").get<std::string>()).value();
    const auto key = keys.unwrap(id, row.at("wrapped").get<std::string>(), tenant);
    ASSERT_TRUE(key);
    const Binding binding{tenant, record, {}, {}};
    EXPECT_EQ(key->reveal(field(row), row.at("expected").get<std::string>(), binding).value().expose(),
              row.at("plaintext").get<std::string>());
    EXPECT_EQ(keys.unwrap(id, row.at("wrapped").get<std::string>(), "other").error().code(), ErrorCode::reveal_failed);
    EXPECT_EQ(keys.unwrap(SubjectId::random(), row.at("wrapped").get<std::string>(), tenant).error().code(),
              ErrorCode::reveal_failed);
  }
}

TEST_F(V2Vectors, WhatNobodyMayReveal) {
  const Protector protector(provider_, environment_);
  const FieldType email = FieldType::make("email").value();
  std::size_t refused = 0;
  for (const json& row : document_.at("not_revealed")) {
    const auto revealed = protector.reveal(email, row.at("text").get<std::string>());
    ASSERT_FALSE(revealed) << row.at("why");
    EXPECT_EQ(revealed.error().code(), ErrorCode::reveal_failed) << row.at("why");
    EXPECT_EQ(revealed.error().message(), "the ciphertext cannot be revealed") << row.at("why");
    ++refused;
  }
  EXPECT_EQ(refused, 22U);
}

}  // namespace
}  // namespace pii
