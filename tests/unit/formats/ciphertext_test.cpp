#include "pii/ciphertext.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

namespace pii {
namespace {

const std::string kPayload = "3e5ifWz1NTd9ZpDb9ZW1MMwMvdFwU-yj2_Bsg7HjqgKUPEMCoSgEgjaQtZw";
const std::string kCiphertext = "penc:v1:rk1:" + kPayload;

nlohmann::json read_vectors(const std::string& name) {
  std::ifstream in(PII_TEST_VECTORS "/ecsctx/" + name);
  return nlohmann::json::parse(in);
}

TEST(Ciphertext, SplitsIntoViewsOfTheText) {
  for (const auto mode : {Base64Mode::strict, Base64Mode::lenient}) {
    const auto parts = parse_ciphertext(kCiphertext, mode);
    ASSERT_TRUE(parts);
    EXPECT_EQ(parts->version, 1);
    EXPECT_EQ(parts->kid, "rk1");
    EXPECT_EQ(parts->payload, kPayload);
    EXPECT_EQ(parts->kid.data(), kCiphertext.data() + 8);
    EXPECT_EQ(parts->payload.data(), kCiphertext.data() + 12);
  }
}

TEST(Ciphertext, SizeOfWhatIsWritten) {
  EXPECT_EQ(ciphertext_v1_size(0, 3), std::string("penc:v1:rk1:").size() + 38);
  EXPECT_EQ(ciphertext_v1_size(1, 3), std::string("penc:v1:rk1:").size() + 39);
  EXPECT_EQ(ciphertext_v1_size(22, 1), std::string("penc:v1:k:").size() + 67);
}

TEST(Ciphertext, OfVersion2) {
  const std::string slim(54, 'A');
  const std::string text = "penc:v2:rk-2_A:" + slim;
  const auto parts = parse_ciphertext(text);
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->version, 2);
  EXPECT_EQ(parts->kid, "rk-2_A");
  EXPECT_EQ(parts->payload, slim);
  EXPECT_EQ(parts->subject(), "");

  const std::string id(22, 'A');
  const std::string committed(96, 'A');
  const std::string subject_text = "penc:v2:~" + id + ":" + committed;
  const auto subject = parse_ciphertext(subject_text);
  ASSERT_TRUE(subject);
  EXPECT_EQ(subject->subject(), id);
  EXPECT_EQ(subject->kid, "~" + id);

  EXPECT_EQ(ciphertext_v2_size(0, 3), std::string("penc:v2:rk2:").size() + 96);
  EXPECT_EQ(ciphertext_v2_size(0, 3, true), std::string("penc:v2:rk2:").size() + 54);
  EXPECT_EQ(ciphertext_v2_size(16, 3), std::string("penc:v2:rk2:").size() + 118);

  for (const std::string& bad :
       {"penc:v2:rk.2:" + slim, "penc:v2:-k:" + slim, "penc:v2::" + slim, "penc:v2:" + std::string(33, 'k') + ":" + slim,
        "penc:v2:rk2:" + slim.substr(1), "penc:v2:rk2:" + slim + "=", "penc:v2:rk2:" + slim.substr(1) + "B",
        "penc:v2:rk2::" + slim, "penc:v2:~:" + committed, "penc:v2:~" + id + "A:" + committed,
        "penc:v2:~" + id.substr(1) + ":" + committed, "penc:v2:~" + id.substr(1) + "B:" + committed,
        "penc:v2:~" + id + ":" + slim, "penc:v2:~" + id + ":" + committed.substr(1), "penc:v1:~" + id + ":" + slim,
        std::string("penc:v2:k k:*")}) {
    const auto refused = parse_ciphertext(bad);
    ASSERT_FALSE(refused) << bad;
    EXPECT_EQ(refused.error().code(), ErrorCode::malformed_ciphertext) << bad;
  }
}

TEST(Ciphertext, WrappedKey) {
  const std::string payload(139, 'A');
  const std::string wrapped = "pdek:v2:rk2:" + payload;
  const auto parts = parse_wrapped_key(wrapped);
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->kid, "rk2");
  EXPECT_EQ(parts->payload, payload);
  EXPECT_EQ(ciphertext_v2_size(kSubjectKeySize, 3), std::string("pdek:v2:rk2:").size() + 139);
  for (const std::string& text :
       {std::string(), "penc:v2:rk2:" + payload, "pdek:v2:rk2:" + payload + "A", "pdek:v2:rk2:" + payload.substr(1),
        "pdek:v2:rk2:" + payload.substr(1) + "B", "pdek:v2:rk.2:" + payload, "pdek:v2::" + payload,
        "pdek:v2:~" + payload, "pdek:v2:rk2" + payload, "pdek:v2:rk2:" + payload.substr(1) + "*"}) {
    const auto refused = parse_wrapped_key(text);
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error().code(), ErrorCode::malformed_ciphertext) << text;
  }
  EXPECT_EQ(parse_wrapped_key("pdek:v1:rk2:" + payload).error().code(), ErrorCode::unsupported_version);
}

struct Refusal {
  std::string text;
  ErrorCode code;
  std::string message;
};

TEST(Ciphertext, StrictRefusesInOrder) {
  const auto malformed = ErrorCode::malformed_ciphertext;
  const auto version = ErrorCode::unsupported_version;
  const std::string no_ciphertext = "a ciphertext is penc:v1:<key id>:<payload>, or penc:v2:";
  const std::string other_version = "the ciphertext's version is not supported by this build";
  const std::string bad_kid = "the ciphertext's key id is not 1 to 64 of A-Z a-z 0-9 . _ -";
  const std::string bad_byte = "the ciphertext's payload is not canonical base64url at byte ";
  const std::string too_short = "the ciphertext's payload is shorter than nonce and tag";
  for (const auto& [text, code, message] : std::initializer_list<Refusal>{
           {"", malformed, no_ciphertext},
           {"penc", malformed, no_ciphertext},
           {"penc:v1:rk1", malformed, no_ciphertext},
           {"ptok:v1:rk1:" + kPayload, malformed, no_ciphertext},
           {" " + kCiphertext, malformed, no_ciphertext},
           {"Penc:v2:k k:*", malformed, no_ciphertext},
           {"penc:v3:k k:*", version, other_version},
           {"penc::rk1:" + kPayload, version, other_version},
           {"penc:V1:rk1:" + kPayload, version, other_version},
           {"penc:v1:k k:*", malformed, bad_kid},
           {"penc:v1::" + kPayload, malformed, bad_kid},
           {"penc:v1:" + std::string(65, 'k') + ":" + kPayload, malformed, bad_kid},
           {"penc:v1:rk1:AA*", malformed, bad_byte + "14"},
           {"penc:v1:rk1::" + kPayload, malformed, bad_byte + "12"},
           {kCiphertext + "\n", malformed, bad_byte + "71"},
           {kCiphertext + "=", malformed, bad_byte + "71"},
           {"penc:v1:rk1:AB", malformed, bad_byte + "13"},
           {"penc:v1:rk1:", malformed, too_short},
           {"penc:v1:rk1:AA", malformed, too_short},
           {"penc:v1:rk1:" + std::string(36, 'A'), malformed, too_short}}) {
    const auto parts = parse_ciphertext(text);
    ASSERT_FALSE(parts) << text;
    EXPECT_EQ(parts.error().code(), code) << text;
    EXPECT_EQ(parts.error().message(), message) << text;
  }
  EXPECT_TRUE(parse_ciphertext("penc:v1:rk1:" + std::string(38, 'A')));
}

TEST(Ciphertext, LenientSplitsAndNoMore) {
  struct Case {
    std::string text, kid, payload;
  };
  for (const auto& [text, kid, payload] : std::initializer_list<Case>{{"penc:v2:k k:*", "k k", "*"},
                                                                      {"penc:::", "", ""},
                                                                      {"penc:x:k:a:b:c", "k", "a:b:c"},
                                                                      {"penc:v1:k:\xFF", "k", "\xFF"}}) {
    const auto parts = parse_ciphertext(text, Base64Mode::lenient);
    ASSERT_TRUE(parts) << text;
    EXPECT_EQ(parts->version, 1);
    EXPECT_EQ(parts->kid, kid);
    EXPECT_EQ(parts->payload, payload);
  }
  for (const std::string text :
       {"", "penc", "penc::", "pencx:v1:k:x", " penc:v1:k:x", "PENC:v1:k:x", ":::"}) {
    const auto parts = parse_ciphertext(text, Base64Mode::lenient);
    ASSERT_FALSE(parts) << text;
    EXPECT_EQ(parts.error().code(), ErrorCode::malformed_ciphertext);
  }
}

TEST(Ciphertext, AMessageNeverHoldsTheText) {
  for (const std::string text :
       {"CANARY", "penc:CANARY:k:x", "penc:v1:CANARY CANARY:x", "penc:v1:k:CANARY*", "penc:v1:k:CANARY",
        "penc:v2:CANARY CANARY:x", "penc:v2:k:CANARY*", "penc:v2:k:CANARY", "penc:v2:~CANARY:CANARY"}) {
    const auto parts = parse_ciphertext(text);
    ASSERT_FALSE(parts);
    EXPECT_EQ((parts.error().message() + parts.error().hint()).find("CANARY"), std::string::npos);
  }
}

TEST(Ciphertext, ThePythonPackagesRowsSplitTheSame) {
  const auto document = read_vectors("reveal.json");
  std::size_t lenient = 0;
  std::size_t strict = 0;
  for (const auto& row : document.at("rows")) {
    for (const auto& [member, content] : row.items()) {
      static const std::string kMembers[] = {"id",         "keyset",        "env",       "field_type",
                                             "ciphertext", "outcome",       "plaintext", "canonical",
                                             "note",       "peer_exception"};
      ASSERT_NE(std::find(std::begin(kMembers), std::end(kMembers), member), std::end(kMembers)) << member;
    }
    const auto text = row.at("ciphertext").get<std::string>();
    const bool splits =
        !row.value("peer_exception", "").starts_with("ValueError: Not a valid encrypted value");
    EXPECT_EQ(parse_ciphertext(text, Base64Mode::lenient).has_value(), splits) << row.at("id");
    lenient += splits;
    const bool accepted = parse_ciphertext(text).has_value();
    EXPECT_LE(accepted, row.at("canonical").get<bool>()) << row.at("id");
    strict += accepted;
  }
  EXPECT_EQ(document.at("rows").size(), 157U);
  EXPECT_EQ(lenient, 150U);
  // The other canonical rows have a forbidden key id (3) or less than nonce and tag (8).
  EXPECT_EQ(strict, 74U);
}

TEST(Ciphertext, WhatThePythonPackageWritesIsRead) {
  const auto document = read_vectors("protect.json");
  std::size_t read = 0;
  for (const auto& row : document.at("rows")) {
    if (!row.contains("expected_penc")) continue;  // one row gives a digest of a long one
    const auto text = row.at("expected_penc").get<std::string>();
    const auto kid = row.at("kid").get<std::string>();
    const auto parts = parse_ciphertext(text);
    ASSERT_TRUE(parts) << row.at("id");
    EXPECT_EQ(parts->kid, kid);
    EXPECT_EQ(text.size(), ciphertext_v1_size(row.at("plaintext").get<std::string>().size(), kid.size()));
    ++read;
  }
  EXPECT_EQ(read, 20U);
}

}  // namespace
}  // namespace pii
