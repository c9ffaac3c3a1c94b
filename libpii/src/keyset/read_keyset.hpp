#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "json/document.hpp"
#include "keyset/key_table.hpp"
#include "pii/keyset_record.hpp"
#include "pii/result.hpp"

namespace pii::keyset {

/// A key as it stands in a document.
struct ReadKey {
  KeyRecord record;
  std::string created_text;               // as written, or empty when it is not short printable ASCII
  std::optional<json::Node> material;     // key_b64; none of a destroyed key
  std::vector<json::Member> extras = {};  // members that mean nothing to us and stay
};

/// A document of either schema as it was read, its keys not yet decoded. Valid while the document is.
struct ReadKeyset {
  KeysetRecord record;        // but its keys, which are in `keys`
  std::vector<ReadKey> keys;  // live ones of version 1, of version 2, disabled, destroyed
  std::string primary_kid;    // of version 1; may be empty in schema 2
  std::vector<json::Member> extras = {};
  std::vector<json::Member> keyset_extras = {};
  std::vector<json::Member> policy_extras = {};
  std::vector<json::Member> v2_extras = {};
};

/// Reads a document (docs/formats.md section 3). `usage`, when given, must be the document's. Errors: those
/// of parse_keyset, but for the keys themselves.
Result<ReadKeyset> read_keyset(const json::Node& root, std::optional<KeysetUsage> usage);
/// The two schemas, each after the version has been looked at.
Result<ReadKeyset> read_schema_1(const json::Node& root, std::optional<KeysetUsage> usage);
Result<ReadKeyset> read_schema_2(const json::Node& root, std::optional<KeysetUsage> usage);

/// Decodes the live keys into a table, and the others to check them. Fills in every check value.
Result<std::unique_ptr<KeyTable>> make_key_table(ReadKeyset& read);

/// A member's name as a key id: empty when it is too long for one.
std::string kid_of(const json::Node& name);
/// The error of a keyset of the wrong usage.
Error wrong_usage(const json::Node& place, KeysetUsage wanted, KeysetUsage found);
inline constexpr std::string_view kDocument = "document";

}  // namespace pii::keyset
