// Sealed keysets: what opens them, and that nothing else does.
#include "pii/keyset_seal.hpp"

#include <string>

#include "unit/keyset/documents.hpp"

namespace pii {
namespace {

using kit::document_of;
using kit::text_of;

constexpr SealCost kCheap{kMinSealPasses, kMinSealMemory};

// What it costs is spent once for all tests.
const std::string& sealed_text() {
  static const std::string text = [] {
    const auto sealed = seal_keyset_document(
        document_of(R"({"schema_version":2,"primary_kid":"k1","keys":{)" + kit::entry("k1", kit::kKeyA) +
                    R"(},"keyset":{"id":"a \" b","revision":9}})"),
        document_of("correct horse"), kCheap);
    EXPECT_TRUE(sealed) << sealed.error().message();
    return std::string(text_of(*sealed));
  }();
  return text;
}

Result<SecretBytes> open(const std::string& text, std::string_view passphrase = "correct horse") {
  return unseal_keyset_document(document_of(text), document_of(passphrase));
}

std::string with(std::string_view from, std::string_view to) {
  std::string text = sealed_text();
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(SealedKeyset, OpensWithItsPassphraseAlone) {
  const auto opened = open(sealed_text());
  ASSERT_TRUE(opened) << opened.error().message();
  EXPECT_TRUE(text_of(*opened).starts_with(R"({"schema_version":2)"));
  EXPECT_EQ(sealed_text().find(std::string(kit::kKeyA).substr(0, 8)), std::string::npos);
  EXPECT_TRUE(is_sealed_document(document_of(sealed_text())));
  EXPECT_FALSE(is_sealed_document(*opened));
  for (const std::string_view other : {"correct horsf", "correct horse ", "Correct horse"}) {
    const auto refused = open(sealed_text(), other);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), ErrorCode::reveal_failed);
  }
}

TEST(SealedKeyset, DoesNotOpenWhenAnythingWasTouched) {
  std::string body_changed = sealed_text();
  char& byte = body_changed[body_changed.find("\"body\": \"") + 60];
  byte = byte == 'A' ? 'B' : 'A';
  for (const std::string& touched :
       {with("\"opslimit\": 2", "\"opslimit\": 3"), with("\"revision\": 9", "\"revision\": 8"),
        with("    \"revision\": 9,\n", ""), with("a \\\" b", "a"), body_changed}) {
    const auto refused = open(touched);
    ASSERT_FALSE(refused) << touched;
    EXPECT_EQ(refused.error().code(), ErrorCode::reveal_failed) << refused.error().message();
  }
}

TEST(SealedKeyset, IsTheSameInAnotherOrderOfMembers) {
  const std::string revision = "    \"revision\": 9,\n";
  std::string moved = with(revision, "");
  moved.insert(moved.find("    \"kdf\""), revision);
  EXPECT_TRUE(open(moved));
}

TEST(SealedKeyset, RefusesWhatIsNoneWithoutSpendingMemory) {
  std::string truncated = sealed_text();
  truncated.resize(truncated.size() / 2);
  struct Row {
    std::string text;
    ErrorCode code;
  };
  const Row rows[] = {
      {truncated, ErrorCode::malformed_json},
      {with("\"opslimit\": 2", "\"opslimit\": 1"), ErrorCode::invalid_keyset},
      {with("\"opslimit\": 2", "\"opslimit\": 21"), ErrorCode::invalid_keyset},
      {with("\"opslimit\": 2", "\"opslimit\": 2.0"), ErrorCode::invalid_keyset},
      {with("    \"opslimit\": 2,\n", ""), ErrorCode::invalid_keyset},
      {with("\"memlimit\": 67108864", "\"memlimit\": 67108863"), ErrorCode::invalid_keyset},
      {with("\"memlimit\": 67108864", "\"memlimit\": 1073741825"), ErrorCode::invalid_keyset},
      {with("argon2id", "scrypt"), ErrorCode::invalid_keyset},
      {with("PII-AEAD-2", "XAES-256-GCM"), ErrorCode::invalid_keyset},
      {with("\"alg\"", "\"x_a\": 1, \"alg\""), ErrorCode::invalid_keyset},
      {with("\"sealed\"", "\"x_a\": 1, \"sealed\""), ErrorCode::invalid_keyset},
      {with("\"salt\": \"", "\"salt\": \"AAAA"), ErrorCode::invalid_keyset},
      {with("\"body\": \"", "\"body\": \"*"), ErrorCode::invalid_keyset},
      {R"({"sealed":{}})", ErrorCode::invalid_keyset},
      {R"({"sealed":1})", ErrorCode::invalid_keyset},
      {"[]", ErrorCode::invalid_keyset},
  };
  for (const Row& row : rows) {
    const auto refused = open(row.text);
    ASSERT_FALSE(refused) << row.text;
    EXPECT_EQ(refused.error().code(), row.code) << refused.error().message() << "\n" << row.text;
  }
}

TEST(SealedKeyset, OpensWithAWrappedKeyAlone) {
  const SecretBytes document = document_of(kit::document_text(kit::entry("k1", kit::kKeyA)));
  const WrappedKey key{SecretBytes::random(kSealKeySize), "vault-transit:transit/pii", "vault:v1:abc+/="};
  const auto sealed = seal_keyset_document(document, key);
  ASSERT_TRUE(sealed) << sealed.error().message();
  const std::string text(text_of(*sealed));
  const auto header = read_seal_header(*sealed);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->kek, key.kek);
  EXPECT_EQ(header->wrapped_key, key.wrapped_key);
  const auto opened = unseal_keyset_document_with_key(*sealed, key.key);
  ASSERT_TRUE(opened) << opened.error().message();
  EXPECT_EQ(text_of(*opened), text_of(document));

  const auto code = [&key](std::string_view touched) {
    const auto refused = unseal_keyset_document_with_key(document_of(touched), key.key);
    return refused ? ErrorCode::ok : refused.error().code();
  };
  const auto with = [&text](std::string_view from, std::string_view to) {
    return std::string(text).replace(text.find(from), from.size(), to);
  };
  EXPECT_EQ(unseal_keyset_document_with_key(*sealed, SecretBytes::random(kSealKeySize)).error().code(),
            ErrorCode::reveal_failed);
  EXPECT_EQ(code(with("transit/pii", "transit/pia")), ErrorCode::reveal_failed);
  EXPECT_EQ(code(with("vault:v1", "vault:v2")), ErrorCode::reveal_failed);
  EXPECT_EQ(code(with("vault-transit:", "aws-kms:")), ErrorCode::invalid_keyset);
  EXPECT_EQ(code(with("    \"wrapped_key\"", "    \"opslimit\": 3,\n    \"wrapped_key\"")), ErrorCode::invalid_keyset);
  EXPECT_EQ(code(with("vault:v1:abc", "vault:v1:a\\u0062c")), ErrorCode::invalid_keyset);
  // Neither kind opens as the other.
  EXPECT_EQ(unseal_keyset_document(*sealed, document_of("correct horse")).error().code(), ErrorCode::invalid_keyset);
  EXPECT_EQ(code(sealed_text()), ErrorCode::invalid_keyset);
}

TEST(SealedKeyset, TellsItsCost) {
  const auto header = read_seal_header(document_of(sealed_text()));
  ASSERT_TRUE(header);
  EXPECT_EQ(header->kek, "");
  EXPECT_EQ(header->cost.passes, kCheap.passes);
  EXPECT_EQ(header->cost.memory, kCheap.memory);
}

TEST(SealedKeyset, IsNotMadeOfBadThings) {
  const SecretBytes document = document_of(kit::document_text(kit::entry("k1", kit::kKeyA)));
  EXPECT_EQ(seal_keyset_document(document, document_of("1234567"), kCheap).error().code(), ErrorCode::usage);
  EXPECT_EQ(seal_keyset_document(document, document_of("12345678"), {1, kMinSealMemory}).error().code(),
            ErrorCode::usage);
  EXPECT_EQ(seal_keyset_document(document_of("{}"), document_of("12345678"), kCheap).error().code(),
            ErrorCode::invalid_keyset);
}

}  // namespace
}  // namespace pii
