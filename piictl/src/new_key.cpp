#include "new_key.hpp"

#include <ctime>

#include "pii/keyset_draft.hpp"
#include "pii/names.hpp"

namespace piictl {

using pii::Error;
using pii::ErrorCode;
using pii::KeyAlgorithm;
using pii::KeyParams;
using pii::KeyRecord;
using pii::KeysetRecord;
using pii::Result;

void NewKeyFlags::declare(OptionList& options) {
  options.add_text("--alg", algorithm, "ALGORITHM", "the key's algorithm (default: that of the primary)")
      .choices = {"HMAC-SHA-256", "AES-256-GCM", "PII-TOK-2",   "PII-IDX-2",
                  "PII-FF1-2",    "PII-AEAD-2",  "XAES-256-GCM"};
  OptionSpec& len =
      options.add_number("--len", length, "BYTES", "PII-TOK-2: bytes of a token, 16 to 32 (default 16)");
  len.minimum = 16;
  len.maximum = 32;
  options
      .add_number("--pad", padding, "BYTES",
                  "ciphertexts of version 2: pad to 16, 32 or 64 bytes (default 0)")
      .maximum = 64;
  OptionSpec& index = options.add_number("--bits", bits, "N", "PII-IDX-2: bits of an index, 4 to 64");
  index.minimum = 4;
  index.maximum = 64;
  options.add_text("--alphabet", alphabet, "CHARACTERS", "PII-FF1-2: the letters and digits that values are made of");
}

std::string first_kid(KeyAlgorithm algorithm) {
  switch (algorithm) {
    case KeyAlgorithm::hmac_sha_256:
      return "tk1";
    case KeyAlgorithm::aes_256_gcm:
      return "rk1";
    case KeyAlgorithm::pii_tok_2:
      return "tok1";
    case KeyAlgorithm::pii_idx_2:
      return "idx1";
    case KeyAlgorithm::pii_ff1_2:
      return "ff1";
    case KeyAlgorithm::pii_aead_2:
    case KeyAlgorithm::xaes_256_gcm:
      return "enc1";
  }
  return {};
}

const KeyRecord* written_key(const KeysetRecord& keyset) {
  if (const KeyRecord* main = keyset.active(keyset.policy.write_version, main_role_of(keyset.usage))) return main;
  const KeyRecord* only = nullptr;
  for (const KeyRecord& key : keyset.keys) {
    if (key.status != pii::KeyStatus::active) continue;
    if (only != nullptr) return nullptr;
    only = &key;
  }
  return only;
}

Result<std::string> NewKeyFlags::stage(KeysetRecord& keyset, std::string kid, pii::Seconds now,
                                       const std::string& follows) const {
  const KeyRecord* model = follows.empty() ? written_key(keyset) : keyset.find(follows);
  KeyAlgorithm type = KeyAlgorithm::hmac_sha_256;
  if (!algorithm.empty()) {
    type = *pii::parse_key_algorithm(algorithm);
    if (follows.empty()) model = keyset.active(version_of(type), role_of(type));
  } else if (model != nullptr) {
    type = model->algorithm;
  } else {
    return Error(ErrorCode::usage, "several keys are active, and none is the primary to take the algorithm from",
                 "--alg ALGORITHM; piictl keyset info FILE shows the keys");
  }
  KeyParams params = model != nullptr && model->algorithm == type ? model->params : KeyParams{};
  const bool is_cipher = role_of(type) == pii::KeyRole::encrypt && version_of(type) == 2;
  if ((length != 0 && type != KeyAlgorithm::pii_tok_2) || (padding != kUnset && !is_cipher) ||
      (bits != 0 && type != KeyAlgorithm::pii_idx_2) ||
      (!alphabet.empty() && type != KeyAlgorithm::pii_ff1_2)) {
    return Error(
        ErrorCode::usage, "a parameter does not belong to " + std::string(to_string(type)),
        "--len: PII-TOK-2; --pad: PII-AEAD-2, XAES-256-GCM; --bits: PII-IDX-2; --alphabet: PII-FF1-2");
  }
  if (length != 0) params.token_length = static_cast<std::uint8_t>(length);
  if (padding != kUnset) params.padding = static_cast<std::uint8_t>(padding);
  if (bits != 0) params.index_bits = static_cast<std::uint8_t>(bits);
  if (!alphabet.empty()) params.alphabet = alphabet;
  if (type == KeyAlgorithm::pii_idx_2 && params.index_bits == 0) {
    return Error(ErrorCode::usage, "a PII-IDX-2 key needs --bits N", "piictl index plan proposes how many");
  }
  if (type == KeyAlgorithm::pii_ff1_2 && params.alphabet.empty()) {
    return Error(ErrorCode::usage, "a PII-FF1-2 key needs --alphabet CHARACTERS", "for example 0123456789");
  }
  if (kid.empty()) {
    kid = first_kid(type);
    if (model != nullptr || keyset.find(kid) != nullptr) {
      auto next = pii::key_life::next_kid(keyset, model != nullptr ? model->kid : kid);
      if (!next) return next;
      kid = *std::move(next);
    }
  }
  if (auto staged = pii::key_life::stage(keyset, kid, type, params, now); !staged) return staged.error();
  return kid;
}

namespace {

// Nobody reads the keyset yet, so nobody has to be waited for.
Result<std::string> stage_and_promote(KeysetRecord& keyset, const NewKeyFlags& key, const std::string& kid,
                                      pii::Seconds now) {
  auto staged = key.stage(keyset, kid, now);
  if (!staged) return staged;
  const auto promoted = pii::key_life::promote(keyset, *staged, now, {.force = true});
  if (!promoted) return promoted.error();
  return staged;
}

}  // namespace

Result<pii::SecretBytes> make_new_keyset(const NewKeyset& wanted, std::string& kid) {
  if (!wanted.version_2 && !wanted.version_1) {
    return Error(ErrorCode::usage, "a keyset without version 1 writes version 2", "add --write-version 2");
  }
  const auto algorithm = pii::parse_key_algorithm(wanted.key.algorithm);
  if (algorithm && usage_of(*algorithm) != wanted.usage) {
    return Error(ErrorCode::usage, wanted.key.algorithm + " is no algorithm of a " + std::string(to_string(wanted.usage)) + " keyset",
                 "--usage " + std::string(to_string(usage_of(*algorithm))) + ", or another --alg");
  }
  if (!wanted.env.empty()) {
    if (const auto environment = pii::Environment::make(wanted.env); !environment) return environment.error();
  }
  const pii::Seconds now = std::time(nullptr);
  pii::KeysetDraft draft = pii::KeysetDraft::make(wanted.usage);
  KeysetRecord& keyset = draft.record();
  keyset.identity.env = wanted.env;
  keyset.identity.name = wanted.name;
  keyset.identity.owner = wanted.owner;
  const bool token = wanted.usage == pii::KeysetUsage::token;
  if (wanted.version_1) {
    NewKeyFlags key;
    if (!wanted.version_2) key = wanted.key;
    if (key.algorithm.empty()) key.algorithm = token ? "HMAC-SHA-256" : "AES-256-GCM";
    auto made = stage_and_promote(keyset, key, wanted.version_2 ? std::string() : wanted.kid, now);
    if (!made) return std::move(made).error();
    kid = *std::move(made);
  }
  if (wanted.version_2) {
    NewKeyFlags key = wanted.key;
    if (key.algorithm.empty()) key.algorithm = token ? "PII-TOK-2" : "PII-AEAD-2";
    auto made = stage_and_promote(keyset, key, wanted.kid, now);
    if (!made) return std::move(made).error();
    kid = *std::move(made);
    keyset.policy.write_version = 2;
    keyset.policy.accept_v1 = wanted.version_1;
  }
  return draft.write(now);
}

}  // namespace piictl
