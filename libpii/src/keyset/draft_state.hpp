#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/document.hpp"
#include "keyset/secret_text.hpp"
#include "pii/keyset_draft.hpp"
#include "pii/keyset_record.hpp"
#include "pii/secret.hpp"

namespace pii {

/// What a draft holds: the record, and beside it the text that the rest stands in.
struct KeysetDraft::State {
  /// A key as a JSON string: in the document it was read from, or made.
  struct Key {
    std::string_view written;  // with its quotes
    SecretBytes own;           // base64url, without
  };

  SecretBytes document;
  std::optional<json::Document> text;  // of `document`; absent in a new draft
  KeysetRecord record;
  std::map<std::string, Key, std::less<>> keys;
  std::map<std::string, std::vector<json::Member>, std::less<>> key_extras;
  std::vector<json::Member> extras;
  std::vector<json::Member> keyset_extras;
  std::vector<json::Member> policy_extras;
  std::vector<json::Member> v2_extras;
  bool was_signed = false;
};

namespace keyset {

/// Writes the draft as a document of schema 2, with a blank digest. Every key that is not destroyed must have
/// its bytes.
void write_schema_2(TextWriter& out, const KeysetDraft::State& draft);
/// Its live keys of version 1 as a document of schema 1.
void write_schema_1(TextWriter& out, const KeysetDraft::State& draft);

}  // namespace keyset
}  // namespace pii
