// A document that is read, changed and written again.
#include <set>

#include "unit/keylife/drafts.hpp"

namespace pii {
namespace {

constexpr Seconds kNow = 1'800'000'000;
constexpr std::string_view kKeyA = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

TEST(KeysetDraft, IsWrittenAsItIsRead) {
  KeysetDraft draft = kit::one_key(KeysetUsage::token, kNow);
  KeysetRecord& record = draft.record();
  record.identity.name = "people \"of\" Kuwait \xD8\xA7";
  record.identity.env = "prod";
  record.policy.rotate_every = 90 * kDay + 61;
  ASSERT_TRUE(
      key_life::stage(record, "tok1", KeyAlgorithm::pii_tok_2, {.token_length = 24, .alphabet = {}}, kNow));
  ASSERT_TRUE(
      key_life::stage(record, "idx1", KeyAlgorithm::pii_idx_2, {.index_bits = 20, .alphabet = {}}, kNow));
  ASSERT_TRUE(key_life::stage(record, "ff1", KeyAlgorithm::pii_ff1_2, {.alphabet = "0123aZ"}, kNow));
  auto document = draft.write(kNow);
  ASSERT_TRUE(document) << document.error().message();
  const std::string text = kit::text_of(*document);
  EXPECT_NE(text.find("\"digest\": \""), std::string::npos);

  auto read = KeysetDraft::read(kit::document_of(text));
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read->record().identity.name, record.identity.name);
  EXPECT_EQ(read->record().identity.revision, 1U);
  EXPECT_EQ(read->record().policy, record.policy);
  ASSERT_EQ(read->record().keys.size(), 4U);
  for (const KeyRecord& key : record.keys) {
    const KeyRecord* other = read->record().find(key.kid);
    ASSERT_NE(other, nullptr);
    EXPECT_EQ(other->params, key.params);
    EXPECT_EQ(other->status, key.status);
    EXPECT_EQ(other->check_value, key.check_value);
    EXPECT_EQ(other->staged_at, key.staged_at);
  }
  const auto again = read->write(kNow + 1);
  ASSERT_TRUE(again);
  EXPECT_EQ(read->record().identity.revision, 2U);
  EXPECT_NE(kit::text_of(*again), text);
}

TEST(KeysetDraft, FindsDamageByItsDigest) {
  KeysetDraft draft = kit::one_key(KeysetUsage::reveal, kNow);
  std::string text = kit::text_of(*draft.write(kNow));
  const std::size_t at = text.find("\"revision\": 1");
  text.replace(at, 13, "\"revision\": 3");
  const auto read = KeysetDraft::read(kit::document_of(text));
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message().find("is not the digest of this document"), std::string::npos);
}

TEST(KeysetDraft, KeepsMembersOfOthers) {
  const std::string text =
      R"({"schema_version":2,"primary_kid":"tk1","x_root":{"a":[1,2]},"keys":{"tk1":{"alg":"HMAC-SHA-256","x_key":"v\u0041",)"
      R"("key_b64":")" +
      std::string(kKeyA) +
      R"("}},"v2":{"keys":{},"x_v2":0},"keyset":{"x_keyset":null,"policy":{"x_policy":true}}})";
  auto draft = KeysetDraft::read(kit::document_of(text));
  ASSERT_TRUE(draft) << draft.error().message();
  ASSERT_TRUE(key_life::stage(draft->record(), "tk2", KeyAlgorithm::hmac_sha_256, {}, kNow));
  const std::string written = kit::text_of(*draft->write(kNow));
  for (const char* kept : {R"("x_root":{"a":[1,2]})", R"("x_key":"v\u0041")", R"("x_v2":0)",
                           R"("x_keyset":null)", R"("x_policy":true)"}) {
    EXPECT_NE(written.find(kept), std::string::npos) << kept;
  }
}

TEST(KeysetDraft, UpgradesSchema1) {
  const std::string text =
      R"({"schema_version":1,"primary_kid":"tk2","note":{"by":"us"},"keys":{"tk1":{"alg":"HMAC-SHA-256","created_at":"long ago",)"
      R"("key_b64":")" +
      std::string(kKeyA) +
      R"("},"tk2":{"alg":"HMAC-SHA-256","created_at":"2025-01-01T02:00:00+02:00","x_a":1,"key_b64":")" +
      std::string(kKeyA) + R"("}}})";
  auto draft = KeysetDraft::read(kit::document_of(text));
  ASSERT_TRUE(draft) << draft.error().message();
  EXPECT_FALSE(draft->write(kNow)) << "schema 1 has no place for states";
  const Result<void> stage_first =
      key_life::stage(draft->record(), "tk3", KeyAlgorithm::hmac_sha_256, {}, kNow);
  ASSERT_FALSE(stage_first);
  EXPECT_EQ(stage_first.error().code(), ErrorCode::guard_refused);
  ASSERT_TRUE(draft->upgrade(kNow));
  const auto document = draft->write(kNow);
  ASSERT_TRUE(document) << document.error().message();
  const std::string written = kit::text_of(*document);
  EXPECT_NE(written.find(R"("x_note": {"by":"us"})"), std::string::npos);
  EXPECT_NE(written.find(R"("x_created_at": "long ago")"), std::string::npos);
  EXPECT_NE(written.find(R"("created_at": "2025-01-01T00:00:00Z")"), std::string::npos);
  EXPECT_NE(written.find(R"("x_a":1)"), std::string::npos);
  EXPECT_EQ(draft->record().find("tk1")->retired_at, kNow);
  const auto v1 = kit::read_as_version_1(*document);
  ASSERT_TRUE(v1) << v1.error().message();
  EXPECT_EQ((*v1)->primary_kid(), "tk2");
  EXPECT_FALSE(draft->upgrade(kNow));
}

TEST(KeysetDraft, ExportsWhatVersion1Has) {
  KeysetDraft draft = kit::one_key(KeysetUsage::token, kNow);
  ASSERT_TRUE(key_life::stage(draft.record(), "tok1", KeyAlgorithm::pii_tok_2, {}, kNow));
  ASSERT_TRUE(draft.write(kNow));
  const auto exported = draft.write_schema_1();
  ASSERT_TRUE(exported) << exported.error().message();
  const auto parsed = parse_keyset(*exported, KeysetUsage::token);
  ASSERT_TRUE(parsed);
  EXPECT_EQ((*parsed)->schema_version(), 1);
  EXPECT_EQ((*parsed)->keys().size(), 1U);
}

TEST(KeysetDraft, TakesKeysOfOthers) {
  KeysetDraft draft = kit::one_key(KeysetUsage::reveal, kNow);
  EXPECT_FALSE(draft.set_key("rk9", SecretBytes::random(32))) << "no such key";
  ASSERT_TRUE(draft.set_key("rk1", kit::document_of("0123456789abcdef0123456789abcdef")));
  EXPECT_FALSE(draft.set_key("rk1", SecretBytes::random(32))) << "it has one";
  const std::string written = kit::text_of(*draft.write(kNow));
  EXPECT_NE(written.find("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"), std::string::npos);
  ASSERT_TRUE(key_life::stage(draft.record(), "rk2", KeyAlgorithm::aes_256_gcm, {}, kNow));
  EXPECT_FALSE(draft.set_key("rk2", SecretBytes::random(31)));
}

TEST(KeysetDraft, LeavesNothingOfADestroyedKey) {
  KeysetDraft draft = kit::one_key(KeysetUsage::reveal, kNow);
  KeysetRecord& record = draft.record();
  ASSERT_TRUE(key_life::stage(record, "rk2", KeyAlgorithm::aes_256_gcm, {}, kNow));
  ASSERT_TRUE(draft.set_key("rk2", kit::document_of("0123456789abcdef0123456789abcdef")));
  auto document = draft.write(kNow);
  auto read = KeysetDraft::read(*std::move(document));
  ASSERT_TRUE(read);
  KeysetRecord& again = read->record();
  ASSERT_TRUE(key_life::retire(again, "rk2", kNow));
  ASSERT_TRUE(key_life::disable(again, "rk2", kNow, {.force = true}));
  ASSERT_TRUE(key_life::schedule_destroy(again, "rk2", kNow, {.force = true}));
  ASSERT_TRUE(key_life::destroy(again, "rk2", kNow + 30 * kDay));
  const std::string written = kit::text_of(*read->write(kNow));
  EXPECT_EQ(written.find("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"), std::string::npos);
  EXPECT_NE(written.find("\"tombstones\""), std::string::npos);
  auto last = KeysetDraft::read(kit::document_of(written));
  ASSERT_TRUE(last) << last.error().message();
  EXPECT_FALSE(key_life::stage(last->record(), "rk2", KeyAlgorithm::aes_256_gcm, {}, kNow))
      << "its id is used for ever";
}

// Two ids for one key: nobody knows then which of them is in use.
TEST(KeysetDraft, TakesNoKeyTwice) {
  const std::string text =
      R"({"schema_version":2,"primary_kid":"tk1","keys":{"tk1":{"alg":"HMAC-SHA-256","status":"active","key_b64":"\u0041AECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}},)"
      R"("disabled":{"tk0":{"alg":"HMAC-SHA-256","status":"disabled","key_b64":"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="}},)"
      R"("tombstones":{"tkx":{"alg":"HMAC-SHA-256","status":"destroyed","kcv":"9f3155"}},"keyset":{"id":"ks"}})";
  auto draft = KeysetDraft::read(kit::document_of(text));
  ASSERT_TRUE(draft) << draft.error().message();
  ASSERT_TRUE(key_life::stage(draft->record(), "tk2", KeyAlgorithm::hmac_sha_256, {}, kNow));
  const auto refused = [&](const SecretBytes& key) {
    const auto set = draft->set_key("tk2", SecretBytes::copy_of(key.expose()));
    return set ? "" : set.error().message();
  };
  SecretBytes first(32);
  for (std::size_t i = 0; i < first.size(); ++i) first.expose_mutable()[i] = static_cast<std::byte>(i);
  EXPECT_EQ(refused(first), "it is the same key as tk1, which is active");
  EXPECT_EQ(refused(kit::document_of("0123456789abcdef0123456789abcdef")), "it is the same key as tk0, which is disabled");
  EXPECT_EQ(refused(kit::document_of("fedcba9876543210fedcba9876543210")),
            "its check value is that of key tkx, which was destroyed");
  first.expose_mutable()[31] ^= std::byte{1};
  EXPECT_EQ(refused(first), "");
  // One that the draft has made, or was given, is a key of it as well.
  ASSERT_TRUE(key_life::stage(draft->record(), "tk3", KeyAlgorithm::hmac_sha_256, {}, kNow));
  EXPECT_FALSE(draft->set_key("tk3", SecretBytes::copy_of(first.expose())));
  EXPECT_TRUE(draft->write(kNow)) << "and a refused one gets bytes of its own";
}

TEST(KeysetDraft, MayHoldFormatPreservingKeysAlone) {
  KeysetDraft draft = KeysetDraft::make(KeysetUsage::token);
  KeysetRecord& record = draft.record();
  record.policy.write_version = 2;
  record.policy.accept_v1 = false;
  ASSERT_TRUE(key_life::stage(record, "ff1", KeyAlgorithm::pii_ff1_2, {.alphabet = "0123456789"}, kNow));
  EXPECT_FALSE(draft.write(kNow)) << "nothing would be written";
  ASSERT_TRUE(key_life::promote(record, "ff1", kNow, {.force = true}));
  auto document = draft.write(kNow);
  ASSERT_TRUE(document) << document.error().message();
  const auto keyset = parse_keyset(*document, KeysetUsage::token);
  ASSERT_TRUE(keyset) << keyset.error().message();
  EXPECT_EQ((*keyset)->primary_kid(), "");
  EXPECT_FALSE(key_life::retire(record, "ff1", kNow)) << "it is the last that writes";
  // A key for tokens may come, by way of being staged; from when it is the primary on it must stay one.
  ASSERT_TRUE(key_life::stage(record, "tok1", KeyAlgorithm::pii_tok_2, {}, kNow));
  EXPECT_TRUE(draft.write(kNow));
  ASSERT_TRUE(key_life::promote(record, "tok1", kNow, {.force = true}));
  EXPECT_TRUE(draft.write(kNow));
  EXPECT_FALSE(key_life::retire(record, "tok1", kNow));
  record.find("tok1")->status = KeyStatus::retiring;
  EXPECT_FALSE(draft.write(kNow));
}

}  // namespace
}  // namespace pii
