#include <string>
#include <utility>

#include "keyset/keyset_rules.hpp"
#include "keyset/read_keyset.hpp"
#include "keyset/refusal.hpp"
#include "keyset/timestamp.hpp"
#include "pii/names.hpp"

namespace pii::keyset {
namespace {

using json::Kind;
using json::Member;
using json::Node;

constexpr std::size_t kMaxDateSize = 64;

// What is shown to people is short printable ASCII, or nothing: a date never decides whether a keyset of
// version 1 loads.
std::string date_of(const Node& date) {
  if (date.kind() != Kind::string || date.escaped() || date.raw().size() > kMaxDateSize) return {};
  for (const char c : date.raw()) {
    if (c < 0x20 || c > 0x7E) return {};
  }
  return std::string(date.raw());
}

bool is_one_of(const Node& name, std::initializer_list<std::string_view> names) {
  for (const std::string_view candidate : names) {
    if (name.equals(candidate)) return true;
  }
  return false;
}

class Reader {
 public:
  Reader(const Node& root, std::optional<KeysetUsage> usage) : root_(root), wanted_(usage) {}

  Result<ReadKeyset> run() {
    if (auto ok = read_entries(); !ok) return ok.error();
    if (auto ok = read_primary(); !ok) return ok.error();
    for (const Member member : root_.members()) {
      if (!is_one_of(member.name, {"schema_version", "primary_kid", "keys", "integrity"})) {
        read_.extras.push_back(member);
      }
    }
    return std::move(read_);
  }

 private:
  Result<void> read_entries() {
    const auto keys = root_.find("keys");
    if (!keys) return refuse(kDocument, root_, "keys is missing");
    if (keys->kind() != Kind::object) return refuse("keys", *keys, "must be an object");
    for (const Member entry : keys->members()) {
      if (read_.keys.size() == kMaxKeysetKeys) {
        return refuse("keys", entry.name, "more than " + std::to_string(kMaxKeysetKeys) + " keys",
                      ErrorCode::too_large);
      }
      if (auto ok = read_entry(entry); !ok) return ok.error();
    }
    if (read_.keys.empty()) return refuse("keys", *keys, "must hold at least one key");
    if (!wanted_ || *wanted_ == read_.record.usage) return {};
    return wrong_usage(*keys, *wanted_, read_.record.usage);
  }

  Result<void> read_entry(const Member& entry) {
    ReadKey key;
    key.record.kid = kid_of(entry.name);
    if (!is_valid_kid(key.record.kid)) {
      return refuse("key " + std::to_string(read_.keys.size() + 1) + " of keys", entry.name,
                    "its id must match [A-Za-z0-9._-]{1,64}");
    }
    const std::string place = "key " + key.record.kid;
    if (entry.value.kind() != Kind::object) return refuse(place, entry.value, "must be an object");
    if (auto ok = read_algorithm(place, entry.value, key.record); !ok) return ok.error();
    if (const auto date = entry.value.find("created_at")) {
      key.created_text = date_of(*date);
      key.record.created_at = parse_rfc3339(key.created_text);
    }
    const auto text = entry.value.find("key_b64");
    if (!text) return refuse(place, entry.value, "key_b64 is missing");
    if (text->kind() != Kind::string) return refuse(place, *text, "key_b64 must be a string");
    key.material = *text;
    for (const Member member : entry.value.members()) {
      const bool dated = key.record.created_at && member.name.equals("created_at");
      if (!dated && !is_one_of(member.name, {"alg", "key_b64"})) key.extras.push_back(member);
    }
    read_.keys.push_back(std::move(key));
    return {};
  }

  Result<void> read_algorithm(const std::string& place, const Node& entry, KeyRecord& record) {
    const auto algorithm = entry.find("alg");
    if (!algorithm) return refuse(place, entry, "alg is missing");
    std::optional<KeysetUsage> usage;
    for (const KeysetUsage candidate : {KeysetUsage::token, KeysetUsage::reveal}) {
      const bool match =
          algorithm->kind() == Kind::string && algorithm->equals(to_string(algorithm_of(candidate)));
      if (match) usage = candidate;
    }
    if (!usage) return refuse(place, *algorithm, "alg must be HMAC-SHA-256 or AES-256-GCM");
    if (read_.keys.empty()) read_.record.usage = *usage;
    if (*usage != read_.record.usage) {
      return refuse(place, *algorithm,
                    "alg is not that of the first key: a keyset holds token or reveal keys, not both");
    }
    record.algorithm = algorithm_of(*usage);
    return {};
  }

  // The value is not quoted in messages: what stands here by mistake may be a key.
  Result<void> read_primary() {
    constexpr std::string_view kPlace = "primary_kid";
    const auto primary = root_.find(kPlace);
    if (!primary) return refuse(kDocument, root_, "primary_kid is missing");
    if (primary->kind() != Kind::string) return refuse(kPlace, *primary, "must be a string");
    for (ReadKey& key : read_.keys) {
      const bool is_primary = primary->equals(key.record.kid);
      key.record.status = is_primary ? KeyStatus::active : KeyStatus::retiring;
      if (is_primary) read_.primary_kid = key.record.kid;
    }
    if (read_.primary_kid.empty()) return refuse(kPlace, *primary, "names no key of keys");
    return {};
  }

  const Node root_;
  const std::optional<KeysetUsage> wanted_;
  ReadKeyset read_;
};

}  // namespace

Result<ReadKeyset> read_schema_1(const Node& root, std::optional<KeysetUsage> usage) {
  return Reader(root, usage).run();
}

}  // namespace pii::keyset
