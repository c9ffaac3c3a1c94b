#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "pii/keyset_document.hpp"
#include "unit/keyset/documents.hpp"

namespace pii {
namespace {

using kit::document_of;
using kit::document_text;
using kit::entry;
using kit::kKeyA;
using kit::kKeyB;

// "kid: message" of every finding.
std::vector<std::string> lint(std::string_view text) {
  const auto findings = lint_keyset_document(document_of(text));
  EXPECT_TRUE(findings) << findings.error().message();
  std::vector<std::string> lines;
  if (!findings) return lines;
  for (const LintFinding& finding : *findings) {
    EXPECT_FALSE(finding.hint.empty());
    lines.push_back(finding.kid + ": " + finding.message);
  }
  return lines;
}

using Lines = std::vector<std::string>;

std::string with_date(std::string_view date_member) {
  return document_text("\"k1\":{\"alg\":\"HMAC-SHA-256\"," + std::string(date_member) + "\"key_b64\":\"" +
                       std::string(kKeyA) + "\"}");
}

TEST(LintKeyset, FindsNothingInAGoodKeyset) {
  EXPECT_EQ(lint(document_text(entry("k1", kKeyA) + "," + entry("k2", kKeyB))), Lines());
  EXPECT_EQ(lint(document_text(entry("k1", kKeyA, "AES-256-GCM"))), Lines());
  EXPECT_EQ(lint(with_date("\"created_at\":\"2025-01-01T00:00:00.000001+00:00\",")), Lines())
      << "as Python's isoformat writes it";
}

TEST(LintKeyset, NamesKeysThatAreNot32Bytes) {
  EXPECT_EQ(lint(document_text(entry("k1", "AAECAwQFBgcICQoLDA0ODw"))),
            Lines({"k1: the key has 16 bytes, not 32"}));
  EXPECT_EQ(lint(document_text(entry("k1", kKeyA) + "," +
                               entry("k2", std::string(kKeyA).substr(0, 40) + "HR4fICEi"))),
            Lines({"k2: the key has 36 bytes, not 32"}));
}

TEST(LintKeyset, NamesKeysThatAreNoSecret) {
  EXPECT_EQ(lint(document_text(entry("k1", std::string(43, 'A')))),
            Lines({"k1: all bytes of the key are alike: anyone can guess it"}));
  EXPECT_EQ(lint(document_text(entry("k1", std::string(42, '_') + "8"))),
            Lines({"k1: all bytes of the key are alike: anyone can guess it"}));
}

TEST(LintKeyset, NamesEqualKeys) {
  EXPECT_EQ(lint(document_text(entry("k1", kKeyA) + "," + entry("k2", kKeyB) + "," + entry("k3", kKeyA) +
                               "," + entry("k4", kKeyA))),
            Lines({"k3: the same key as k1", "k4: the same key as k1"}));
}

TEST(LintKeyset, IsNotFooledByEqualCheckValues) {
  const std::string text = document_text(entry("k1", "wTUcs0v84W5fTNvI3AGLupqXaXGjenX4NMnUgNqCmhc") + "," +
                                         entry("k2", "zetl1p-EuMfqQSYgyzD4CCJgI5Me0idF7sdjr4mTfxM"));
  const auto parsed = kit::parse(text);
  ASSERT_TRUE(parsed);
  EXPECT_EQ((*parsed)->keys()[0].check_value, (*parsed)->keys()[1].check_value);
  EXPECT_EQ(lint(text), Lines());
}

TEST(LintKeyset, NamesOtherSpellingsOfBase64) {
  const std::string spelling = "k1: key_b64 is not written as unpadded base64url";
  const std::string a(kKeyA);
  EXPECT_EQ(lint(document_text(entry("k1", a + "="))), Lines({spelling}));
  EXPECT_EQ(lint(document_text(entry("k1", "+" + a.substr(1)))), Lines({spelling}));
  EXPECT_EQ(lint(document_text(entry("k1", "/" + a.substr(1)))), Lines({spelling}));
  EXPECT_EQ(lint(document_text(entry("k1", "\\u0041" + a.substr(1)))), Lines({spelling}));
  EXPECT_EQ(lint(document_text(entry("k1", "-_" + a.substr(2)))), Lines());
}

TEST(LintKeyset, NamesHexThatIsReadAsBase64) {
  const std::string hex = "k1: key_b64 looks like hex, and is read as base64";
  EXPECT_EQ(
      lint(document_text(entry("k1", "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"))),
      Lines({"k1: the key has 48 bytes, not 32", hex}));
  EXPECT_EQ(lint(document_text(entry("k1", "000102030405060708090A0B0C0D0E0F"))),
            Lines({"k1: the key has 24 bytes, not 32", hex}));
}

TEST(LintKeyset, NamesDatesThatAreMissingOrNone) {
  EXPECT_EQ(lint(with_date("")), Lines({"k1: created_at is missing"}));
  for (const char* date :
       {"null", "1735689600", "\"\"", "\"2025-01-01\"", "\"yesterday\"", "{}", "\"2025-02-30T00:00:00Z\""}) {
    EXPECT_EQ(lint(with_date("\"created_at\":" + std::string(date) + ",")),
              Lines({"k1: created_at is not an RFC 3339 date"}))
        << date;
  }
}

TEST(LintKeyset, NamesAFormatPreservingKeyBesideOthers) {
  const std::string dates = R"("created_at":"2025-01-01T00:00:00Z",)";
  const auto document = [&](const std::string& v1, const std::string& v2, const char* policy) {
    return R"({"schema_version":2,"primary_kid":)" + std::string(v1.empty() ? "null" : "\"k1\"") + R"(,"keys":{)" + v1 +
           R"(},"v2":{"keys":{)" + v2 + R"(}},"keyset":{"id":"ks","policy":{)" + policy + "}}}";
  };
  const std::string format = R"("ff1":{"alg":"PII-FF1-2","status":"active","params":{"alphabet":"0123456789"},)" + dates +
                             R"("key_b64":")" + std::string(kKeyB) + "\"}";
  const std::string token = R"("k1":{"alg":"HMAC-SHA-256","status":"active",)" + dates + R"("key_b64":")" + std::string(kKeyA) + "\"}";
  const std::string index = R"("k1":{"alg":"PII-IDX-2","status":"active","params":{"bits":20},)" + dates + R"("key_b64":")" +
                            std::string(kKeyA) + "\"}";
  const std::string no_digest = ": the document carries no digest, so damage is not found";
  const std::string found = "ff1: values can be read back with it, by whoever makes tokens with this keyset";
  const char* only_v2 = R"("write_version":2,"accept_versions":[2])";
  EXPECT_EQ(lint(document(token, format, "")), Lines({no_digest, found}));
  EXPECT_EQ(lint(document("", index + "," + format, only_v2)), Lines({no_digest, found}));
  EXPECT_EQ(lint(document("", format, only_v2)), Lines({no_digest}));
}

}  // namespace
}  // namespace pii
