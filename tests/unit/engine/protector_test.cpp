#include "pii/protector.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "kit/static_provider.hpp"
#include "pii/ciphertext.hpp"
#include "pii/pii.hpp"

namespace pii {
namespace {

Environment environment(std::string_view name = "test") { return Environment::make(name).value(); }
FieldType field(std::string_view name = "name") { return FieldType::make(name).value(); }

class ProtectorTest : public testing::Test {
 protected:
  std::string protect(std::string_view plaintext) const {
    return protector_.protect(field(), plaintext).value();
  }

  std::shared_ptr<kit::StaticProvider> provider_ =
      std::make_shared<kit::StaticProvider>(nullptr, kit::keyset(kit::kRevealDocument));
  Protector protector_{provider_, environment()};
};

TEST_F(ProtectorTest, RevealsWhatItProtectedWhateverTheLength) {
  for (std::size_t size = 0; size < 200; ++size) {
    const std::string plaintext(size, static_cast<char>('a' + size % 26));
    const std::string sealed = protect(plaintext);
    EXPECT_EQ(sealed.size(), ciphertext_v1_size(size, 3));
    EXPECT_EQ(protector_.reveal(field(), sealed).value().expose(), plaintext);
    EXPECT_EQ(protector_.reveal(field(), sealed, Base64Mode::lenient).value().expose(), plaintext);
  }
  const std::string large(1 << 20, 'x');
  EXPECT_EQ(protector_.reveal(field(), protect(large)).value().expose(), large);
}

TEST_F(ProtectorTest, KeepsTheValueVerbatim) {
  const std::string plaintext("  Jos\xc3\xa9\0\r\n ", 12);
  EXPECT_EQ(protector_.reveal(field(), protect(plaintext)).value().expose(), plaintext);
}

TEST_F(ProtectorTest, NeverRepeatsANonce) {
  std::set<std::string> seen;
  for (int i = 0; i < 2000; ++i) EXPECT_TRUE(seen.insert(protect("ada").substr(12, 16)).second);
}

TEST_F(ProtectorTest, WritesIntoExactlyTheRoomItNeeds) {
  const std::string plaintext = "ada@example.com";
  const std::size_t size = ciphertext_v1_size(plaintext.size(), 3);
  EXPECT_GE(Protector::protected_capacity(plaintext.size()), size);
  std::string buffer(size, '\0');
  const auto written = protector_.protect_into(field(), plaintext, buffer);
  ASSERT_TRUE(written);
  EXPECT_EQ(written->data(), buffer.data());
  EXPECT_EQ(written->size(), size);
  EXPECT_EQ(protector_.protect_into(field(), plaintext, std::span(buffer).first(size - 1)).error().code(),
            ErrorCode::buffer_too_small);

  std::string room(base64url_decoded_capacity(buffer.size()), '\0');
  const auto revealed = protector_.reveal_into(field(), buffer, room);
  ASSERT_TRUE(revealed);
  EXPECT_EQ(*revealed, plaintext);
  EXPECT_GE(revealed->data(), room.data());
  EXPECT_LE(revealed->data() + revealed->size(), room.data() + room.size());
  EXPECT_EQ(protector_.reveal_into(field(), buffer, std::span(room).first(20)).error().code(),
            ErrorCode::buffer_too_small);
}

TEST_F(ProtectorTest, UsesKeyIdsOfEveryLegalLength) {
  const std::string kid(64, 'k');
  std::string document(kit::kRevealDocument);
  for (std::size_t at; (at = document.find("\"rk1\"")) != std::string::npos;)
    document.replace(at, 5, "\"" + kid + "\"");
  provider_->replace(KeysetUsage::reveal, kit::keyset(document));
  std::string buffer(Protector::protected_capacity(3), '\0');
  const auto written = protector_.protect_into(field(), "ada", buffer);
  ASSERT_TRUE(written);
  EXPECT_EQ(written->size(), ciphertext_v1_size(3, kid.size()));
  EXPECT_EQ(protector_.reveal(field(), *written).value().expose(), "ada");
}

TEST_F(ProtectorTest, RefusesWhatIsNotUtf8) {
  const auto sealed = protector_.protect(field(), "canary\xff");
  ASSERT_FALSE(sealed);
  EXPECT_EQ(sealed.error().code(), ErrorCode::invalid_utf8);
  EXPECT_EQ(sealed.error().message().find("canary"), std::string::npos);
}

TEST_F(ProtectorTest, OpensCiphertextsOfOldKeys) {
  const std::string sealed = protect("ada");
  std::string promoted(kit::kRevealDocument);
  promoted.replace(promoted.find("\"rk1\""), 5, "\"rk2\"");
  provider_->replace(KeysetUsage::reveal, kit::keyset(promoted));
  EXPECT_TRUE(protect("ada").starts_with("penc:v1:rk2:"));
  EXPECT_EQ(protector_.reveal(field(), sealed).value().expose(), "ada");
}

// Damage, another key, another context and an unknown key id must look the same, in strict and in lenient
// reading.
TEST_F(ProtectorTest, FailedRevealsLookAlike) {
  const std::string sealed = protect("a canary value");
  std::vector<Result<SecretString>> results;
  for (const Base64Mode mode : {Base64Mode::strict, Base64Mode::lenient}) {
    for (std::size_t i = 12; i < sealed.size() - 1; ++i) {  // the last character may have spare bits
      std::string damaged = sealed;
      damaged[i] = damaged[i] == 'A' ? 'B' : 'A';
      results.push_back(protector_.reveal(field(), damaged, mode));
    }
    std::string other_key = sealed;
    other_key.replace(8, 3, "rk2");
    results.push_back(protector_.reveal(field(), other_key, mode));
    std::string unknown_key = sealed;
    unknown_key.replace(8, 3, "rk9");
    results.push_back(protector_.reveal(field(), unknown_key, mode));
    results.push_back(protector_.reveal(field("email"), sealed, mode));
    results.push_back(Protector(provider_, environment("prod")).reveal(field(), sealed, mode));
  }
  for (const auto& result : results) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code(), ErrorCode::reveal_failed);
    EXPECT_EQ(result.error().message(), results.front().error().message());
    EXPECT_EQ(result.error().hint(), results.front().error().hint());
  }
}

TEST_F(ProtectorTest, FailuresLeaveNothingOfTheValueBehind) {
  const std::string sealed = protect("a canary value that is long enough to be seen");
  std::string buffer(base64url_decoded_capacity(sealed.size()), '\0');
  ASSERT_TRUE(protector_.reveal_into(field(), sealed, buffer));
  ASSERT_NE(buffer.find("canary"), std::string::npos);
  ASSERT_FALSE(protector_.reveal_into(field("email"), sealed, buffer));
  EXPECT_EQ(buffer.find("canary"), std::string::npos);
}

TEST_F(ProtectorTest, SaysWhatIsMalformedWithoutShowingIt) {
  for (const std::string_view text : {"", "canary", "penc:v1:rk1", "penc:v1:rk1:", "penc:v1:rk1:AAAA",
                                      "penc:v1:rk1:A", "ptok:v1:rk1:canary", "penc:v1::AAAA"}) {
    const auto revealed = protector_.reveal(field(), text);
    ASSERT_FALSE(revealed) << text;
    EXPECT_EQ(revealed.error().code(), ErrorCode::malformed_ciphertext) << text;
    EXPECT_EQ(revealed.error().message().find("canary"), std::string::npos);
  }
  EXPECT_EQ(protector_.reveal(field(), "penc:v3:rk1:AAAA").error().code(), ErrorCode::unsupported_version);
}

TEST_F(ProtectorTest, LenientReadingTakesOtherEncodingsOfTheSameBytes) {
  const std::string sealed =
      protect("ada");  // 31 bytes, 42 characters: one of its last group's has spare bits
  EXPECT_EQ(protector_.reveal(field(), sealed + "==").error().code(), ErrorCode::malformed_ciphertext);
  EXPECT_EQ(protector_.reveal(field(), sealed + "==", Base64Mode::lenient).value().expose(), "ada");
  std::string folded = sealed;
  folded.insert(20, "\r\n  ");
  EXPECT_EQ(protector_.reveal(field(), folded, Base64Mode::lenient).value().expose(), "ada");
}

TEST(ProtectorWithoutKeyset, SaysWhatTheProviderSays) {
  const auto provider = std::make_shared<kit::StaticProvider>(kit::keyset(kit::kTokenDocument));
  const FullPii pii(provider, environment());
  EXPECT_TRUE(pii.tokenize("email", "ada@example.com"));
  EXPECT_EQ(pii.protect("email", "x").error().code(), ErrorCode::provider_unavailable);
  EXPECT_EQ(pii.reveal("email", "x").error().code(), ErrorCode::provider_unavailable);
  EXPECT_EQ(pii.protect("a|b", "x").error().code(), ErrorCode::invalid_name);
  EXPECT_EQ(pii.reveal("a|b", "x").error().code(), ErrorCode::invalid_name);
  EXPECT_EQ(pii.tokenize("", "x").error().code(), ErrorCode::invalid_name);
}

}  // namespace
}  // namespace pii
