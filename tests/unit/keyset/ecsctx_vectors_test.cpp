// Every keyset that the Python package was given. What it refuses, we refuse; what it loads, we load with the
// same keys, or refuse for one of the reasons of docs/compatibility.md, "Keysets".
#include <gtest/gtest.h>

#include <array>
#include <map>
#include <set>
#include <string>

#include "crypto/hmac.hpp"
#include "keyset/hex.hpp"
#include "keyset/key_text.hpp"
#include "keyset/key_table.hpp"
#include "kit/vector_file.hpp"
#include "unit/keyset/documents.hpp"

namespace pii {
namespace {

using Json = kit::VectorFile::Json;

// A reason for refusing what the peer loads: how our refusal is recognized.
struct Reason {
  ErrorCode code;
  std::string_view words;
};

const std::map<std::string, std::vector<Reason>> kClasses = {
    {"unknown version",
     {{ErrorCode::unsupported_version, "must be the integer 1"},
      {ErrorCode::unsupported_version, "schema version 2 is not supported by this build"}}},
    {"bad primary", {{ErrorCode::invalid_keyset, "primary_kid, byte"}}},
    {"forbidden key id", {{ErrorCode::invalid_keyset, "its id must match"}}},
    {"wrong algorithm",
     {{ErrorCode::invalid_keyset, "alg must be HMAC-SHA-256 or AES-256-GCM"},
      {ErrorCode::invalid_keyset, "alg is not that of the first key"}}},
    {"weak key", {{ErrorCode::invalid_keyset, "the key must have"}}},
    {"non-canonical base64", {{ErrorCode::invalid_keyset, "key_b64 is not canonical base64"}}},
    {"lax JSON",
     {{ErrorCode::malformed_json, "expected a value"},
      {ErrorCode::malformed_json, "expected a digit"},
      {ErrorCode::malformed_json, "half a surrogate pair"},
      {ErrorCode::malformed_json, "stands in this object already"}}},
    {"no keys", {{ErrorCode::invalid_keyset, "must hold at least one key"}}},
};

// Which rows are refused, and why. A row that is not here must load.
const std::map<std::string, std::string> kRefusedOnPurpose = {
    {"keyset-0018", "unknown version"},       // 99
    {"keyset-0019", "unknown version"},       // "1"
    {"keyset-0022", "unknown version"},       // true
    {"keyset-0023", "unknown version"},       // []
    {"keyset-0025", "bad primary"},           // "nope"
    {"keyset-0026", "bad primary"},           // ""
    {"keyset-0027", "bad primary"},           // null
    {"keyset-0028", "bad primary"},           // 1
    {"keyset-0029", "bad primary"},           // []
    {"keyset-0030", "bad primary"},           // {}
    {"keyset-0032", "bad primary"},           // " k1"
    {"keyset-0033", "no keys"},               //
    {"keyset-0043", "wrong algorithm"},       // one key of each purpose
    {"keyset-0045", "wrong algorithm"},       // ""
    {"keyset-0047", "wrong algorithm"},       // null
    {"keyset-0048", "wrong algorithm"},       // 5
    {"keyset-0059", "non-canonical base64"},  // too much padding
    {"keyset-0060", "non-canonical base64"},  // newline at the end
    {"keyset-0061", "non-canonical base64"},  // space before
    {"keyset-0063", "non-canonical base64"},  // space within
    {"keyset-0077", "non-canonical base64"},  // padding within
    {"keyset-0087", "weak key"},              // three bytes
    {"keyset-0088", "weak key"},              // three bytes
    {"keyset-0089", "non-canonical base64"},  // both alphabets
    {"keyset-0090", "non-canonical base64"},  // nothing but foreign characters
    {"keyset-0097", "forbidden key id"},      // empty
    {"keyset-0110", "lax JSON"},              // Infinity
    {"keyset-0112", "unknown version"},       // 1e400
    {"keyset-0117", "unknown version"},       // -0
    {"keyset-0119", "unknown version"},       // beyond 64 bits
    {"keyset-0145", "lax JSON"},              // half a surrogate pair
    {"keyset-0146", "forbidden key id"},      // an emoji
};

// The class that our refusal belongs to, or "" when it belongs to none.
std::string class_of(const Error& error) {
  for (const auto& [name, reasons] : kClasses) {
    for (const Reason& reason : reasons) {
      if (error.code() == reason.code && error.message().find(reason.words) != std::string::npos) return name;
    }
  }
  return "";
}

std::string raw_text(const Json& row) {
  if (row.contains("raw")) return kit::VectorFile::text(row.at("raw"));
  const auto encoded = row.at("raw_b64").get<std::string>();
  std::string text(encoded.size(), '\0');
  const auto size = keyset::decode_key_text(encoded, std::as_writable_bytes(std::span(text)));
  EXPECT_TRUE(size) << "raw_b64";
  text.resize(size.value_or(0));
  return text;
}

// tokenize("x") of the peer: field type generic, environment test.
std::string mac_of_x(const Keyset& keyset) {
  crypto::HmacState scratch;
  std::array<std::byte, crypto::kMacSize> mac;
  const crypto::HmacState& state =
      keyset.impl().token_state(keyset.impl().primary_index, "test", "generic", 7, scratch);
  crypto::hmac_sha256(state, "x", mac.data());
  return keyset::to_hex(mac);
}

std::string mac_of_token(const std::string& token) {
  constexpr std::string_view kPrefix = "ptok:v1:";
  EXPECT_TRUE(token.starts_with(kPrefix));
  std::array<std::byte, 64> mac;
  const auto size = keyset::decode_key_text(std::string_view(token).substr(kPrefix.size()), mac);
  EXPECT_EQ(size, crypto::kMacSize);
  return keyset::to_hex(std::span(mac).first(crypto::kMacSize));
}

void expect_same_keys(const Keyset& ours, const Json& row, const std::string& id) {
  ASSERT_TRUE(row.contains("keys")) << id;
  const Json& theirs = row.at("keys");
  ASSERT_EQ(ours.keys().size(), theirs.size()) << id;
  for (std::size_t i = 0; i < ours.keys().size(); ++i) {
    const KeyInfo& key = ours.keys()[i];
    ASSERT_TRUE(theirs.contains(key.kid)) << id;
    const Json& their = theirs.at(key.kid);
    kit::VectorFile::expect_known(their, {"key_hex", "alg_json", "created_at_json"}, id);
    EXPECT_EQ(keyset::to_hex(ours.impl().key(i)), their.at("key_hex").get<std::string>()) << id;
    EXPECT_EQ("\"" + std::string(key.algorithm) + "\"", their.at("alg_json").get<std::string>()) << id;
    const auto date = their.at("created_at_json").get<std::string>();
    const bool is_text = date.starts_with('"');
    EXPECT_EQ(key.created_at, is_text ? date.substr(1, date.size() - 2) : "") << id;
  }
  EXPECT_TRUE(row.at("schema_version_json") == "1" || row.at("schema_version_json") == "2") << id;
  EXPECT_EQ("\"" + ours.primary_kid() + "\"", row.at("primary_kid_json").get<std::string>()) << id;
  if (ours.usage() == KeysetUsage::token) {
    EXPECT_EQ(mac_of_x(ours), mac_of_token(row.at("tokenize_x_generic").get<std::string>())) << id;
  }
}

TEST(EcsctxKeysets, EveryRowAgreesOrIsRefusedOnPurpose) {
  const kit::VectorFile file("keyset", {"note"});
  std::set<std::string> seen;
  for (const Json& row : file.rows()) {
    const auto id = row.at("id").get<std::string>();
    seen.insert(id);
    kit::VectorFile::expect_known(
        row,
        {"id", "raw", "raw_b64", "note", "outcome", "peer_exception", "schema_version_json",
         "primary_kid_json", "keys", "keys_omitted", "tokenize_x_generic", "tokenize_error",
         "protect_reveal_ok", "protect_error"},
        id);
    const auto ours = kit::parse(raw_text(row));
    const bool peer_loads = row.at("outcome") == "ok";
    ASSERT_TRUE(peer_loads || row.at("outcome") == "error") << id;
    const auto listed = kRefusedOnPurpose.find(id);

    if (!peer_loads) {
      EXPECT_FALSE(ours) << id << ": the peer refuses it";
      EXPECT_EQ(listed, kRefusedOnPurpose.end()) << id << ": the peer refuses it too";
    } else if (listed == kRefusedOnPurpose.end()) {
      ASSERT_TRUE(ours) << id << ": " << ours.error().message();
      expect_same_keys(**ours, row, id);
    } else {
      ASSERT_FALSE(ours) << id << " is in the list of refused rows";
      EXPECT_EQ(class_of(ours.error()), listed->second) << id << ": " << ours.error().message();
    }
  }
  for (const auto& [id, reason] : kRefusedOnPurpose) EXPECT_TRUE(seen.count(id) != 0) << id << " is no row";
}

}  // namespace
}  // namespace pii
