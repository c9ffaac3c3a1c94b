#include "pii/keyset_draft.hpp"

#include <utility>

#include "keyset/draft_state.hpp"
#include "keyset/hex.hpp"
#include "keyset/key_material.hpp"
#include "keyset/key_text.hpp"
#include "keyset/keyset_digest.hpp"
#include "keyset/keyset_rules.hpp"
#include "keyset/read_keyset.hpp"
#include "pii/base64url.hpp"

namespace pii {
namespace {

using keyset::TextWriter;

constexpr std::size_t kIdSize = 16;

// A key's bytes: of a document that was read in its JSON string, else in base64url as they were made.
Result<SecretBytes> bytes_of(const KeyRecord& record, const KeysetDraft::State::Key& key) {
  std::size_t size = 0;
  SecretBytes bytes;
  if (key.written.empty()) {
    bytes = SecretBytes(base64url_decoded_capacity(key.own.size()) + 2);
    size = keyset::decode_key_text(keyset::text_of(key.own), bytes.expose_mutable()).value_or(0);
  } else {
    auto parsed = json::Document::parse(key.written, {kMaxKeysetSize, kMaxKeysetDepth});
    if (!parsed) return std::move(parsed).error();
    bytes = SecretBytes(keyset::KeyDecoder::capacity(parsed->root()));
    const auto decoded = keyset::KeyDecoder().decode(record.kid, record.algorithm, parsed->root(), bytes.expose_mutable());
    if (!decoded) return decoded.error();
    size = *decoded;
  }
  bytes.shrink(size);
  return bytes;
}

// Check values are public and tell nearly all pairs apart; only what they do not tell apart is compared.
Result<void> check_other_bytes(const KeysetDraft::State& state, const SecretBytes& bytes, std::string_view check_value) {
  for (const KeyRecord& other : state.record.keys) {
    if (other.check_value != check_value && !other.check_value.empty()) continue;
    if (other.status == KeyStatus::destroyed) {
      if (other.check_value.empty()) continue;
      return Error(ErrorCode::already_exists, "its check value is that of key " + other.kid + ", which was destroyed",
                   "a destroyed key does not come back under another id: piictl key stage FILE makes a new one");
    }
    const auto found = state.keys.find(other.kid);
    if (found == state.keys.end()) continue;
    const auto others = bytes_of(other, found->second);
    if (!others) return others.error();
    if (!(bytes == *others)) continue;
    return Error(ErrorCode::already_exists, "it is the same key as " + other.kid + ", which is " + std::string(to_string(other.status)),
                 is_live(other.status) ? "the keyset has it already: piictl keyset info FILE shows it"
                                       : "piictl key enable FILE " + other.kid + " brings that one back");
  }
  return {};
}

std::string random_id() { return keyset::to_hex(SecretBytes::random(kIdSize).expose()); }

}  // namespace

KeysetDraft::KeysetDraft(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
KeysetDraft::KeysetDraft(KeysetDraft&& other) noexcept = default;
KeysetDraft& KeysetDraft::operator=(KeysetDraft&& other) noexcept = default;
KeysetDraft::~KeysetDraft() = default;

const KeysetRecord& KeysetDraft::record() const noexcept { return state_->record; }
KeysetRecord& KeysetDraft::record() noexcept { return state_->record; }
bool KeysetDraft::was_signed() const noexcept { return state_->was_signed; }

KeysetDraft KeysetDraft::make(KeysetUsage usage) {
  auto state = std::make_unique<State>();
  state->record.schema_version = 2;
  state->record.usage = usage;
  state->record.identity.id = random_id();
  return KeysetDraft(std::move(state));
}

Result<KeysetDraft> KeysetDraft::read(SecretBytes document) {
  auto state = std::make_unique<State>();
  state->document = std::move(document);
  auto text = keyset::read_json(state->document);
  if (!text) return std::move(text).error();
  state->text = *std::move(text);  // nodes point to it from here on
  const json::Node root = state->text->root();
  auto read = keyset::read_keyset(root, std::nullopt);
  if (!read) return std::move(read).error();
  if (auto table = keyset::make_key_table(*read); !table) return std::move(table).error();

  state->record = std::move(read->record);
  for (keyset::ReadKey& key : read->keys) {
    const std::string& kid = key.record.kid;
    if (key.material) state->keys[kid].written = key.material->text();
    if (!key.extras.empty()) state->key_extras[kid] = std::move(key.extras);
    state->record.keys.push_back(std::move(key.record));
  }
  state->extras = std::move(read->extras);
  state->keyset_extras = std::move(read->keyset_extras);
  state->policy_extras = std::move(read->policy_extras);
  state->v2_extras = std::move(read->v2_extras);
  const auto integrity = root.find("integrity");
  state->was_signed = integrity && integrity->find("sig");
  return KeysetDraft(std::move(state));
}

Result<void> KeysetDraft::set_key(std::string_view kid, SecretBytes key) {
  KeyRecord* record = state_->record.find(kid);
  if (record == nullptr || state_->keys.contains(kid)) {
    return Error(ErrorCode::usage, "only a new key of the record can be given its bytes");
  }
  const bool hmac = record->algorithm == KeyAlgorithm::hmac_sha_256;
  const bool right = hmac ? key.size() >= keyset::kMinHmacKeySize && key.size() <= keyset::kMaxHmacKeySize
                          : key.size() == keyset::kNewKeySize;
  if (!right) {
    return Error(ErrorCode::invalid_keyset, "key " + record->kid + ": must have " +
                                                (hmac ? "16 to 1024" : "32") + " bytes, and this one has " +
                                                std::to_string(key.size()));
  }
  std::string check_value = keyset::check_value_of(key.expose());
  if (auto fresh = check_other_bytes(*state_, key, check_value); !fresh) return fresh;
  record->check_value = std::move(check_value);
  SecretBytes text(base64url_encoded_size(key.size()));
  base64url_encode(key.expose(), reinterpret_cast<char*>(text.expose_mutable().data()));
  state_->keys[record->kid].own = std::move(text);
  return {};
}

Result<void> KeysetDraft::upgrade(Seconds now) {
  KeysetRecord& record = state_->record;
  if (record.schema_version == 2) {
    return Error(ErrorCode::already_exists, "the keyset is of schema 2 already");
  }
  record.schema_version = 2;
  record.identity.id = random_id();
  for (KeyRecord& key : record.keys) {
    if (key.status == KeyStatus::retiring) key.retired_at = now;  // nobody wrote down when it was
  }
  return {};
}

Result<SecretBytes> KeysetDraft::write(Seconds now) {
  KeysetRecord& record = state_->record;
  if (record.schema_version != 2) {
    return Error(ErrorCode::usage, "a keyset of schema 1 is not written with states",
                 "piictl keyset upgrade FILE makes it one of schema 2");
  }
  for (const KeyRecord& key : record.keys) {
    if (key.status == KeyStatus::destroyed) {
      state_->keys.erase(key.kid);
    } else if (!state_->keys.contains(key.kid)) {
      if (auto made = set_key(key.kid, SecretBytes::random(keyset::kNewKeySize)); !made) return made.error();
    }
  }
  ++record.identity.revision;
  record.identity.updated_at = now;
  SecretBytes document =
      keyset::write_secret([this](TextWriter& out) { keyset::write_schema_2(out, *state_); });
  if (auto ok = keyset::renew_digest(document); !ok) return ok.error();
  if (auto parsed = parse_keyset(document, record.usage); !parsed) return parsed.error();
  return document;
}

Result<SecretBytes> KeysetDraft::write_schema_1() const {
  if (state_->record.active(1, main_role_of(state_->record.usage)) == nullptr) {
    return Error(ErrorCode::guard_refused,
                 "no version 1 key is active, so a version 1 reader could not use it",
                 "piictl key stage FILE --alg HMAC-SHA-256 (or AES-256-GCM) and piictl key promote FILE give it one");
  }
  SecretBytes document =
      keyset::write_secret([this](TextWriter& out) { keyset::write_schema_1(out, *state_); });
  if (auto parsed = parse_keyset(document, state_->record.usage); !parsed) return parsed.error();
  return document;
}

}  // namespace pii
