// Every row of the Python package's tokenize, protect and reveal vectors agrees, or is refused for a reason
// that docs/compatibility.md gives. A row of a refused class still proves the arithmetic, on the names or
// keys we refuse.

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <map>
#include <string>

#include "crypto/hmac.hpp"
#include "crypto/sha256.hpp"
#include "engine/ciphertext_v1.hpp"
#include "engine/token_v1.hpp"
#include "kit/static_provider.hpp"
#include "kit/vector_file.hpp"
#include "pii/normalize.hpp"
#include "pii/pii.hpp"

namespace pii {
namespace {

using Json = kit::VectorFile::Json;

// The rule of docs/formats.md section 1, said once more: a test must not ask the code whether the code is
// right.
bool is_forbidden_name(const std::string& name) {
  static const std::array kSpaces{" ",
                                  "\xc2\xa0",
                                  "\xe1\x9a\x80",
                                  "\xe2\x80\x80",
                                  "\xe2\x80\x81",
                                  "\xe2\x80\x82",
                                  "\xe2\x80\x83",
                                  "\xe2\x80\x84",
                                  "\xe2\x80\x85",
                                  "\xe2\x80\x86",
                                  "\xe2\x80\x87",
                                  "\xe2\x80\x88",
                                  "\xe2\x80\x89",
                                  "\xe2\x80\x8a",
                                  "\xe2\x80\xa8",
                                  "\xe2\x80\xa9",
                                  "\xe2\x80\xaf",
                                  "\xe2\x81\x9f",
                                  "\xe3\x80\x80"};
  if (name.empty() || name.size() > 1024) return true;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto byte = static_cast<unsigned char>(name[i]);
    if (byte < 0x20 || byte == 0x7f || byte == '|' || byte == ':') return true;
    if (byte == 0xc2 && static_cast<unsigned char>(name[i + 1]) < 0xa0) return true;
  }
  for (const std::string_view space : kSpaces) {
    if (name.starts_with(space) || name.ends_with(space)) return true;
  }
  return false;
}

std::string decode_lenient(const std::string& text) {
  std::string bytes(base64url_decoded_capacity(text.size() + 2), '\0');
  const auto size =
      base64url_decode(text + "==", std::as_writable_bytes(std::span(bytes)), Base64Mode::lenient);
  EXPECT_TRUE(size) << "a key of the vectors does not decode";
  bytes.resize(size ? *size : 0);
  return bytes;
}

bool is_acceptable_kid(const std::string& kid) {
  return !kid.empty() && kid.size() <= 64 &&
         kid.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") ==
             std::string::npos;
}

std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

class Classes {
 public:
  void count(const std::string& name) { ++counts_[name]; }
  int operator[](const std::string& name) const {
    const auto found = counts_.find(name);
    return found == counts_.end() ? 0 : found->second;
  }
  ~Classes() {
    for (const auto& [name, number] : counts_) std::printf("  %4d %s\n", number, name.c_str());
  }

 private:
  std::map<std::string, int> counts_;
};

TEST(EcsctxVectors, TokensAgree) {
  const kit::VectorFile file("tokenize", {"keysets"});
  Classes classes;
  for (const Json& row : file.rows()) {
    const auto id = row.at("id").get<std::string>();
    SCOPED_TRACE(id);
    kit::VectorFile::expect_known(
        row, {"id", "keyset", "env", "field_type", "input", "expected_token", "normalized", "note"}, id);
    const Json& document = file["keysets"].at(row.at("keyset").get<std::string>());
    const std::string environment = kit::VectorFile::text(row.at("env"));
    const std::string field = kit::VectorFile::text(row.at("field_type"));
    const std::string input = kit::VectorFile::text(row.at("input"));
    const auto expected = row.at("expected_token").get<std::string>();

    NormalizedValue normalized;
    ASSERT_EQ(normalize(normalization_of(field), input, normalized), ErrorCode::ok);
    if (row.contains("normalized")) {
      EXPECT_EQ(normalized.view(), kit::VectorFile::text(row.at("normalized")));
    }

    bool weak = false;
    for (const auto& [kid, entry] : document.at("keys").items()) {
      weak |= decode_lenient(entry.at("key_b64")).size() < 16;
    }
    const auto keyset = parse_keyset(kit::secret(document.dump()), KeysetUsage::token);
    if (weak) {
      classes.count("refused: weak key");
      ASSERT_FALSE(keyset);
      EXPECT_EQ(keyset.error().code(), ErrorCode::invalid_keyset);
      const auto primary = document.at("primary_kid").get<std::string>();
      crypto::HmacState state;
      std::array<std::byte, crypto::kMacSize> mac;
      crypto::hmac_prepare(bytes_of(decode_lenient(document.at("keys").at(primary).at("key_b64"))), state);
      crypto::hmac_sha256(state, environment + "|" + field, mac.data());
      crypto::hmac_prepare(mac, state);
      crypto::hmac_sha256(state, normalized.view(), mac.data());
      EXPECT_EQ(Token::from_mac(mac).view(), expected);
      continue;
    }
    ASSERT_TRUE(keyset) << keyset.error().message();

    if (is_forbidden_name(environment) || is_forbidden_name(field)) {
      classes.count("refused: forbidden name");
      EXPECT_FALSE(Environment::make(environment) && FieldType::make(field));
      const Keyset::Impl& keys = (*keyset)->impl();
      const engine::TokenKey key(keys, keys.primary_index, {environment, field, 0});
      std::array<std::byte, crypto::kMacSize> mac;
      crypto::hmac_sha256(key.state(), normalized.view(), mac.data());
      EXPECT_EQ(Token::from_mac(mac).view(), expected);
      continue;
    }
    classes.count("agree");
    const auto name = Environment::make(environment);
    ASSERT_TRUE(name) << name.error().message();
    const Pii pii(std::make_shared<kit::StaticProvider>(*keyset), *name);
    const auto token = pii.tokenize(field, input);
    ASSERT_TRUE(token) << token.error().message();
    EXPECT_EQ(token->view(), expected);
  }
  EXPECT_GT(classes["agree"], 250);
}

// The vectors' reveal keyset without what a strict parser refuses: key ids beyond [A-Za-z0-9._-]{1,64}, keys
// that are not 32 bytes.
std::shared_ptr<const Keyset> acceptable_part(const Json& document) {
  Json part = document;
  part["keys"] = Json::object();
  for (const auto& [kid, entry] : document.at("keys").items()) {
    if (is_acceptable_kid(kid) && decode_lenient(entry.at("key_b64")).size() == 32) part["keys"][kid] = entry;
  }
  EXPECT_FALSE(parse_keyset(kit::secret(document.dump()))) << "the whole keyset should have been refused";
  return kit::keyset(part.dump());
}

std::string from_hex(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

std::string to_hex(std::span<const std::byte> bytes) {
  std::string hex;
  for (const std::byte byte : bytes) {
    constexpr char kDigits[] = "0123456789abcdef";
    hex.push_back(kDigits[std::to_integer<unsigned>(byte) >> 4]);
    hex.push_back(kDigits[std::to_integer<unsigned>(byte) & 15]);
  }
  return hex;
}

TEST(EcsctxVectors, CiphertextsAgree) {
  const kit::VectorFile file("protect", {"keysets", "note"});
  Classes classes;
  for (const Json& row : file.rows()) {
    const auto id = row.at("id").get<std::string>();
    SCOPED_TRACE(id);
    kit::VectorFile::expect_known(row,
                                  {"id", "keyset", "env", "field_type", "kid", "plaintext", "nonce_hex",
                                   "expected_penc", "expected_penc_len", "expected_penc_sha256"},
                                  id);
    const auto keyset = acceptable_part(file["keysets"].at(row.at("keyset").get<std::string>()));
    const std::string environment = kit::VectorFile::text(row.at("env"));
    const std::string field = kit::VectorFile::text(row.at("field_type"));
    const std::string plaintext = kit::VectorFile::text(row.at("plaintext"));
    const auto kid = row.at("kid").get<std::string>();
    const std::string nonce = from_hex(row.at("nonce_hex"));
    ASSERT_EQ(nonce.size(), kNonceSize);

    const Keyset::Impl& keys = keyset->impl();
    const std::size_t index = keys.find(kid);
    ASSERT_NE(index, Keyset::Impl::npos);
    const engine::Context context(environment, field, 0);
    std::string sealed(ciphertext_v1_size(plaintext.size(), kid.size()), '\0');
    ASSERT_TRUE(
        engine::seal_v1(keys, index, context, bytes_of(nonce).first<kNonceSize>(), plaintext, sealed.data()));
    if (row.contains("expected_penc")) {
      EXPECT_EQ(sealed, row.at("expected_penc").get<std::string>());
    } else {
      EXPECT_EQ(sealed.size(), row.at("expected_penc_len").get<std::size_t>());
      EXPECT_EQ(to_hex(crypto::sha256(bytes_of(sealed))), row.at("expected_penc_sha256").get<std::string>());
    }
    std::string buffer(sealed.size(), '\0');
    const auto opened = engine::open_v1(keys, context, sealed, buffer, Base64Mode::strict);
    ASSERT_TRUE(opened) << opened.error().message();
    EXPECT_EQ(*opened, plaintext);

    if (is_forbidden_name(environment) || is_forbidden_name(field)) {
      classes.count("refused: forbidden name");
      EXPECT_FALSE(Environment::make(environment) && FieldType::make(field));
      continue;
    }
    classes.count("agree");
    const FullPii pii(std::make_shared<kit::StaticProvider>(nullptr, keyset),
                      Environment::make(environment).value());
    const auto revealed = pii.reveal(field, sealed);
    ASSERT_TRUE(revealed) << revealed.error().message();
    EXPECT_EQ(revealed->expose(), plaintext);
  }
  EXPECT_GT(classes["agree"], 0);
}

struct Answer {
  ErrorCode code = ErrorCode::ok;
  std::string text;
};

Answer reveal(const Keyset& keyset, const engine::Context& context, std::string_view ciphertext,
              Base64Mode mode) {
  std::string buffer(ciphertext.size(), '\0');
  const auto opened = engine::open_v1(keyset.impl(), context, ciphertext, buffer, mode);
  if (!opened) return {opened.error().code(), ""};
  return {ErrorCode::ok, std::string(*opened)};
}

struct RevealRow {
  explicit RevealRow(const Json& row)
      : environment(kit::VectorFile::text(row.at("env"))),
        field(kit::VectorFile::text(row.at("field_type"))),
        ciphertext(kit::VectorFile::text(row.at("ciphertext"))),
        outcome(row.at("outcome").get<std::string>()),
        plaintext(row.contains("plaintext") ? kit::VectorFile::text(row.at("plaintext")) : ""),
        canonical(row.at("canonical").get<bool>()) {
    const std::size_t version_at = ciphertext.find(':') + 1;
    const std::size_t kid_at = ciphertext.find(':', version_at) + 1;
    const std::size_t payload_at = ciphertext.find(':', kid_at) + 1;
    if (!ciphertext.starts_with("penc:") || kid_at == 0 || payload_at == 0) return;
    is_split = true;
    version = ciphertext.substr(version_at, kid_at - version_at - 1);
    kid = ciphertext.substr(kid_at, payload_at - kid_at - 1);
    payload_size = ciphertext.size() - payload_at;
  }

  std::string environment, field, ciphertext, outcome, plaintext;
  bool canonical;
  bool is_split = false;  // into penc, version, key id and payload
  std::string version, kid;
  std::size_t payload_size = 0;
};

void expect_lenient(const RevealRow& row, const Answer& answer, bool kid_is_known) {
  if (!row.is_split || (row.outcome == "malformed" && kid_is_known)) {
    EXPECT_EQ(row.outcome, "malformed");
    EXPECT_EQ(answer.code, ErrorCode::malformed_ciphertext);
  } else if (row.outcome == "ok" && kid_is_known) {
    EXPECT_EQ(answer.code, ErrorCode::ok);
    EXPECT_EQ(answer.text, row.plaintext);
  } else if (row.outcome == "plaintext_not_utf8" && kid_is_known) {
    EXPECT_EQ(answer.code, ErrorCode::invalid_utf8);
  } else {  // auth_failure, unknown_kid, bad_key; or a key that the strict parser refused
    EXPECT_EQ(answer.code, ErrorCode::reveal_failed);
  }
}

void expect_strict(const RevealRow& row, const Answer& answer, bool kid_is_known, Classes& classes) {
  const bool whole = row.payload_size >= base64url_encoded_size(kNonceSize + kTagSize);
  if (row.outcome != "ok" && row.outcome != "plaintext_not_utf8") {
    classes.count("agree: both refuse, " + row.outcome);
    const bool well_formed =
        row.canonical && whole && is_acceptable_kid(row.kid) && row.outcome != "malformed";
    if (well_formed) {
      EXPECT_EQ(answer.code, ErrorCode::reveal_failed);
    } else {
      EXPECT_TRUE(answer.code == ErrorCode::malformed_ciphertext ||
                  answer.code == ErrorCode::unsupported_version);
    }
  } else if (row.version != "v1") {
    classes.count("refused: version not checked by the peer");
    EXPECT_EQ(answer.code, ErrorCode::unsupported_version);
  } else if (!is_acceptable_kid(row.kid)) {
    classes.count("refused: forbidden key id");
    EXPECT_EQ(answer.code, ErrorCode::malformed_ciphertext);
  } else if (!kid_is_known) {
    classes.count("refused: AES key of 16 or 24 bytes");
    EXPECT_EQ(answer.code, ErrorCode::reveal_failed);
  } else if (!row.canonical) {
    classes.count("refused: non-canonical base64");
    EXPECT_EQ(answer.code, ErrorCode::malformed_ciphertext);
  } else if (row.outcome == "plaintext_not_utf8") {
    classes.count("agree: both refuse, " + row.outcome);
    EXPECT_EQ(answer.code, ErrorCode::invalid_utf8);
  } else {
    const bool forbidden = is_forbidden_name(row.environment) || is_forbidden_name(row.field);
    classes.count(forbidden ? "refused: forbidden name" : "agree");
    EXPECT_EQ(answer.code, ErrorCode::ok);
    EXPECT_EQ(answer.text, row.plaintext);
    EXPECT_EQ(Environment::make(row.environment) && FieldType::make(row.field), !forbidden);
  }
}

TEST(EcsctxVectors, RevealsAgree) {
  const kit::VectorFile file("reveal", {"keysets"});
  Classes classes;
  for (const Json& json : file.rows()) {
    const auto id = json.at("id").get<std::string>();
    SCOPED_TRACE(id);
    kit::VectorFile::expect_known(json,
                                  {"id", "keyset", "env", "field_type", "ciphertext", "outcome", "plaintext",
                                   "canonical", "note", "peer_exception"},
                                  id);
    const RevealRow row(json);
    const auto keyset = acceptable_part(file["keysets"].at(json.at("keyset").get<std::string>()));
    const engine::Context context(row.environment, row.field, 0);
    const bool kid_is_known = keyset->impl().find(row.kid) != Keyset::Impl::npos;
    expect_lenient(row, reveal(*keyset, context, row.ciphertext, Base64Mode::lenient), kid_is_known);
    expect_strict(row, reveal(*keyset, context, row.ciphertext, Base64Mode::strict), kid_is_known, classes);
  }
  EXPECT_GT(classes["agree"], 40);
  EXPECT_GT(classes["refused: non-canonical base64"], 20);
}

}  // namespace
}  // namespace pii
