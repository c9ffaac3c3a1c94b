#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pii/key_life.hpp"
#include "pii/keyset.hpp"

namespace piictl {

/// What may be told of a keyset, wherever it was learnt.
struct KeysetSummary {
  struct Key {
    std::string kid;
    std::string algorithm;
    std::string status;
    std::string created_at;  // may be empty
    std::string check_value;
  };
  std::string usage;
  std::optional<std::uint64_t> revision;  // of the secret in Vault
  std::string primary_kid;
  std::vector<Key> keys;
  // What schema 2 says beside it.
  int schema_version = 1;
  std::string env;
  std::uint64_t edition = 0;  // the document's own revision
  pii::key_life::NextStep next = {};
};

/// The key that the keyset's policy says to write with; in a keyset of indexes or format-preserving tokens alone the only
/// active one; empty when none is.
std::string writing_kid(const pii::Keyset& keyset);

KeysetSummary summarize(const pii::Keyset& keyset, std::optional<std::uint64_t> revision = std::nullopt);
/// Of a document of schema 2, with the keys of every status.
KeysetSummary summarize(const pii::KeysetRecord& keyset, pii::Seconds now,
                        std::optional<std::uint64_t> revision = std::nullopt);
/// Of a document of either schema. Errors: those of parse_keyset.
pii::Result<KeysetSummary> summarize_document(const pii::SecretBytes& document,
                                              std::optional<std::uint64_t> revision = std::nullopt);

/// A summary as custom metadata of a KV secret, and back; nothing when the metadata is not of this form.
std::map<std::string, std::string> to_custom_metadata(const KeysetSummary& summary, std::string_view id);
std::optional<KeysetSummary> from_custom_metadata(const std::map<std::string, std::string>& custom);

}  // namespace piictl
