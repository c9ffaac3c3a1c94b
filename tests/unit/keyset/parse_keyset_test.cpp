#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "crypto/sha256.hpp"
#include "keyset/hex.hpp"
#include "keyset/key_table.hpp"
#include "unit/keyset/documents.hpp"

namespace pii {
namespace {

using kit::document_text;
using kit::entry;
using kit::kKeyA;
using kit::kKeyB;
using kit::parse;

constexpr std::string_view kHmac = "HMAC-SHA-256";
constexpr std::string_view kAes = "AES-256-GCM";

TEST(ParseKeyset, TellsWhatItHolds) {
  const std::string text = document_text(entry("k2", kKeyB) + "," + entry("k1", kKeyA));
  const auto parsed = parse(text, KeysetUsage::token);
  ASSERT_TRUE(parsed) << parsed.error().message();
  const Keyset& keyset = **parsed;
  EXPECT_EQ(keyset.usage(), KeysetUsage::token);
  EXPECT_EQ(keyset.primary_kid(), "k1");
  EXPECT_EQ(keyset.impl().primary_index, 1U);
  EXPECT_EQ(keyset.fingerprint(), keyset::to_hex(crypto::sha256(std::as_bytes(std::span(text)))));
  ASSERT_EQ(keyset.keys().size(), 2U);
  EXPECT_EQ(keyset.keys()[0].kid, "k2");
  EXPECT_EQ(keyset.keys()[0].status, "retiring");
  EXPECT_EQ(keyset.keys()[0].algorithm, "HMAC-SHA-256");
  EXPECT_EQ(keyset.keys()[0].created_at, "2025-01-01T00:00:00Z");
  EXPECT_EQ(keyset.keys()[0].key_size, 32U);
  EXPECT_EQ(keyset.keys()[1].kid, "k1");
  EXPECT_EQ(keyset.keys()[1].status, "active");
  // HKDF-SHA-256 of 00..1F and 20..3F, made with Python's hmac.
  EXPECT_EQ(keyset.keys()[1].check_value, "d36b26");
  EXPECT_EQ(keyset.keys()[0].check_value, "0b8bd5");
  EXPECT_EQ(keyset::to_hex(keyset.impl().key(1)),
            "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
  EXPECT_EQ(keyset.impl().find("k1"), 1U);
  EXPECT_EQ(keyset.impl().find("k2"), 0U);
  EXPECT_EQ(keyset.impl().find("k3"), Keyset::Impl::npos);
  EXPECT_EQ(keyset.impl().find(""), Keyset::Impl::npos);
}

TEST(ParseKeyset, ReadsRevealKeysets) {
  const auto parsed =
      parse(document_text(entry("k1", kKeyA, kAes) + "," + entry("k2", kKeyB, kAes)), KeysetUsage::reveal);
  ASSERT_TRUE(parsed);
  EXPECT_EQ((*parsed)->usage(), KeysetUsage::reveal);
  EXPECT_EQ((*parsed)->keys()[0].algorithm, kAes);
  EXPECT_NE((*parsed)->impl().aead_state(0), (*parsed)->impl().aead_state(1));
  for (const std::size_t index : {0U, 1U}) {
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>((*parsed)->impl().aead_state(index)) % 16, 0U);
  }
}

TEST(ParseKeyset, FindsEveryOfManyKeys) {
  std::string entries;
  for (int i = 0; i < 1024; ++i) entries += (i == 0 ? "" : ",") + entry("k" + std::to_string(i), kKeyA);
  const auto parsed = parse(document_text(entries, "k512"));
  ASSERT_TRUE(parsed) << parsed.error().message();
  for (std::size_t i = 0; i < 1024; ++i) EXPECT_EQ((*parsed)->impl().find("k" + std::to_string(i)), i);
  EXPECT_EQ((*parsed)->impl().find("k1024"), Keyset::Impl::npos);
}

TEST(ParseKeyset, IgnoresUnknownMembers) {
  const auto parsed =
      parse(R"({"schema_version":1,"x":[1.5,1e400,{"deep":[{}]}],"primary_kid":"k1","v2":null,"keys":{"k1":{)"
            R"("note":"\ud83d\ude00","alg":"HMAC-SHA-256","key_b64":")" +
            std::string(kKeyA) + R"("}}})");
  ASSERT_TRUE(parsed) << parsed.error().message();
  EXPECT_EQ((*parsed)->keys()[0].created_at, "");
}

TEST(ParseKeyset, ReadsEscapedNamesAndValues) {
  const auto parsed =
      parse(R"({"schema_v\u0065rsion":1,"primary_kid":"k\u0031","k\u0065ys":{"\u006b1":{)"
            R"("\u0061lg":"HMAC\u002dSHA-256","key_b64":"\u0041AECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"},)"
            R"("k2":{"alg":"HMAC-SHA-256","key_b64":"\/\/\/\/\/\/\/\/\/\/\/\/\/\/\/\/\/\/\/\/\/w=="}}})");
  ASSERT_TRUE(parsed) << parsed.error().message();
  EXPECT_EQ(keyset::to_hex((*parsed)->impl().key(0)),
            "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
  EXPECT_EQ(keyset::to_hex((*parsed)->impl().key(1)), "ffffffffffffffffffffffffffffffff");
}

TEST(ParseKeyset, ShowsADateOnlyWhenItIsShortPrintableAscii) {
  auto date_of = [](const std::string& date) {
    const auto parsed =
        parse(R"({"schema_version":1,"primary_kid":"k1","keys":{"k1":{"alg":"HMAC-SHA-256","created_at":)" +
              date + R"(,"key_b64":")" + std::string(kKeyA) + R"("}}})");
    EXPECT_TRUE(parsed) << date;
    return parsed ? (*parsed)->keys()[0].created_at : "refused";
  };
  EXPECT_EQ(date_of("\"2025-01-01\""), "2025-01-01");
  EXPECT_EQ(date_of("\"last week\""), "last week");
  for (const char* date :
       {"null", "1735689600", "{\"a\":1}", "\"\"", "\"\\u001b[2J\"", "\"\xC3\xA9\"", "\"\x7F\""}) {
    EXPECT_EQ(date_of(date), "") << date;
  }
  EXPECT_EQ(date_of("\"" + std::string(64, 'x') + "\""), std::string(64, 'x'));
  EXPECT_EQ(date_of("\"" + std::string(65, 'x') + "\""), "");
}

// A '^' in the text marks the place that the message must name with its offset, there written "byte ^".
struct Refused {
  std::string text;
  ErrorCode code;
  std::string message;
};

void expect_refused(const std::vector<Refused>& cases, std::optional<KeysetUsage> usage = std::nullopt) {
  for (auto [text, code, message] : cases) {
    if (const std::size_t place = text.find('^'); place != std::string::npos) {
      text.erase(place, 1);
      message.replace(message.find('^'), 1, std::to_string(place));
    }
    const auto parsed = parse(text, usage);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().message(), message) << text;
    EXPECT_EQ(parsed.error().code(), code) << text;
  }
}

constexpr auto kInvalid = ErrorCode::invalid_keyset;
constexpr auto kVersion = ErrorCode::unsupported_version;

std::string with_version(std::string_view version) {
  return R"({"schema_version":)" + std::string(version) + R"(,"primary_kid":"k1","keys":{)" +
         entry("k1", kKeyA) + "}}";
}

TEST(ParseKeysetRefuses, AnotherVersion) {
  const std::string other = "schema_version, byte ^: must be the integer 1 or 2";
  expect_refused({
      {with_version("^0"), kVersion, other},
      {with_version("^-1"), kVersion, other},
      {with_version("^-0"), kVersion, other},
      {with_version("^3"), kVersion, other},
      {with_version("^10"), kVersion, other},
      {with_version("^1.0"), kVersion, other},
      {with_version("^1e0"), kVersion, other},
      {with_version("^1e400"), kVersion, other},
      {with_version("^99999999999999999999"), kVersion, other},
      {with_version("^\"1\""), kVersion, other},
      {with_version("^\"\""), kVersion, other},
      {with_version("^true"), kVersion, other},
      {with_version("^null"), kVersion, other},
      {with_version("^[1]"), kVersion, other},
      {with_version("^{}"), kVersion, other},
      {R"({"primary_kid":"k1","keys":{)" + entry("k1", kKeyA) + "}}", kInvalid,
       "document, byte 0: schema_version is missing"},
  });
}

TEST(ParseKeysetRefuses, WhatIsNoKeyset) {
  expect_refused({
      {"^null", kInvalid, "document, byte ^: must be an object"},
      {" ^[]", kInvalid, "document, byte ^: must be an object"},
      {"\"x\"", kInvalid, "document, byte 0: must be an object"},
      {"1", kInvalid, "document, byte 0: must be an object"},
      {"{}", kInvalid, "document, byte 0: schema_version is missing"},
      {R"({"schema_version":1})", kInvalid, "document, byte 0: keys is missing"},
      {R"({"schema_version":1,"keys":^null})", kInvalid, "keys, byte ^: must be an object"},
      {R"({"schema_version":1,"keys":^[]})", kInvalid, "keys, byte ^: must be an object"},
      {R"({"schema_version":1,"keys":^"k"})", kInvalid, "keys, byte ^: must be an object"},
      {R"({"schema_version":1,"keys":^{}})", kInvalid, "keys, byte ^: must hold at least one key"},
      {"", ErrorCode::malformed_json, "byte 0: expected a value"},
      {"{\"schema_version\":1", ErrorCode::malformed_json, "byte 19: expected ',' or '}'"},
  });
}

TEST(ParseKeysetRefuses, APrimaryThatIsNoKey) {
  auto with_primary = [](std::string_view primary) {
    return R"({"schema_version":1,"primary_kid":)" + std::string(primary) + R"(,"keys":{)" +
           entry("k1", kKeyA) + "}}";
  };
  const std::string dangling = "primary_kid, byte ^: names no key of keys";
  const std::string no_string = "primary_kid, byte ^: must be a string";
  expect_refused({
      {with_primary("^\"k2\""), kInvalid, dangling},
      {with_primary("^\"\""), kInvalid, dangling},
      {with_primary("^\" k1\""), kInvalid, dangling},
      {with_primary("^\"k1 \""), kInvalid, dangling},
      {with_primary("^\"K1\""), kInvalid, dangling},
      {with_primary("^\"k1\\u0000\""), kInvalid, dangling},
      {with_primary("^null"), kInvalid, no_string},
      {with_primary("^1"), kInvalid, no_string},
      {with_primary("^[\"k1\"]"), kInvalid, no_string},
      {with_primary("^{\"k1\":1}"), kInvalid, no_string},
      {R"({"schema_version":1,"keys":{)" + entry("k1", kKeyA) + "}}", kInvalid,
       "document, byte 0: primary_kid is missing"},
  });
}

TEST(ParseKeysetRefuses, KeyIdsThatCannotStandInACiphertext) {
  for (const std::string& kid :
       {std::string(), std::string("a:b"), std::string("a|b"), std::string("a b"), std::string(" a"),
        std::string("a/b"), std::string("a\\u0000"), std::string("a\\n"), std::string("\xC3\xA9"),
        std::string("\\ud83d\\ude00"), std::string("~a"), std::string(65, 'k'), std::string(400, 'k'),
        std::string(100'000, 'k')}) {
    expect_refused({{document_text(entry("k1", kKeyA) + ",^" + entry(kid, kKeyB)), kInvalid,
                     "key 2 of keys, byte ^: its id must match [A-Za-z0-9._-]{1,64}"}});
  }
  for (const std::string& kid : {std::string("a"), std::string("A.b_c-9"), std::string("..."),
                                 std::string("-"), std::string("v1"), std::string(64, 'k')}) {
    EXPECT_TRUE(parse(document_text(entry(kid, kKeyA), kid))) << kid;
  }
  std::string escaped;
  for (int i = 0; i < 64; ++i) escaped += "\\u006b";
  EXPECT_TRUE(parse(document_text(entry(escaped, kKeyA), std::string(64, 'k'))));
}

// One key with this text; the mark is where it begins.
std::string with_key_text(const std::string& text, std::string_view alg = kHmac) {
  return document_text("\"k1\":{\"alg\":\"" + std::string(alg) + "\",\"key_b64\":^\"" + text + "\"}");
}

std::string with_entry(const std::string& members) { return document_text("\"k1\":" + members); }

TEST(ParseKeysetRefuses, EntriesThatAreNotComplete) {
  const std::string key = "\"" + std::string(kKeyA) + "\"";
  expect_refused({
      {with_entry("^null"), kInvalid, "key k1, byte ^: must be an object"},
      {with_entry("^[]"), kInvalid, "key k1, byte ^: must be an object"},
      {with_entry("^" + key), kInvalid, "key k1, byte ^: must be an object"},
      {with_entry("^{}"), kInvalid, "key k1, byte ^: alg is missing"},
      {with_entry("^{\"key_b64\":" + key + "}"), kInvalid, "key k1, byte ^: alg is missing"},
      {with_entry("^{\"alg\":\"HMAC-SHA-256\"}"), kInvalid, "key k1, byte ^: key_b64 is missing"},
      {with_entry("{\"alg\":\"HMAC-SHA-256\",\"key_b64\":^null}"), kInvalid,
       "key k1, byte ^: key_b64 must be a string"},
      {with_entry("{\"alg\":\"HMAC-SHA-256\",\"key_b64\":^5}"), kInvalid,
       "key k1, byte ^: key_b64 must be a string"},
      {with_entry("{\"alg\":\"HMAC-SHA-256\",\"key_b64\":^[" + key + "]}"), kInvalid,
       "key k1, byte ^: key_b64 must be a string"},
  });
}

TEST(ParseKeysetRefuses, OtherAlgorithms) {
  for (const char* alg :
       {"\"\"", "null", "5", "true", "[]", "{}", "\"hmac-sha-256\"", "\"HMAC-SHA256\"", "\"HMAC-SHA-512\"",
        "\"HMAC-SHA-256 \"", "\"AES-128-GCM\"", "\"AES-256-CBC\"", "\"PII-TOK-2\"", "[\"HMAC-SHA-256\"]"}) {
    expect_refused(
        {{with_entry("{\"alg\":^" + std::string(alg) + ",\"key_b64\":\"" + std::string(kKeyA) + "\"}"),
          kInvalid, "key k1, byte ^: alg must be HMAC-SHA-256 or AES-256-GCM"}});
  }
}

TEST(ParseKeysetRefuses, KeysOfTwoPurposes) {
  auto mixed = [](std::string_view first, std::string_view second) {
    return document_text(entry("k1", kKeyA, first) + R"(,"k2":{"alg":^")" + std::string(second) +
                         R"(","key_b64":")" + std::string(kKeyB) + "\"}");
  };
  const std::string message =
      "key k2, byte ^: alg is not that of the first key: a keyset holds token or reveal keys, not both";
  expect_refused({{mixed(kHmac, kAes), kInvalid, message}, {mixed(kAes, kHmac), kInvalid, message}});
}

TEST(ParseKeysetRefuses, AKeysetForTheOtherPurpose) {
  expect_refused(
      {{document_text(entry("k1", kKeyA)), kInvalid,
        "keys, byte 46: a reveal keyset (AES-256-GCM) is needed, and this is a token keyset (HMAC-SHA-256)"}},
      KeysetUsage::reveal);
  expect_refused(
      {{document_text(entry("k1", kKeyA, kAes)), kInvalid,
        "keys, byte 46: a token keyset (HMAC-SHA-256) is needed, and this is a reveal keyset (AES-256-GCM)"}},
      KeysetUsage::token);
}

// Base64 of `size` bytes of 'x'.
std::string key_of_size(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size / 3; ++i) text += "eHh4";
  if (size % 3 == 1) text += "eA";
  if (size % 3 == 2) text += "eHg";
  return text;
}

TEST(ParseKeyset, WantsKeysOfTheRightLength) {
  auto refusal = [](std::string_view rule, std::size_t size) {
    return "key k1, byte ^: the key must have " + std::string(rule) + ", and this one has " +
           std::to_string(size);
  };
  for (const std::size_t size : {0U, 1U, 2U, 3U, 8U, 15U, 1025U, 1026U}) {
    expect_refused({{with_key_text(key_of_size(size)), kInvalid, refusal("16 to 1024 bytes", size)}});
  }
  for (const std::size_t size : {16U, 17U, 31U, 32U, 33U, 64U, 65U, 1000U, 1023U, 1024U}) {
    const auto parsed = parse(document_text(entry("k1", key_of_size(size))));
    ASSERT_TRUE(parsed) << size;
    EXPECT_EQ((*parsed)->keys()[0].key_size, size);
  }
  for (const std::size_t size : {0U, 16U, 24U, 31U, 33U, 64U, 1024U}) {
    expect_refused(
        {{with_key_text(key_of_size(size), kAes), kInvalid,
          "key k1, byte ^: the key must have 32 bytes, and this one has " + std::to_string(size)}});
  }
  // Too long to look at.
  expect_refused({
      {with_key_text(key_of_size(1027)), kInvalid, "key k1, byte ^: the key must have 16 to 1024 bytes"},
      {with_key_text(key_of_size(500'000)), kInvalid, "key k1, byte ^: the key must have 16 to 1024 bytes"},
      {with_key_text("\\u0041" + key_of_size(10'000)), kInvalid,
       "key k1, byte ^: the key must have 16 to 1024 bytes"},
      {with_key_text("\\u0041" + key_of_size(1100)), kInvalid,
       "key k1, byte ^: the key must have 16 to 1024 bytes"},
  });
}

TEST(ParseKeyset, TakesCanonicalBase64OfEitherAlphabetOnly) {
  for (const std::string& text :
       {std::string(kKeyA), std::string(kKeyA) + "=", std::string("-_-_-_-_-_-_-_-_-_-_-w"),
        std::string("+/+/+/+/+/+/+/+/+/+/+w"), std::string("+/+/+/+/+/+/+/+/+/+/+w=="),
        std::string("-_-_-_-_-_-_-_-_-_-_-w=="), std::string("AAAAAAAAAAAAAAAAAAAAAAAA")}) {
    EXPECT_TRUE(parse(document_text(entry("k1", text)))) << text;
  }
  const std::string a(kKeyA);
  for (const std::string& text : {a + "==",
                                  a + "===",
                                  a + "=A",
                                  a + "\\n",
                                  a + "\\r\\n",
                                  " " + a,
                                  a + " ",
                                  "\\t" + a,
                                  "AAEC Aw" + a.substr(6),
                                  "=" + a,
                                  a.substr(0, 20) + "=" + a.substr(20),
                                  a.substr(0, 42) + "9",  // 9 carries spare bits
                                  a.substr(0, 41),
                                  std::string("-_-_-_-_-_-_-_-_-_-_+w"),
                                  std::string("!!!!!!!!!!!!!!!!!!!!!!"),
                                  std::string("="),
                                  std::string("===="),
                                  std::string("A"),
                                  "\xC3\xA9" + a,
                                  "\\u0000" + a,
                                  a + "%3D",
                                  std::string("+/+/+/+/+/+/+/+/+/+/+w=")}) {
    expect_refused({{with_key_text(text), kInvalid,
                     "key k1, byte ^: key_b64 is not canonical base64 (one alphabet, no or right padding, "
                     "nothing else)"}});
  }
}

TEST(ParseKeysetRefuses, DuplicatesAtEveryLevel) {
  const std::string again = "a member name that stands in this object already";
  const std::string key = std::string(kKeyA);
  expect_refused({
      {R"({"schema_version":1,^"schema_version":1})", ErrorCode::malformed_json, "byte ^: " + again},
      {document_text(entry("k1", kKeyA) + ",^" + entry("k1", kKeyB)), ErrorCode::malformed_json,
       "byte ^: " + again},
      {document_text(entry("k1", kKeyA) + ",^" + entry("\\u006b1", kKeyB)), ErrorCode::malformed_json,
       "byte ^: " + again},
      {with_entry(R"({"alg":"HMAC-SHA-256","key_b64":")" + key + R"(",^"key_b64":")" + key + "\"}"),
       ErrorCode::malformed_json, "byte ^: " + again},
      {document_text(entry("k1", kKeyA), "k1", R"(,"x":{"a":1,^"a":1})"), ErrorCode::malformed_json,
       "byte ^: " + again},
  });
}

TEST(ParseKeyset, HoldsItsLimits) {
  std::string largest = document_text(entry("k1", kKeyA));
  largest.resize(kMaxKeysetSize, ' ');
  EXPECT_TRUE(parse(largest));
  expect_refused({{largest + " ", ErrorCode::too_large, "the document is larger than 1048576 bytes"}});

  std::string entries;
  for (std::size_t i = 0; i < kMaxKeysetKeys; ++i) entries += entry("k" + std::to_string(i), kKeyA) + ",";
  EXPECT_TRUE(parse(document_text(entries.substr(0, entries.size() - 1))));
  const auto too_many = parse(document_text(entries + entry("one-more", kKeyA)));
  ASSERT_FALSE(too_many);
  EXPECT_EQ(too_many.error().code(), ErrorCode::too_large);
  EXPECT_EQ(
      too_many.error().message(),
      "keys, byte " + std::to_string(document_text("").find("}") + entries.size()) + ": more than 1024 keys");

  EXPECT_TRUE(parse(document_text(entry("k1", kKeyA), "k1", ",\"x\":[[[[[[[]]]]]]]")));
  expect_refused({{document_text(entry("k1", kKeyA), "k1", ",\"x\":[[[[[[[^[]]]]]]]]"), ErrorCode::too_large,
                   "byte ^: nested deeper than 8 levels"}});
}

TEST(ParseKeyset, ChecksTheDigestWhenThereIsOne) {
  // Of the canonical form
  // {"keys":{"k1":{"alg":"HMAC-SHA-256","created_at":"2025-01-01T00:00:00Z","key_b64":"AAEC..."}},
  // "primary_kid":"k1","schema_version":1}, made with Python.
  const std::string digest = "5a31a20b61b2361af0103d563ee2d3fcb6700f5c9f9af1083296211ddc70cc55";
  const std::string entries = entry("k1", kKeyA);
  auto with_integrity = [&](const std::string& integrity) {
    return document_text(entries, "k1", ",\"integrity\":" + integrity);
  };
  EXPECT_TRUE(parse(with_integrity("{\"digest\":\"" + digest + "\"}")));
  EXPECT_TRUE(parse(with_integrity("{\"digest\":\"" + digest + "\",\"sig\":1.5}")));
  EXPECT_TRUE(parse(with_integrity("{}")));
  EXPECT_TRUE(parse(R"({"integrity":{"digest":")" + digest + R"("}, "keys" : {)" + entries +
                    R"(}, "primary_kid":"\u006b1", "schema_version":1})"))
      << "the digest is of what is said, not of how it is written";

  const std::string wrong = "integrity.digest, byte ^: is not the digest of this document";
  const std::string malformed = "integrity.digest, byte ^: must be a string of 64 lower-case hex digits";
  std::string upper = digest;
  for (char& c : upper) c = static_cast<char>(std::toupper(c));
  expect_refused({
      {with_integrity("{\"digest\":^\"" + std::string(64, '0') + "\"}"), kInvalid, wrong},
      {document_text(entries + "," + entry("k2", kKeyB), "k1",
                     ",\"integrity\":{\"digest\":^\"" + digest + "\"}"),
       kInvalid, "integrity.digest, byte ^: is not the digest of this document"},
      {document_text(entries, "k1", ",\"x\":1,\"integrity\":{\"digest\":^\"" + digest + "\"}"), kInvalid,
       "integrity.digest, byte ^: is not the digest of this document"},
      {with_integrity("{\"digest\":^\"" + upper + "\"}"), kInvalid, malformed},
      {with_integrity("{\"digest\":^\"\"}"), kInvalid, malformed},
      {with_integrity("{\"digest\":^\"" + digest.substr(1) + "\"}"), kInvalid, malformed},
      {with_integrity("{\"digest\":^\"" + digest + "0\"}"), kInvalid, malformed},
      {with_integrity("{\"digest\":^null}"), kInvalid, malformed},
      {with_integrity("{\"digest\":^[]}"), kInvalid, malformed},
      {with_integrity("^null"), kInvalid, "integrity, byte ^: must be an object"},
      {with_integrity("^\"" + digest + "\""), kInvalid, "integrity, byte ^: must be an object"},
      {document_text(entries, "k1", ",\"x\":^1.5,\"integrity\":{\"digest\":\"" + digest + "\"}"),
       ErrorCode::malformed_json,
       "byte ^: a digest covers integers within +-2^53 only, and no other numbers"},
  });
}

TEST(ParseKeyset, NeedsNoMemoryOfItsDocument) {
  Result<std::shared_ptr<const Keyset>> parsed = parse(document_text(entry("k1", kKeyA)));
  ASSERT_TRUE(parsed);  // the document is gone by now
  EXPECT_EQ(keyset::to_hex((*parsed)->impl().key(0)),
            "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
}

TEST(ParseKeysetDeathTest, KeysCannotBeOverwritten) {
  const auto parsed = parse(document_text(entry("k1", kKeyA)));
  ASSERT_TRUE(parsed);
  auto* key = const_cast<std::byte*>((*parsed)->impl().key(0).data());
  EXPECT_DEATH(*static_cast<volatile std::byte*>(key) = std::byte{0}, "");
}

TEST(KeysetUsage, HasANameForPeople) {
  EXPECT_EQ(to_string(KeysetUsage::token), "token");
  EXPECT_EQ(to_string(KeysetUsage::reveal), "reveal");
}

}  // namespace
}  // namespace pii
