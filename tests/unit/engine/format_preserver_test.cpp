// Format-preserving tokens: what they separate, and what they refuse.
#include "pii/format_preserver.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "crypto/aes_block.hpp"
#include "engine/sub_key.hpp"
#include "kit/v2_keysets.hpp"
#include "kit/vector_registers.hpp"
#include "pii/base64url.hpp"

namespace pii {
namespace {

std::shared_ptr<const Keyset> keyset_of(std::string_view rows) {
  return kit::keyset(kit::v2_document(kit::kV1Token, rows, "tk1", "", ""));
}

class FormatTokens : public testing::Test {
 protected:
  FormatTokens() {
    provider_->replace(KeysetUsage::token,
                       keyset_of(kit::v2_key("ff1", "PII-FF1-2", "active", 'a', R"({"alphabet":"0123456789"})") + "," +
                                 kit::v2_key("ff2", "PII-FF1-2", "staged", 'b', R"({"alphabet":"0123456789ABC"})")));
  }
  FormatPreserver preserver(std::string_view env = "test") const {
    return FormatPreserver(provider_, Environment::make(env).value());
  }
  static FieldType field(std::string_view name = "account") { return FieldType::make(name).value(); }
  std::string token(std::string_view value) const { return preserver().tokenize(field(), value).value(); }

  std::shared_ptr<kit::StaticProvider> provider_ = std::make_shared<kit::StaticProvider>(kit::v2_token_keyset());
};

TEST_F(FormatTokens, KeepTheForm) {
  const std::string made = token("4111111111111111");
  EXPECT_TRUE(made.starts_with("pfpt:v2:ff1:"));
  const auto parts = parse_format_token(made).value();
  EXPECT_EQ(parts.characters.size(), 16U);
  EXPECT_EQ(parts.characters.find_first_not_of("0123456789"), std::string_view::npos);
  EXPECT_EQ(token("4111111111111111"), made);
  EXPECT_NE(token("4111111111111112"), made);
  EXPECT_EQ(token("  4111111111111111\u200b"), made) << "values are normalized";
  EXPECT_EQ(preserver().reveal(field(), made).value().expose(), "4111111111111111");
}

// The key schedule of the active key for the field.
crypto::AesBlockKey round_keys_of(const Environment& environment, const FieldType& field) {
  std::array<std::byte, 33> key;  // as kit::v2_key() makes it
  EXPECT_EQ(base64url_decode(std::string(42, 'a') + "A", key).value(), 32U);
  DerivedKeys::Scratch scratch;
  EXPECT_TRUE(DerivedKeys::derive_into({0, "ff1", std::span(key).first(32)}, SubKeyUse::format,
                                       engine::place_of(environment, field, {}), scratch.bytes));
  crypto::AesBlockKey schedule;
  std::memcpy(&schedule, scratch.bytes, sizeof schedule);
  return schedule;
}

TEST_F(FormatTokens, LeaveNoRoundKeyInVectorRegisters) {
  if (crypto::aes_block_in_force() != crypto::AesBlockImplementation::aesni) GTEST_SKIP() << "OpenSSL keeps the round keys";
  const auto schedule = round_keys_of(Environment::make("test").value(), field());
  const auto preserve = preserver();
  const auto type = field();
  kit::VectorRegisters registers;
  const auto expect_none = [&](const char* when) {
    for (std::size_t at = 0; at < registers.bytes.size(); at += crypto::kAesBlockSize) {
      for (std::size_t round = 0; round < crypto::kAesRoundKeysSize; round += crypto::kAesBlockSize) {
        EXPECT_NE(std::memcmp(&registers.bytes[at], schedule.round_keys + round, crypto::kAesBlockSize), 0) << when;
      }
    }
  };
  const auto made = preserve.tokenize(type, "4111111111111111");
  kit::save(registers);
  expect_none("tokenized");
  const auto revealed = preserve.reveal(type, *made);
  kit::save(registers);
  expect_none("revealed");
  // It can fail: this is what the cipher alone leaves.
  std::array<std::byte, 2 * crypto::kAesBlockSize> blocks{};
  crypto::aes_encrypt_two(schedule, blocks, blocks.data());
  kit::save(registers);
  const std::byte* const last = schedule.round_keys + crypto::kAesRoundKeysSize - crypto::kAesBlockSize;
  EXPECT_NE(std::search(registers.bytes.begin(), registers.bytes.end(), last, last + crypto::kAesBlockSize), registers.bytes.end());
}

TEST_F(FormatTokens, AreOfOneContext) {
  const std::string made = token("123456789");
  Binding acme;
  acme.tenant = "acme";
  EXPECT_NE(preserver("other").tokenize(field(), "123456789").value(), made);
  EXPECT_NE(preserver().tokenize(field("phone-id"), "123456789").value(), made);
  EXPECT_NE(preserver().tokenize(field(), "123456789", acme).value(), made);
  // Nothing tells: it opens to another value.
  EXPECT_NE(preserver().reveal(field(), made, acme).value().expose(), "123456789");
  Binding nobody;
  nobody.tenant = "No Name";
  EXPECT_EQ(preserver().tokenize(field(), "123456789", nobody).error().code(), ErrorCode::invalid_name);
}

TEST_F(FormatTokens, RefuseWhatIsNotOfTheAlphabetAndWhatCouldBeGuessed) {
  for (const std::string& value : {std::string("12345"), std::string(), std::string("12345a"), std::string("123-456-789"),
                                   std::string(65, '1'), std::string("12345\xC3\xA9")}) {
    const auto refused = preserver().tokenize(field(), value);
    ASSERT_FALSE(refused) << value;
    EXPECT_EQ(refused.error().code(), ErrorCode::malformed_value);
    EXPECT_EQ(refused.error().message(), "the value is not made of 6 to 64 characters of the alphabet of key ff1");
  }
  EXPECT_TRUE(preserver().tokenize(field(), std::string(64, '1')));
  EXPECT_EQ(preserver().tokenize(field(), "123456\xFF").error().code(), ErrorCode::invalid_utf8);
}

TEST_F(FormatTokens, AreLookedUpUnderEveryLiveKey) {
  const auto all = preserver().tokenize_all(field(), "123456").value();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_TRUE(all[0].starts_with("pfpt:v2:ff1:") && all[1].starts_with("pfpt:v2:ff2:"));
  for (const std::string& each : all) EXPECT_EQ(preserver().reveal(field(), each).value().expose(), "123456");
}

TEST_F(FormatTokens, AreReadStrictly) {
  const auto code = [&](std::string_view text) {
    const auto value = preserver().reveal(field(), text);
    return value ? ErrorCode::ok : value.error().code();
  };
  EXPECT_EQ(code("pfpt:v2:ff1:123456"), ErrorCode::ok);
  EXPECT_EQ(code("pfpt:v2:ff9:123456"), ErrorCode::reveal_failed);
  EXPECT_EQ(code("pfpt:v2:tk1:123456"), ErrorCode::reveal_failed) << "a key of another algorithm";
  EXPECT_EQ(code("pfpt:v2:ff1:12345A"), ErrorCode::reveal_failed);
  EXPECT_EQ(code("pfpt:v2:ff1:12345"), ErrorCode::reveal_failed);
  EXPECT_EQ(code("pfpt:v3:ff1:123456"), ErrorCode::unsupported_version);
  EXPECT_EQ(code("ptok:v2:ff1:123456"), ErrorCode::malformed_token);
  EXPECT_EQ(code("pfpt:v2:ff1"), ErrorCode::malformed_token);
  EXPECT_EQ(code("pfpt:v2:ff1:"), ErrorCode::malformed_token);
  EXPECT_EQ(code("pfpt:v2:f.1:123456"), ErrorCode::malformed_token);
  EXPECT_EQ(code("pfpt:v2:ff1:123456 "), ErrorCode::malformed_token);
  EXPECT_EQ(code("pfpt:v2:ff1:" + std::string(65, '1')), ErrorCode::malformed_token);
}

TEST_F(FormatTokens, NeedAKeyOfTheirOwn) {
  provider_->replace(KeysetUsage::token, kit::v2_token_keyset());
  EXPECT_EQ(preserver().tokenize(field(), "123456").error().code(), ErrorCode::not_configured);
}

TEST_F(FormatTokens, AreOfVersion2WhichTheKeysetMustAccept) {
  const std::string made = token("123456");
  const std::string row = kit::v2_key("ff1", "PII-FF1-2", "active", 'a', R"({"alphabet":"0123456789"})");
  provider_->replace(KeysetUsage::token,
                     kit::keyset(kit::v2_document(kit::kV1Token, row, "tk1", "", R"("accept_versions":[1])")));
  EXPECT_EQ(preserver().tokenize(field(), "123456").error().code(), ErrorCode::guard_refused);
  EXPECT_EQ(preserver().tokenize_all(field(), "123456").error().code(), ErrorCode::guard_refused);
  EXPECT_EQ(preserver().reveal(field(), made).error().code(), ErrorCode::unsupported_version);
}

TEST_F(FormatTokens, AreCounted) {
  (void)token("123456");
  (void)preserver().reveal(field(), "pfpt:v2:ff1:12345A");
  const auto use = provider_->cell(KeysetUsage::token).read()->key_use();
  EXPECT_EQ(use[1].kid, "ff1");
  EXPECT_EQ(use[1].tokens, 1U);
  EXPECT_EQ(use[1].failures, 1U);
}

}  // namespace
}  // namespace pii
