#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/traces.hpp"
#include "crypto/sha256.hpp"
#include "json/document.hpp"
#include "keyset/hex.hpp"
#include "keyset/key_material.hpp"
#include "keyset/keyset_digest.hpp"
#include "keyset/keyset_rules.hpp"
#include "keyset/read_keyset.hpp"
#include "keyset/refusal.hpp"
#include "keyset/timestamp.hpp"
#include "pii/keyset.hpp"

namespace pii {
namespace keyset {
namespace {

using json::Node;

constexpr std::size_t kLongestEscape = 6;
constexpr std::size_t kMaxKidSize = 64;

Result<int> read_version(const Node& root) {
  constexpr std::string_view kPlace = "schema_version";
  const auto version = root.find(kPlace);
  if (!version && root.find("sealed")) {
    const Error error = refuse(kDocument, root, "is a sealed keyset");
    return Error(error.code(), error.message(), "piictl keyset unseal FILE --out KEYSET opens it");
  }
  if (!version) return refuse(kDocument, root, "schema_version is missing");
  if (version->text() == "1") return 1;
  if (version->text() == "2") return 2;
  return refuse(kPlace, *version, "must be the integer 1 or 2", ErrorCode::unsupported_version);
}

Result<void> check_digest(const Node& root) {
  auto written = find_digest(root);
  if (!written) return written.error();
  if (!*written) return {};
  auto computed = document_digest(root);
  if (!computed) return computed.error();
  if ((*written)->equals(*computed)) return {};
  const Error error = refuse("integrity.digest", **written, "is not the digest of this document");
  return Error(error.code(), error.message(),
               "the document was damaged, cut short, or edited without making its digest anew");
}

KeyInfo info_of(const ReadKey& key, std::size_t size) {
  const KeyRecord& record = key.record;
  return {
      record.kid, to_string(record.algorithm),  to_string(record.status), key.created_text, size,
      {},         version_of(record.algorithm), record.algorithm,         record.status,    record.params};
}

// Fills the check value in, or compares it with what is written.
Result<void> take_check_value(ReadKey& key, const std::string& computed) {
  std::string& written = key.record.check_value;
  if (written.empty()) written = computed;
  if (written == computed) return {};
  return refuse("key " + key.record.kid, *key.material, "its kcv is not that of its key");
}

// Keys that are out of use are looked at and forgotten.
Result<void> check_stored_keys(ReadKeyset& read, KeyDecoder& decoder) {
  for (ReadKey& key : read.keys) {
    if (is_live(key.record.status) || !key.material) continue;
    SecretBytes bytes(KeyDecoder::capacity(*key.material));
    auto size = decoder.decode(key.record.kid, key.record.algorithm, *key.material, bytes.expose_mutable());
    if (!size) return std::move(size).error();
    if (auto ok = take_check_value(key, check_value_of(bytes.expose().first(*size))); !ok) return ok;
  }
  return {};
}

}  // namespace

std::string kid_of(const Node& name) {
  if (name.raw().size() > kLongestEscape * kMaxKidSize) return {};
  std::string kid(name.raw().size(), '\0');
  kid.resize(name.unescape(kid.data()));
  return kid;
}

Error wrong_usage(const Node& place, KeysetUsage wanted, KeysetUsage found) {
  const auto named = [](KeysetUsage usage) {
    return "a " + std::string(to_string(usage)) + " keyset (" + std::string(to_string(algorithm_of(usage))) +
           ")";
  };
  const Error error = refuse("keys", place, named(wanted) + " is needed, and this is " + named(found));
  return Error(error.code(), error.message(),
               "token and reveal keysets are two files: is this the right one? piictl keyset create --usage " +
                   std::string(to_string(wanted)) + " --out FILE makes the other");
}

Result<ReadKeyset> read_keyset(const Node& root, std::optional<KeysetUsage> usage) {
  if (root.kind() != json::Kind::object) return refuse(kDocument, root, "must be an object");
  const auto version = read_version(root);
  if (!version) return version.error();
  if (auto ok = check_digest(root); !ok) return ok.error();
  return *version == 1 ? read_schema_1(root, usage) : read_schema_2(root, usage);
}

Result<std::unique_ptr<KeyTable>> make_key_table(ReadKeyset& read) {
  auto table = std::make_unique<KeyTable>();
  KeyDecoder decoder;
  std::size_t capacity = 0;
  for (const ReadKey& key : read.keys) {
    if (is_live(key.record.status)) capacity += KeyDecoder::capacity(*key.material);
  }
  SecretBytes bytes(capacity);
  std::size_t used = 0;
  for (const ReadKey& key : read.keys) {
    if (!is_live(key.record.status)) continue;
    const auto size = decoder.decode(key.record.kid, key.record.algorithm, *key.material,
                                     bytes.expose_mutable().subspan(used));
    if (!size) return size.error();
    if (key.record.kid == read.primary_kid) {
      table->primary_index = table->keys.size();
      table->primary_kid = read.primary_kid;
    }
    table->keys.push_back(info_of(key, *size));
    used += *size;
  }
  bytes.shrink(used);
  table->usage = read.record.usage;
  table->schema_version = read.record.schema_version;
  table->policy = read.record.policy;
  table->identity = read.record.identity;
  if (auto ok = table->adopt(std::move(bytes)); !ok) return ok.error();

  std::size_t live = 0;
  for (ReadKey& key : read.keys) {
    if (!is_live(key.record.status)) continue;
    if (auto ok = take_check_value(key, table->keys[live++].check_value); !ok) return ok.error();
  }
  if (auto ok = check_stored_keys(read, decoder); !ok) return ok.error();
  return table;
}

}  // namespace keyset

namespace {

[[gnu::noinline]] Result<std::shared_ptr<const Keyset>> parse(const SecretBytes& document,
                                                              std::optional<KeysetUsage> usage) {
  auto text = keyset::read_json(document);
  if (!text) return text.error();
  auto read = keyset::read_keyset(text->root(), usage);
  if (!read) return read.error();
  auto table = keyset::make_key_table(*read);
  if (!table) return table.error();
  (*table)->fingerprint = keyset::to_hex(crypto::sha256(document.expose()));
  return std::make_shared<const Keyset>(std::move(*table));
}

}  // namespace

Result<std::shared_ptr<const Keyset>> parse_keyset(const SecretBytes& document,
                                                   std::optional<KeysetUsage> usage) {
  auto keyset = parse(document, usage);
  // Copying and hashing leave pieces of the document there, for as long as the thread sleeps.
  constexpr std::size_t kStack = 16384;
  base::clear_vector_registers();
  base::clear_stack_below<kStack>();
  return keyset;
}

}  // namespace pii
