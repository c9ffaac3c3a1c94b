#include "pii/keyset_document.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "json/document.hpp"
#include "keyset/hex.hpp"
#include "keyset/key_table.hpp"
#include "unit/keyset/documents.hpp"

namespace pii {
namespace {

using kit::document_of;
using kit::document_text;
using kit::entry;
using kit::kKeyA;
using kit::kKeyB;
using kit::text_of;

const NewKey kNew{"new", "2026-02-03T04:05:06Z"};

// The text with every key_b64 of 43 characters that is not one of ours replaced by "KEY".
std::string without_fresh_key(std::string text) {
  constexpr std::string_view kName = "key_b64\"";
  for (std::size_t at = text.find(kName); at != std::string::npos; at = text.find(kName, at + 1)) {
    const std::size_t begin = text.find('"', at + kName.size()) + 1;
    const std::string_view value = std::string_view(text).substr(begin, text.find('"', begin) - begin);
    if (value == kKeyA || value == kKeyB) continue;
    EXPECT_EQ(value.size(), 43U);
    text.replace(begin, value.size(), "KEY");
  }
  return text;
}

// What `rotated` was before it was rotated, by its JSON nodes: without the first entry of `keys`, with
// `primary` as primary and `digest` as digest.
std::string undo_rotation(std::string text, std::string_view primary, std::string_view digest = "") {
  auto replace = [&](auto find, std::string_view replacement) {
    const auto document = json::Document::parse(text, {kMaxKeysetSize, kMaxKeysetDepth});
    ASSERT_TRUE(document);
    const auto [begin, end] = find(document->root());
    text.replace(begin, end - begin, replacement);
  };
  using Range = std::pair<std::size_t, std::size_t>;
  replace(
      [](const json::Node& root) {
        auto entry = root.find("keys")->members().begin();
        const std::size_t begin = (*entry).name.begin();
        return Range(begin, (*++entry).name.begin());
      },
      "");
  replace(
      [](const json::Node& root) {
        const json::Node node = *root.find("primary_kid");
        return Range(node.begin(), node.end());
      },
      primary);
  if (digest.empty()) return text;
  replace(
      [](const json::Node& root) {
        const json::Node node = *root.find("integrity")->find("digest");
        return Range(node.begin() + 1, node.end() - 1);
      },
      digest);
  return text;
}

TEST(MakeKeysetDocument, LaysOutForPeople) {
  const auto made = make_keyset_document(KeysetUsage::token, {"tk1", "2026-01-02T03:04:05Z"});
  ASSERT_TRUE(made);
  EXPECT_EQ(without_fresh_key(std::string(text_of(*made))), R"({
  "schema_version": 1,
  "primary_kid": "tk1",
  "keys": {
    "tk1": {
      "alg": "HMAC-SHA-256",
      "created_at": "2026-01-02T03:04:05Z",
      "key_b64": "KEY"
    }
  }
}
)");
}

TEST(MakeKeysetDocument, MakesKeysetsThatParse) {
  std::set<std::string> check_values;
  for (const KeysetUsage usage : {KeysetUsage::token, KeysetUsage::reveal}) {
    for (const bool with_digest : {false, true}) {
      const auto made = make_keyset_document(usage, kNew, with_digest);
      ASSERT_TRUE(made);
      EXPECT_EQ(text_of(*made).find("integrity") != std::string_view::npos, with_digest);
      const auto parsed = parse_keyset(*made, usage);
      ASSERT_TRUE(parsed) << parsed.error().message();
      EXPECT_EQ((*parsed)->primary_kid(), "new");
      EXPECT_EQ((*parsed)->keys()[0].key_size, 32U);
      check_values.insert((*parsed)->keys()[0].check_value);
      EXPECT_TRUE(lint_keyset_document(*made)->empty());
    }
  }
  EXPECT_EQ(check_values.size(), 4U) << "every key is a fresh one";
}

TEST(MakeKeysetDocument, RefusesBadNamesAndDates) {
  for (const char* kid : {"", "a:b", "a b", "\xC3\xA9"}) {
    const auto made = make_keyset_document(KeysetUsage::token, {kid, kNew.created_at});
    ASSERT_FALSE(made) << kid;
    EXPECT_EQ(made.error().code(), ErrorCode::invalid_name);
    EXPECT_EQ(rotate_keyset_document(document_of(document_text(entry("k1", kKeyA))), {kid, kNew.created_at})
                  .error()
                  .code(),
              ErrorCode::invalid_name);
  }
  for (const char* date : {"", "yesterday", "2026-02-30T00:00:00Z", "2026-01-01T00:00:00+01:00",
                           "2026-01-01T00:00:00Z\",\"x\":\""}) {
    const auto made = make_keyset_document(KeysetUsage::token, {"k", date});
    ASSERT_FALSE(made) << date;
    EXPECT_EQ(made.error().code(), ErrorCode::usage);
  }
}

TEST(RotateKeysetDocument, WritesAsTheDocumentIsWritten) {
  const struct {
    std::string before;
    std::string after;
  } kCases[] = {
      {document_text(entry("k1", kKeyA)),
       R"({"schema_version":1,"primary_kid":"new","keys":{"new":{"alg":"HMAC-SHA-256","created_at":"2026-02-03T04:05:06Z",)"
       R"("key_b64":"KEY"},)" +
           entry("k1", kKeyA) + "}}"},
      {R"({"schema_version": 1, "keys": {"k1": {"alg": "HMAC-SHA-256", "key_b64": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}}, "primary_kid": "k1"})",
       R"({"schema_version": 1, "keys": {"new": {"alg": "HMAC-SHA-256", "created_at": "2026-02-03T04:05:06Z", "key_b64": "KEY"}, "k1": {"alg": "HMAC-SHA-256", "key_b64": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}}, "primary_kid": "new"})"},
      {"{\n\t\"schema_version\" : 1,\r\n\t\"primary_kid\" : \"k1\",\n\t\"keys\" : {\n\t\t\"k1\" : { \"alg\" "
       ": \"HMAC-SHA-256\" , "
       "\"key_b64\" : \"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\" }\n\t}\n}\n\n",
       "{\n\t\"schema_version\" : 1,\r\n\t\"primary_kid\" : \"new\",\n\t\"keys\" : {\n\t\t\"new\" : { "
       "\"alg\" : \"HMAC-SHA-256\" , "
       "\"created_at\" : \"2026-02-03T04:05:06Z\" , \"key_b64\" : \"KEY\" },\n\t\t\"k1\" : { \"alg\" : "
       "\"HMAC-SHA-256\" , "
       "\"key_b64\" : \"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\" }\n\t}\n}\n\n"},
  };
  for (const auto& [before, after] : kCases) {
    const auto rotated = rotate_keyset_document(document_of(before), kNew);
    ASSERT_TRUE(rotated) << rotated.error().message();
    EXPECT_EQ(without_fresh_key(std::string(text_of(*rotated))), after);
  }
}

TEST(RotateKeysetDocument, KeepsThePrettyLayout) {
  const auto made = make_keyset_document(KeysetUsage::token, {"tk1", "2026-01-02T03:04:05Z"});
  ASSERT_TRUE(made);
  const auto rotated = rotate_keyset_document(*made, {"tk2", "2026-02-03T04:05:06Z"});
  ASSERT_TRUE(rotated);
  EXPECT_EQ(without_fresh_key(std::string(text_of(*rotated))), R"({
  "schema_version": 1,
  "primary_kid": "tk2",
  "keys": {
    "tk2": {
      "alg": "HMAC-SHA-256",
      "created_at": "2026-02-03T04:05:06Z",
      "key_b64": "KEY"
    },
    "tk1": {
      "alg": "HMAC-SHA-256",
      "created_at": "2026-01-02T03:04:05Z",
      "key_b64": "KEY"
    }
  }
}
)");
}

TEST(RotateKeysetDocument, LeavesEveryOtherByte) {
  const std::string key(kKeyA);
  const std::string documents[] = {
      document_text(entry("k1", kKeyA)),
      document_text(entry("k1", kKeyA) + " ,  " + entry("k2", kKeyB), "k1",
                    ",\"x_note\":[1.50,1e400,\"\\u00e9 \xC3\xA9 \\/\"]"),
      " { \"x\" : { \"keys\" : { \"k1\" : 1 } , \"primary_kid\" : \"k1\" } , \"keys\" : {\r\n "
      "\"k1\"\n:\n{\"key_b64\"\t:\t\"" +
          key +
          "\" , \"x\":[ 1 , 2 ],\"alg\":\"HMAC-SHA-256\"\n}\n , "
          "\"k2\":{\"alg\":\"HMAC-SHA-256\",\"key_b64\":\"" +
          key + "\"} } , \"prim\\u0061ry_kid\" : \"k1\" , \"schema_version\":1 }\n\n",
      "{\"schema_version\":1,\"keys\":{\n\n\n\"k1\":{\"alg\":\n\"HMAC-SHA-256\",\n\n\"key_b64\":\"" + key +
          "\"}},\"primary_kid\":\"k1\"}",
  };
  for (const std::string& before : documents) {
    const auto rotated = rotate_keyset_document(document_of(before), kNew);
    ASSERT_TRUE(rotated) << before << "\n" << rotated.error().message();
    EXPECT_EQ(undo_rotation(std::string(text_of(*rotated)), "\"k1\""), before);
    const auto parsed = parse_keyset(*rotated);
    ASSERT_TRUE(parsed) << parsed.error().message();
    EXPECT_EQ((*parsed)->primary_kid(), "new");
    EXPECT_EQ((*parsed)->keys()[0].kid, "new");
    EXPECT_EQ((*parsed)->keys()[1].kid, "k1");
    EXPECT_EQ(keyset::to_hex((*parsed)->impl().key(1)),
              "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
  }
}

TEST(RotateKeysetDocument, MakesTheDigestAnew) {
  const std::string digest = "5a31a20b61b2361af0103d563ee2d3fcb6700f5c9f9af1083296211ddc70cc55";
  for (const std::string& before :
       {document_text(entry("k1", kKeyA), "k1",
                      ",\"integrity\":{\"sig\":\"kept\",\"digest\":\"" + digest + "\"}"),
        "{\"integrity\":{\"digest\":\"" + digest + "\"}," + document_text(entry("k1", kKeyA)).substr(1)}) {
    const auto rotated = rotate_keyset_document(document_of(before), kNew);
    ASSERT_TRUE(rotated) << rotated.error().message();
    EXPECT_EQ(text_of(*rotated).find(digest), std::string_view::npos);
    EXPECT_TRUE(parse_keyset(*rotated)) << "which checks the digest";
    EXPECT_EQ(undo_rotation(std::string(text_of(*rotated)), "\"k1\"", digest), before);
  }
}

TEST(RotateKeysetDocument, KeepsTheUsage) {
  const auto rotated =
      rotate_keyset_document(document_of(document_text(entry("k1", kKeyA, "AES-256-GCM"))), kNew);
  ASSERT_TRUE(rotated);
  EXPECT_TRUE(parse_keyset(*rotated, KeysetUsage::reveal));
}

TEST(RotateKeysetDocument, CanBeRepeated) {
  auto document = make_keyset_document(KeysetUsage::token, {"k0", "2026-01-01T00:00:00Z"}, true);
  ASSERT_TRUE(document);
  std::vector<std::string> check_values;
  for (int i = 0; i < 20; ++i) {
    const auto parsed = parse_keyset(*document);
    ASSERT_TRUE(parsed);
    ASSERT_EQ((*parsed)->primary_kid(), "k" + std::to_string(i));
    check_values.insert(check_values.begin(), (*parsed)->keys()[0].check_value);
    for (std::size_t k = 0; k < check_values.size(); ++k)
      EXPECT_EQ((*parsed)->keys()[k].check_value, check_values[k]);
    document = rotate_keyset_document(*document, {"k" + std::to_string(i + 1), "2026-01-01T00:00:00Z"});
    ASSERT_TRUE(document);
  }
  EXPECT_EQ(std::set(check_values.begin(), check_values.end()).size(), check_values.size());
}

TEST(RotateKeysetDocument, RefusesAKeyIdThatIsTaken) {
  const auto rotated =
      rotate_keyset_document(document_of(document_text(entry("k1", kKeyA))), {"k1", kNew.created_at});
  ASSERT_FALSE(rotated);
  EXPECT_EQ(rotated.error().code(), ErrorCode::already_exists);
  EXPECT_EQ(rotated.error().message(), "key k1 is in this keyset already");
}

TEST(RotateKeysetDocument, RefusesWhatTheParserRefuses) {
  for (const std::string& text :
       {std::string("{"), document_text(entry("k1", "AAAA")), document_text(entry("k1", kKeyA), "k2")}) {
    const auto parsed = kit::parse(text);
    const auto rotated = rotate_keyset_document(document_of(text), kNew);
    const auto findings = lint_keyset_document(document_of(text));
    ASSERT_FALSE(parsed);
    ASSERT_FALSE(rotated);
    ASSERT_FALSE(findings);
    EXPECT_EQ(rotated.error().message(), parsed.error().message());
    EXPECT_EQ(rotated.error().code(), parsed.error().code());
    EXPECT_EQ(findings.error().message(), parsed.error().message());
  }
}

TEST(RotateKeysetDocument, RefusesToGrowBeyondTheLimits) {
  std::string entries;
  for (std::size_t i = 0; i < kMaxKeysetKeys; ++i)
    entries += (i == 0 ? "" : ",") + entry("k" + std::to_string(i), kKeyA);
  const auto too_many = rotate_keyset_document(document_of(document_text(entries)), kNew);
  ASSERT_FALSE(too_many);
  EXPECT_EQ(too_many.error().code(), ErrorCode::too_large);

  std::string large = document_text(entry("k1", kKeyA));
  large.resize(kMaxKeysetSize - 1, ' ');
  const auto too_large = rotate_keyset_document(document_of(large), kNew);
  ASSERT_FALSE(too_large);
  EXPECT_EQ(too_large.error().code(), ErrorCode::too_large);
}

}  // namespace
}  // namespace pii
