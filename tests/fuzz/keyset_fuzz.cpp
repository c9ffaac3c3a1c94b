// Keyset documents: whatever is thrown at the parser, what it accepts can be rotated and linted, and a
// rotation keeps the old keys and makes the new one the primary.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>

#include "keyset/key_table.hpp"
#include "keyset/keyset_rules.hpp"
#include "pii/keyset_document.hpp"
#include "pii/keyset_draft.hpp"
#include "pii/keyset_seal.hpp"
#include "pii/keyset_signature.hpp"

namespace {

using pii::Keyset;
using pii::KeysetUsage;
using pii::SecretBytes;

// Stays in release builds, unlike assert.
void must(bool holds) {
  if (!holds) std::abort();
}

bool has_key(const Keyset& keyset, const std::string& kid) {
  return std::any_of(keyset.keys().begin(), keyset.keys().end(),
                     [&](const auto& key) { return key.kid == kid; });
}

// Schema 2: live keys of both versions with their states, and what is written of it reads the same.
void check_schema_2(const SecretBytes& document, const Keyset& keyset) {
  const pii::KeyTable& table = keyset.impl();
  must(keyset.keys().size() <= pii::kMaxKeysetKeys && table.v1_count() <= keyset.keys().size());
  for (std::size_t i = 0; i < keyset.keys().size(); ++i) {
    const pii::KeyInfo& key = keyset.keys()[i];
    must(key.version == (i < table.v1_count() ? 1 : 2) && table.find(key.kid, key.version) == i);
    must(table.key(i).size() == key.key_size && pii::is_live(key.state));
    must(key.version == 1 || key.key_size == 32);
    if (key.version == 1) must((key.status == "active") == (i == table.primary_index));
  }
  auto draft = pii::KeysetDraft::read(SecretBytes::copy_of(document.expose()));
  must(draft.has_value());
  const auto written = draft->write(1'800'000'000);
  if (!written) {  // it was just within the limits
    must(written.error().code() == pii::ErrorCode::too_large || keyset.identity().revision == std::uint64_t{1}
                                                                                                  << 53);
    return;
  }
  const auto again = pii::parse_keyset(*written, keyset.usage());
  must(again.has_value() && (*again)->keys().size() == keyset.keys().size());
  for (std::size_t i = 0; i < keyset.keys().size(); ++i) {
    must((*again)->keys()[i].kid == keyset.keys()[i].kid &&
         (*again)->keys()[i].status == keyset.keys()[i].status);
    must((*again)->keys()[i].params == keyset.keys()[i].params);
    must(std::ranges::equal((*again)->impl().key(i), table.key(i)));
  }
  must((*again)->policy() == keyset.policy());
  must((*again)->identity().revision == keyset.identity().revision + 1);
  must(!pii::rotate_keyset_document(document, {"fuzz-new", "2026-01-01T00:00:00Z"}).has_value());
}

void check_keyset(const Keyset& keyset) {
  const std::size_t count = keyset.keys().size();
  must(count >= 1 && count <= pii::kMaxKeysetKeys);
  must(keyset.impl().find(keyset.primary_kid()) == keyset.impl().primary_index);
  for (std::size_t i = 0; i < count; ++i) {
    const pii::KeyInfo& key = keyset.keys()[i];
    must(keyset.impl().find(key.kid) == i);
    must(keyset.impl().key(i).size() == key.key_size);
    must((key.status == "active") == (i == keyset.impl().primary_index));
    must(keyset.usage() == KeysetUsage::token ? key.key_size >= 16 && key.key_size <= 1024
                                              : key.key_size == 32);
  }
}

void check_rotation(const SecretBytes& document, const Keyset& old) {
  const pii::NewKey key{"fuzz-new", "2026-01-01T00:00:00Z"};
  const auto rotated = pii::rotate_keyset_document(document, key);
  if (!rotated) {
    must((rotated.error().code() == pii::ErrorCode::already_exists && has_key(old, key.kid)) ||
         rotated.error().code() == pii::ErrorCode::too_large);
    return;
  }
  const auto parsed = pii::parse_keyset(*rotated, old.usage());
  must(parsed.has_value());
  must((*parsed)->primary_kid() == key.kid && (*parsed)->keys()[0].kid == key.kid);
  must((*parsed)->keys().size() == old.keys().size() + 1);
  for (std::size_t i = 0; i < old.keys().size(); ++i) {
    must((*parsed)->keys()[i + 1].kid == old.keys()[i].kid);
    must((*parsed)->keys()[i + 1].created_at == old.keys()[i].created_at);
    must(std::ranges::equal((*parsed)->impl().key(i + 1), old.impl().key(i)));
  }
  // Nothing was taken out but the primary's name and the digest.
  must(rotated->size() + old.primary_kid().size() * 6 >= document.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const SecretBytes document = SecretBytes::copy_of(std::as_bytes(std::span(data, size)));
  const auto parsed = pii::parse_keyset(document);
  const auto findings = pii::lint_keyset_document(document);
  must(parsed.has_value() == findings.has_value());
  // What opens a sealed keyset costs a second, so only what is refused before that is tried.
  if (pii::is_sealed_document(document)) must(!parsed.has_value());
  constexpr std::string_view kSomebody = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
  must(!pii::verify_keyset_document(document, kSomebody).has_value());
  if (!parsed) {
    must(!pii::rotate_keyset_document(document, {"fuzz-new", "2026-01-01T00:00:00Z"}).has_value());
    must(parsed.error().message() == findings.error().message());
    return 0;
  }
  if ((*parsed)->schema_version() == 2) {
    check_schema_2(document, **parsed);
    return 0;
  }
  check_keyset(**parsed);
  for (const KeysetUsage usage : {KeysetUsage::token, KeysetUsage::reveal}) {
    must(pii::parse_keyset(document, usage).has_value() == ((*parsed)->usage() == usage));
  }
  check_rotation(document, **parsed);
  return 0;
}
