#include "pii/keyset_draft.hpp"

#include <utility>

#include "keyset/draft_state.hpp"
#include "keyset/hex.hpp"
#include "keyset/keyset_digest.hpp"
#include "keyset/keyset_rules.hpp"
#include "keyset/read_keyset.hpp"
#include "pii/base64url.hpp"

namespace pii {
namespace {

using keyset::TextWriter;

constexpr std::size_t kIdSize = 16;

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
  record->check_value = keyset::check_value_of(key.expose());
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
                 "no version 1 key is active, so a version 1 reader could not use it");
  }
  SecretBytes document =
      keyset::write_secret([this](TextWriter& out) { keyset::write_schema_1(out, *state_); });
  if (auto parsed = parse_keyset(document, state_->record.usage); !parsed) return parsed.error();
  return document;
}

}  // namespace pii
