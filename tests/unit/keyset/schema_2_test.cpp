// Documents of schema 2 (docs/formats.md section 3): what is read of them, and what is refused.
#include <gtest/gtest.h>

#include <regex>
#include <string>
#include <vector>

#include "keyset/key_table.hpp"
#include "keyset/timestamp.hpp"
#include "unit/keyset/documents.hpp"

namespace pii {
namespace {

using kit::kKeyA;
using kit::kKeyB;
using kit::parse;

// A document in the making: every part can be replaced.
struct Parts {
  std::string primary = R"("tk1")";
  std::string keys = R"("tk1":)" + v1("active", kKeyA);
  std::string v2 =
      R"(,"v2":{"primary_kid":"tok1","keys":{"tok1":)" + v2_key("PII-TOK-2", "active", kKeyB) + "}}";
  std::string keyset =
      R"(,"keyset":{"id":"ks-1","usage":"token","env":"prod","revision":7,"policy":{"write_version":2}})";
  std::string more;

  static std::string v1(std::string_view status, std::string_view key, std::string_view more = "") {
    return R"({"alg":"HMAC-SHA-256","status":")" + std::string(status) + R"(","key_b64":")" +
           std::string(key) + "\"" + std::string(more) + "}";
  }
  static std::string v2_key(std::string_view alg, std::string_view status, std::string_view key,
                            std::string_view more = "") {
    return R"({"alg":")" + std::string(alg) + R"(","status":")" + std::string(status) + R"(","key_b64":")" +
           std::string(key) + "\"" + std::string(more) + "}";
  }
  std::string text() const {
    return R"({"schema_version":2,"primary_kid":)" + primary + R"(,"keys":{)" + keys + "}" + v2 + keyset +
           more + "}";
  }
};

std::string with(std::string Parts::*part, std::string value) {
  Parts parts;
  parts.*part = std::move(value);
  return parts.text();
}

// `text` with a ^ where the message is to point.
void expect_refused(std::string text, std::string message) {
  const std::size_t at = text.find('^');
  ASSERT_NE(at, std::string::npos) << text;
  text.erase(at, 1);
  const auto parsed = parse(text);
  ASSERT_FALSE(parsed) << text;
  EXPECT_EQ(parsed.error().code(), ErrorCode::invalid_keyset);
  message.replace(message.find('^'), 1, std::to_string(at));
  EXPECT_EQ(parsed.error().message(), message) << text;
}

TEST(Schema2, TellsWhatItHolds) {
  Parts parts;
  parts.keys += R"(,"tk0":)" + Parts::v1("retiring", kKeyB);
  parts.v2 = R"(,"v2":{"primary_kid":"tok1","keys":{"idx1":)" +
             Parts::v2_key("PII-IDX-2", "active", kKeyA, R"(,"params":{"bits":20},"x_note":{"a":1})") +
             R"(,"tok1":)" + Parts::v2_key("PII-TOK-2", "active", kKeyB, R"(,"params":{"len":24})") +
             R"(,"ff1":)" +
             Parts::v2_key("PII-FF1-2", "staged", kKeyB, R"(,"params":{"alphabet":"0123456789"})") + "}}";
  parts.keyset =
      R"(,"keyset":{"id":"ks-1","name":"people","usage":"token","env":"prod","owner":"data","revision":7,)"
      R"("updated_at":"2026-01-01T00:00:00Z","x_team":1,"policy":{"write_version":2,"accept_versions":[2,1],)"
      R"("rotate_every":"P1Y","propagation":"PT15M","retire_min":"P2W","destroy_hold":"P1M","max_messages_log2":40,)"
      R"("require_record":true,"x_p":null}})";
  parts.more =
      R"(,"disabled":{"old":)" +
      Parts::v1("disabled", kKeyA, R"(,"disabled_at":"2026-01-01T00:00:00Z","kcv":"d36b26")") +
      R"(},"tombstones":{"older":{"alg":"HMAC-SHA-256","kcv":"0b8bd5","destroyed_at":"2026-01-01T00:00:00Z"}})"
      R"(,"x_other":[1])";
  const auto parsed = parse(parts.text(), KeysetUsage::token);
  ASSERT_TRUE(parsed) << parsed.error().message();
  const Keyset& keyset = **parsed;
  const KeyTable& table = keyset.impl();
  EXPECT_EQ(keyset.schema_version(), 2);
  EXPECT_EQ(keyset.primary_kid(), "tk1");
  std::vector<std::string> kids;
  for (const KeyInfo& key : keyset.keys()) kids.push_back(key.kid);
  EXPECT_EQ(kids, (std::vector<std::string>{"tk1", "tk0", "idx1", "tok1", "ff1"}))
      << "live keys only, version 1 first";
  EXPECT_EQ(table.v1_count(), 2U);
  EXPECT_EQ(table.primary_index, 0U);
  EXPECT_EQ(table.primary_v2(KeyRole::token), 3U);
  EXPECT_EQ(table.primary_v2(KeyRole::index), 2U);
  EXPECT_EQ(table.primary_v2(KeyRole::format), KeyTable::npos) << "it is staged";
  EXPECT_EQ(table.primary_v2(KeyRole::encrypt), KeyTable::npos);
  EXPECT_EQ(table.find("tok1", 2), 3U);
  EXPECT_EQ(table.find("tok1"), KeyTable::npos) << "no key of version 1";
  EXPECT_EQ(table.find("tk1", 2), KeyTable::npos);
  EXPECT_EQ(table.find("old"), KeyTable::npos);
  EXPECT_EQ(keyset.keys()[2].params.index_bits, 20);
  EXPECT_EQ(keyset.keys()[3].params.token_length, 24);
  EXPECT_EQ(keyset.keys()[3].version, 2);
  EXPECT_EQ(keyset.keys()[3].algorithm, "PII-TOK-2");
  EXPECT_EQ(keyset.keys()[4].params.alphabet, "0123456789");
  EXPECT_EQ(keyset.keys()[4].status, "staged");
  EXPECT_EQ(keyset.identity().name, "people");
  EXPECT_EQ(keyset.identity().revision, 7U);
  EXPECT_EQ(keyset.policy().write_version, 2);
  EXPECT_EQ(keyset.policy().rotate_every, 365 * kDay);
  EXPECT_EQ(keyset.policy().propagation, 900);
  EXPECT_EQ(keyset.policy().retire_min, 14 * kDay);
  EXPECT_EQ(keyset.policy().destroy_hold, 30 * kDay);
  EXPECT_EQ(keyset.policy().max_messages_log2, 40);
  EXPECT_TRUE(keyset.policy().require_record);
}

TEST(Schema2, HasDefaults) {
  const auto parsed = parse(
      R"({"schema_version":2,"primary_kid":"tk1","keys":{"tk1":{"alg":"HMAC-SHA-256","key_b64":")" +
      std::string(kKeyA) + R"("},"tk2":{"alg":"HMAC-SHA-256","key_b64":")" + std::string(kKeyB) + R"("}}})");
  ASSERT_TRUE(parsed) << parsed.error().message();
  EXPECT_EQ((*parsed)->keys()[0].status, "active");
  EXPECT_EQ((*parsed)->keys()[1].status, "retiring");
  EXPECT_EQ((*parsed)->policy(), KeysetPolicy());
  EXPECT_EQ((*parsed)->identity().revision, 0U);
}

TEST(Schema2, MayHaveKeysOfVersion2Alone) {
  Parts parts;
  parts.primary = "null";
  parts.keys.clear();
  parts.keyset = R"(,"keyset":{"policy":{"write_version":2,"accept_versions":[2]}})";
  const auto parsed = parse(parts.text(), KeysetUsage::token);
  ASSERT_TRUE(parsed) << parsed.error().message();
  EXPECT_EQ((*parsed)->primary_kid(), "");
  EXPECT_EQ((*parsed)->impl().primary_index, KeyTable::npos);
  EXPECT_EQ((*parsed)->impl().primary_v2(KeyRole::token), 0U);

  parts.keyset = R"(,"keyset":{"policy":{"write_version":2}})";
  expect_refused(
      std::regex_replace(parts.text(), std::regex("null"), "^null"),
      "primary_kid, byte ^: no version 1 key is active, and keyset.policy.accept_versions is not [2]");
}

TEST(Schema2, ReadsRevealKeysets) {
  const std::string keys = R"({"rk1":{"alg":"AES-256-GCM","key_b64":")" + std::string(kKeyA) + R"("}})";
  const auto parsed = parse(R"({"schema_version":2,"primary_kid":"rk1","keys":)" + keys +
                            R"(,"v2":{"primary_kid":"e1","keys":{"e1":)" +
                            Parts::v2_key("XAES-256-GCM", "active", kKeyB, R"(,"params":{"pad":32})") +
                            R"(,"e2":)" + Parts::v2_key("PII-AEAD-2", "staged", kKeyA) + "}}}");
  ASSERT_TRUE(parsed) << parsed.error().message();
  EXPECT_EQ((*parsed)->usage(), KeysetUsage::reveal);
  EXPECT_EQ((*parsed)->impl().primary_v2(KeyRole::encrypt), 1U);
  EXPECT_EQ((*parsed)->keys()[1].params.padding, 32);
}

TEST(Schema2Refuses, UnknownMembersButThoseOfOthers) {
  const std::string why = ": an unknown member; members of others begin with x_";
  EXPECT_TRUE(parse(with(&Parts::more, R"(,"x_":1)")));
  expect_refused(with(&Parts::more, R"(,^"y":1)"), "document, byte ^" + why);
  expect_refused(with(&Parts::more, R"(,^"X_a":1)"), "document, byte ^" + why);
  expect_refused(with(&Parts::more, R"(,^"\u0078_a":1)"), "document, byte ^" + why);
  expect_refused(with(&Parts::keys, R"("tk1":)" + Parts::v1("active", kKeyA, R"(,^"note":1)")),
                 "key tk1, byte ^" + why);
  expect_refused(with(&Parts::keys, R"("tk1":)" + Parts::v1("active", kKeyA, R"(,^"disabled_at":1)")),
                 "key tk1, byte ^" + why);
  expect_refused(with(&Parts::keyset, R"(,"keyset":{"policy":{"write_version":2,^"p":1}})"),
                 "keyset.policy, byte ^" + why);
  expect_refused(with(&Parts::keyset, R"(,"keyset":{^"p":1})"), "keyset, byte ^" + why);
  expect_refused(with(&Parts::more, R"(,"integrity":{^"p":1})"), "integrity, byte ^" + why);
}

TEST(Schema2Refuses, PrimariesThatAreNotActive) {
  const std::string names_none = ": names no active key of this keyset";
  expect_refused(with(&Parts::primary, R"(^"tk2")"), "primary_kid, byte ^" + names_none);
  expect_refused(with(&Parts::primary, R"(^"tok1")"), "primary_kid, byte ^" + names_none);
  expect_refused(with(&Parts::primary, "^7"),
                 "primary_kid, byte ^: must be a string, or null where no version 1 key is active");
  for (const char* status : {"staged", "retiring"}) {
    Parts parts;
    parts.primary = R"(^"tk1")";
    parts.keys = R"("tk1":)" + Parts::v1(status, kKeyA);
    expect_refused(parts.text(), "primary_kid, byte ^" + names_none);
  }
  expect_refused(with(&Parts::keys,
                      R"("tk1":)" + Parts::v1("active", kKeyA) + R"(,^"tk2":)" + Parts::v1("active", kKeyB)),
                 "key tk2, byte ^: is active, and so is tk1");
  expect_refused(with(&Parts::v2, R"(,"v2":{"primary_kid":^"t","keys":{"tok1":)" +
                                      Parts::v2_key("PII-TOK-2", "active", kKeyB) + "}}"),
                 "v2.primary_kid, byte ^" + names_none);
  expect_refused(
      with(&Parts::v2, R"(,"v2":{"keys":{"tok1":{"alg":"PII-TOK-2","status":"active","key_b64":^")" +
                           std::string(kKeyB) + "\"}}}"),
      "v2.primary_kid, byte ^: is missing, and key tok1 is active");
  Parts staged;
  staged.v2 = R"(,"v2":{"keys":{"tok1":)" + Parts::v2_key("PII-TOK-2", "staged", kKeyB) + "}}";
  staged.keyset = R"(,"keyset":^{"policy":{"write_version":2}})";
  expect_refused(staged.text(), "keyset.policy.write_version, byte ^: is 2, and no version 2 key is active");
  staged.keyset.clear();
  EXPECT_TRUE(parse(staged.text()));
}

TEST(Schema2Refuses, KeysInTheWrongPlace) {
  expect_refused(
      with(&Parts::keys, R"("tk1":{"alg":^"PII-TOK-2","key_b64":")" + std::string(kKeyA) + "\"}"),
      "key tk1, byte ^: a key of version 2 belongs under v2.keys, where no version 1 reader looks");
  expect_refused(
      with(&Parts::v2, R"(,"v2":{"keys":{"tk9":{"alg":^"HMAC-SHA-256","status":"staged","key_b64":""}}})"),
      "key tk9, byte ^: a key of version 1 belongs under keys, where version 1 readers look");
  expect_refused(
      with(&Parts::v2, R"(,"v2":{"keys":{"a.b":^)" + Parts::v2_key("PII-TOK-2", "staged", kKeyB) + "}}"),
      "key a.b, byte ^: its id must match [A-Za-z0-9][A-Za-z0-9_-]{0,31}");
  expect_refused(with(&Parts::more, R"(,"disabled":{^"tk1":)" + Parts::v1("disabled", kKeyB) + "}"),
                 "key tk1, byte ^: its id stands for another key already");
  expect_refused(with(&Parts::more, R"(,"tombstones":{^"tok1":{"alg":"PII-TOK-2"}})"),
                 "key tok1, byte ^: its id stands for another key already");
  expect_refused(
      with(&Parts::more, R"(,"disabled":{^"d":)" + Parts::v2_key("PII-AEAD-2", "disabled", kKeyB) + "}"),
      "key d, byte ^: alg is none of a token keyset: a keyset holds token or reveal keys, not both");
  expect_refused(with(&Parts::more, R"(,"disabled":{"d":{"alg":"PII-TOK-2","status":^"active"}})"),
                 "key d.status, byte ^: is no status of a key in disabled");
  expect_refused(with(&Parts::more, R"(,"disabled":{"d":^)" + Parts::v1("destroy_scheduled", kKeyB) + "}"),
                 "key d, byte ^: destroy_at is missing");
  expect_refused(with(&Parts::more, R"(,"tombstones":{"d":{"alg":"PII-TOK-2",^"key_b64":""}})"),
                 "key d, byte ^: an unknown member; members of others begin with x_");
}

TEST(Schema2Refuses, WhatDoesNotFitTheKey) {
  expect_refused(with(&Parts::keys, R"("tk1":{"alg":"HMAC-SHA-256","kcv":"000000","key_b64":^")" +
                                        std::string(kKeyA) + "\"}"),
                 "key tk1, byte ^: its kcv is not that of its key");
  expect_refused(with(&Parts::more, R"(,"disabled":{"d":{"alg":"HMAC-SHA-256","kcv":"000000","key_b64":^")" +
                                        std::string(kKeyA) + "\"}}"),
                 "key d, byte ^: its kcv is not that of its key");
  expect_refused(
      with(&Parts::more, R"(,"disabled":{"d":{"alg":"PII-TOK-2","key_b64":^"AAECAwQFBgcICQoLDA0ODw"}})"),
      "key d, byte ^: the key must have 32 bytes, and this one has 16");
  const auto token_params = [](std::string params) {
    return with(&Parts::v2,
                R"(,"v2":{"primary_kid":"tok1","keys":{"tok1":)" +
                    Parts::v2_key("PII-TOK-2", "active", kKeyB, ",\"params\":" + std::move(params)) + "}}");
  };
  EXPECT_TRUE(parse(token_params("{}")));
  EXPECT_TRUE(parse(token_params(R"({"len":32})")));
  for (const char* number : {"15", "33", "-16", "16.0", "\"16\"", "null"}) {
    expect_refused(token_params(R"({"len":^)" + std::string(number) + "}"),
                   "key tok1.params.len, byte ^: must be an integer from 16 to 32");
  }
  expect_refused(token_params(R"({^"bits":20})"), "key tok1.params, byte ^: is no parameter of PII-TOK-2");
  expect_refused(token_params("^[]"), "key tok1.params, byte ^: must be an object");
  const auto index = [](std::string more) { return with(&Parts::more, R"(,"disabled":{"i":)" + more + "}"); };
  expect_refused(index(R"(^{"alg":"PII-IDX-2","key_b64":""})"), "key i, byte ^: params is missing");
  expect_refused(index(R"({"alg":"PII-IDX-2","params":^{},"key_b64":""})"),
                 "key i.params, byte ^: bits is missing");
  expect_refused(index(R"({"alg":"PII-FF1-2","params":{"alphabet":^"00"},"key_b64":""})"),
                 "key i.params.alphabet, byte ^: must be 2 to 62 letters and digits of ASCII, each once");
}

TEST(Schema2Refuses, DatesSpansAndNumbersThatAreNone) {
  const auto policy = [](std::string text) {
    return with(&Parts::keyset, R"(,"keyset":{"policy":{"write_version":2,)" + text + "}}");
  };
  for (const char* span : {"\"\"", "\"P\"", "\"PT\"", "\"P1\"", "\"P1DT\"", "\"P1D1Y\"", "\"P-1D\"",
                           "\"P1.5D\"", "\"p1d\"", "86400", "\"P1000000D\"", "\"PT1D\""}) {
    expect_refused(policy(R"("propagation":^)" + std::string(span)),
                   "keyset.policy.propagation, byte ^: must be an ISO 8601 duration, as P30D or PT10M");
  }
  for (const char* list : {"[]", "[1,1]", "[3]", "1", "[\"1\"]", "[1,2,2]"}) {
    expect_refused(policy(R"("accept_versions":^)" + std::string(list)),
                   "keyset.policy.accept_versions, byte ^: must be [1], [2] or [1, 2]");
  }
  expect_refused(with(&Parts::keyset, R"(,"keyset":{"policy":^{"write_version":2,"accept_versions":[1]}})"),
                 "keyset.policy, byte ^: write_version is none of accept_versions");
  expect_refused(with(&Parts::keyset, R"(,"keyset":{"revision":^0})"),
                 "keyset.revision, byte ^: must be an integer from 1 to 9007199254740992");
  expect_refused(with(&Parts::keyset, R"(,"keyset":{"usage":^"both"})"),
                 "keyset.usage, byte ^: must be token or reveal");
  expect_refused(with(&Parts::keys, R"("tk1":)" + Parts::v1("active", kKeyA, R"(,"staged_at":^"yesterday")")),
                 "key tk1.staged_at, byte ^: must be an RFC 3339 date, as 2026-01-31T12:00:00Z");
}

TEST(Duration, IsReadAndWritten) {
  EXPECT_EQ(parse_duration("PT10M"), 600);
  EXPECT_EQ(parse_duration("P1Y2M1W3DT4H5M6S"), (365 + 60 + 7 + 3) * kDay + 4 * 3600 + 5 * 60 + 6);
  for (const Seconds seconds : {0L, 1L, 60L, 3600L, 86400L, 90061L, 600L, 3153600000L}) {
    EXPECT_EQ(parse_duration(to_duration(seconds)), seconds) << to_duration(seconds);
  }
  EXPECT_EQ(to_duration(600), "PT10M");
  EXPECT_EQ(to_duration(30 * kDay), "P30D");
  EXPECT_EQ(to_duration(90061), "P1DT1H1M1S");
}

TEST(Timestamp, IsReadAsSeconds) {
  EXPECT_EQ(keyset::parse_rfc3339("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(keyset::parse_rfc3339("2026-01-31T12:00:00.5+02:00"), 1769853600);
  EXPECT_EQ(keyset::to_rfc3339(1769853600), "2026-01-31T10:00:00Z");
}

}  // namespace
}  // namespace pii
