#include <algorithm>
#include <string>
#include <utility>

#include "keyset/keyset_rules.hpp"
#include "keyset/read_keyset.hpp"
#include "keyset/refusal.hpp"
#include "keyset/schema_2_members.hpp"
#include "keyset/timestamp.hpp"
#include "pii/names.hpp"

namespace pii::keyset {
namespace {

using json::Kind;
using json::Member;
using json::Node;

constexpr std::string_view kV2KidRule = "its id must match [A-Za-z0-9][A-Za-z0-9_-]{0,31}";

// Which of the document's four collections a key stands in.
enum class Section { keys, v2, disabled, tombstones };

std::string section_name(Section section) {
  switch (section) {
    case Section::keys:
      return "keys";
    case Section::v2:
      return "v2.keys";
    case Section::disabled:
      return "disabled";
    case Section::tombstones:
      return "tombstones";
  }
  return {};
}

class Reader {
 public:
  Reader(const Node& root, std::optional<KeysetUsage> usage) : root_(root), wanted_(usage) {}

  Result<ReadKeyset> run() {
    read_.record.schema_version = 2;
    auto ok = take_members(
        root_, std::string(kDocument),
        {"schema_version", "primary_kid", "keys", "v2", "disabled", "tombstones", "keyset", "integrity"},
        read_.extras);
    if (ok) ok = check_integrity();
    if (ok) ok = read_identity();
    if (ok) ok = read_v1_keys();
    if (ok) ok = read_v2_keys();
    if (ok) ok = read_section(root_.find("disabled"), Section::disabled);
    if (ok) ok = read_section(root_.find("tombstones"), Section::tombstones);
    if (ok) ok = check_usage();
    if (ok) ok = check_kids();
    if (ok) ok = check_primaries();
    if (!ok) return ok.error();
    return std::move(read_);
  }

 private:
  Result<void> check_integrity() const {
    const auto integrity = root_.find("integrity");
    if (!integrity) return {};
    std::vector<Member> extras;
    return take_members(*integrity, "integrity", {"digest", "sig"}, extras);
  }

  Result<void> read_identity() {
    const auto found = find_object(root_, "", "keyset");
    if (!found) return found.error();
    if (!*found) return {};
    const Node& keyset = **found;
    KeysetIdentity& identity = read_.record.identity;
    auto ok = take_members(keyset, "keyset",
                           {"id", "name", "usage", "env", "owner", "revision", "updated_at", "policy"},
                           read_.keyset_extras);
    if (ok) ok = read_text(keyset, "keyset", "id", identity.id);
    if (ok) ok = read_text(keyset, "keyset", "name", identity.name);
    if (ok) ok = read_text(keyset, "keyset", "env", identity.env);
    if (ok) ok = read_text(keyset, "keyset", "owner", identity.owner);
    if (ok) ok = read_number(keyset, "keyset", "revision", 1, std::uint64_t{1} << 53, identity.revision);
    if (ok) ok = read_date(keyset, "keyset", "updated_at", identity.updated_at);
    if (ok) ok = read_policy(keyset, read_.record.policy, read_.policy_extras);
    if (!ok) return ok;
    if (const auto usage = keyset.find("usage")) {
      if (usage->kind() == Kind::string && usage->equals("token")) written_usage_ = KeysetUsage::token;
      if (usage->kind() == Kind::string && usage->equals("reveal")) written_usage_ = KeysetUsage::reveal;
      if (!written_usage_) return refuse("keyset.usage", *usage, "must be token or reveal");
    }
    return {};
  }

  Result<void> read_v1_keys() {
    const auto keys = root_.find("keys");
    if (!keys) return refuse(kDocument, root_, "keys is missing");
    const auto primary = root_.find("primary_kid");
    if (!primary) return refuse(kDocument, root_, "primary_kid is missing");
    if (primary->kind() != Kind::string && primary->kind() != Kind::null) {
      return refuse("primary_kid", *primary, "must be a string, or null where no version 1 key is active");
    }
    if (primary->kind() == Kind::string) primary_v1_ = *primary;
    return read_section(*keys, Section::keys);
  }

  Result<void> read_v2_keys() {
    const auto v2 = find_object(root_, "", "v2");
    if (!v2) return v2.error();
    if (!*v2) return {};
    auto ok = take_members(**v2, "v2", {"primary_kid", "keys"}, read_.v2_extras);
    if (!ok) return ok;
    if (const auto primary = (*v2)->find("primary_kid"); primary && primary->kind() != Kind::null) {
      if (primary->kind() != Kind::string) return refuse("v2.primary_kid", *primary, "must be a string");
      primary_v2_ = *primary;
    }
    return read_section((*v2)->find("keys"), Section::v2);
  }

  Result<void> read_section(const std::optional<Node>& section, Section which) {
    if (!section) return {};
    if (section->kind() != Kind::object) return refuse(section_name(which), *section, "must be an object");
    std::size_t position = 0;
    for (const Member entry : section->members()) {
      ++position;
      if (read_.keys.size() == kMaxKeysetKeys) {
        return refuse(section_name(which), entry.name,
                      "more than " + std::to_string(kMaxKeysetKeys) + " keys in all", ErrorCode::too_large);
      }
      ReadKey key;
      key.record.kid = kid_of(entry.name);
      if (!is_valid_kid(key.record.kid)) {
        return refuse("key " + std::to_string(position) + " of " + section_name(which), entry.name,
                      "its id must match [A-Za-z0-9._-]{1,64}");
      }
      places_.push_back(entry.name);
      if (auto ok = read_entry(key, entry.value, which); !ok) return ok;
      read_.keys.push_back(std::move(key));
    }
    return {};
  }

  Result<void> read_entry(ReadKey& key, const Node& entry, Section section) {
    const std::string place = "key " + key.record.kid;
    if (entry.kind() != Kind::object) return refuse(place, entry, "must be an object");
    Result<void> ok;
    switch (section) {
      case Section::keys:
      case Section::v2:
        ok = take_members(entry, place,
                          {"alg", "status", "created_at", "staged_at", "activated_at", "retired_at",
                           "compromised_at", "params", "kcv", "key_b64"},
                          key.extras);
        break;
      case Section::disabled:
        ok = take_members(
            entry, place,
            {"alg", "status", "created_at", "staged_at", "activated_at", "retired_at", "compromised_at",
             "disabled_at", "destroy_at", "evidence", "params", "kcv", "key_b64"},
            key.extras);
        break;
      case Section::tombstones:
        ok = take_members(
            entry, place,
            {"alg", "status", "created_at", "staged_at", "activated_at", "retired_at", "compromised_at",
             "disabled_at", "destroy_at", "destroyed_at", "evidence", "params", "kcv"},
            key.extras);
        break;
    }
    if (ok) ok = read_algorithm(key.record, entry, place, section);
    if (ok) ok = read_status(key.record, entry, place, section);
    if (ok) ok = read_dates(key.record, entry, place);
    if (ok) ok = read_params(entry, place, key.record.algorithm, key.record.params);
    if (ok) ok = read_hex(entry, place, "kcv", 6, key.record.check_value);
    if (ok) ok = read_evidence(key.record, entry, place);
    if (!ok) return ok;
    if (key.record.created_at) key.created_text = to_rfc3339(*key.record.created_at);
    if (key.record.status == KeyStatus::destroy_scheduled && !key.record.destroy_at) {
      return refuse(place, entry, "destroy_at is missing");
    }
    if (section == Section::tombstones) return {};
    const auto text = entry.find("key_b64");
    if (!text) return refuse(place, entry, "key_b64 is missing");
    if (text->kind() != Kind::string) return refuse(place, *text, "key_b64 must be a string");
    key.material = *text;
    return {};
  }

  static Result<void> read_algorithm(KeyRecord& record, const Node& entry, const std::string& place,
                                     Section section) {
    const auto node = entry.find("alg");
    if (!node) return refuse(place, entry, "alg is missing");
    std::optional<KeyAlgorithm> algorithm;
    if (node->kind() == Kind::string && !node->escaped()) algorithm = parse_key_algorithm(node->raw());
    if (!algorithm) return refuse(place, *node, "alg is none that this version knows");
    record.algorithm = *algorithm;
    const int version = version_of(*algorithm);
    if (section == Section::keys && version != 1) {
      return refuse(place, *node,
                    "a key of version 2 belongs under v2.keys, where no version 1 reader looks");
    }
    if (section == Section::v2 && version != 2) {
      return refuse(place, *node, "a key of version 1 belongs under keys, where version 1 readers look");
    }
    if (version == 2 && !is_valid_v2_kid(record.kid)) return refuse(place, entry, kV2KidRule);
    return {};
  }

  // In `keys` a version 1 tool may have written an entry without a status.
  Result<void> read_status(KeyRecord& record, const Node& entry, const std::string& place,
                           Section section) const {
    const auto node = entry.find("status");
    if (!node) {
      if (section == Section::v2) return refuse(place, entry, "status is missing");
      const bool primary = primary_v1_ && primary_v1_->equals(record.kid);
      record.status = section == Section::disabled     ? KeyStatus::disabled
                      : section == Section::tombstones ? KeyStatus::destroyed
                      : primary                        ? KeyStatus::active
                                                       : KeyStatus::retiring;
      return {};
    }
    std::optional<KeyStatus> status;
    if (node->kind() == Kind::string && !node->escaped()) status = parse_key_status(node->raw());
    const bool fits = status && (section == Section::tombstones ? *status == KeyStatus::destroyed
                                 : section == Section::disabled ? *status == KeyStatus::disabled ||
                                                                      *status == KeyStatus::destroy_scheduled
                                                                : is_live(*status));
    if (!fits) return refuse(place + ".status", *node, "is no status of a key in " + section_name(section));
    record.status = *status;
    return {};
  }

  static Result<void> read_dates(KeyRecord& record, const Node& entry, const std::string& place) {
    auto ok = read_date(entry, place, "created_at", record.created_at);
    if (ok) ok = read_date(entry, place, "staged_at", record.staged_at);
    if (ok) ok = read_date(entry, place, "activated_at", record.activated_at);
    if (ok) ok = read_date(entry, place, "retired_at", record.retired_at);
    if (ok) ok = read_date(entry, place, "compromised_at", record.compromised_at);
    if (ok) ok = read_date(entry, place, "disabled_at", record.disabled_at);
    if (ok) ok = read_date(entry, place, "destroy_at", record.destroy_at);
    if (ok) ok = read_date(entry, place, "destroyed_at", record.destroyed_at);
    return ok;
  }

  static Result<void> read_evidence(KeyRecord& record, const Node& entry, const std::string& place) {
    const auto node = find_object(entry, place, "evidence");
    if (!node) return node.error();
    if (!*node) return {};
    const std::string at = place + ".evidence";
    std::vector<Member> extras;
    std::optional<Seconds> scanned_at;
    KeyEvidence evidence;
    auto ok = take_members(**node, at, {"scanned_at", "digest"}, extras);
    if (ok && !extras.empty()) ok = refuse(at, extras.front().name, "an unknown member");
    if (ok) ok = read_date(**node, at, "scanned_at", scanned_at);
    if (ok) ok = read_hex(**node, at, "digest", 64, evidence.digest);
    if (ok && !scanned_at) ok = refuse(at, **node, "scanned_at is missing");
    if (!ok) return ok;
    evidence.scanned_at = *scanned_at;
    record.evidence = std::move(evidence);
    return {};
  }

  Result<void> check_usage() {
    std::optional<KeysetUsage> usage = written_usage_;
    for (std::size_t i = 0; i < read_.keys.size(); ++i) {
      const KeyRecord& record = read_.keys[i].record;
      const KeysetUsage of_key = usage_of(record.algorithm);
      if (usage && of_key != *usage) {
        return refuse("key " + record.kid, places_[i],
                      "alg is none of a " + std::string(to_string(*usage)) +
                          " keyset: a keyset holds token or reveal keys, not both");
      }
      usage = of_key;
    }
    if (!usage) return refuse("keys", *root_.find("keys"), "must hold at least one key");
    read_.record.usage = *usage;
    if (!wanted_ || *wanted_ == *usage) return {};
    return wrong_usage(*root_.find("keys"), *wanted_, *usage);
  }

  // An id stands for one key for ever: stored ciphertexts name it.
  Result<void> check_kids() const {
    std::vector<std::size_t> order(read_.keys.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    const auto kid = [this](std::size_t i) -> const std::string& { return read_.keys[i].record.kid; };
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return kid(a) != kid(b) ? kid(a) < kid(b) : a < b; });
    for (std::size_t i = 1; i < order.size(); ++i) {
      if (kid(order[i - 1]) != kid(order[i])) continue;
      return refuse("key " + kid(order[i]), places_[order[i]], "its id stands for another key already");
    }
    return {};
  }

  // Of every version and role one key at most is active, and the primary ids name it.
  Result<void> check_primaries() {
    const ReadKey* seen[2][4] = {};
    for (std::size_t i = 0; i < read_.keys.size(); ++i) {
      const KeyRecord& record = read_.keys[i].record;
      if (record.status != KeyStatus::active) continue;
      const ReadKey*& active =
          seen[version_of(record.algorithm) - 1][static_cast<int>(role_of(record.algorithm))];
      if (active != nullptr) {
        return refuse("key " + record.kid, places_[i], "is active, and so is " + active->record.kid);
      }
      active = &read_.keys[i];
    }
    const auto role = static_cast<int>(main_role_of(read_.record.usage));
    if (auto ok = check_primary("primary_kid", primary_v1_, seen[0][role]); !ok) return ok;
    if (auto ok = check_primary("v2.primary_kid", primary_v2_, seen[1][role]); !ok) return ok;
    const KeysetPolicy& policy = read_.record.policy;
    if (seen[0][role] != nullptr) {
      read_.primary_kid = seen[0][role]->record.kid;
    } else if (policy.accept_v1) {
      return refuse("primary_kid", *root_.find("primary_kid"),
                    "no version 1 key is active, and keyset.policy.accept_versions is not [2]");
    }
    if (policy.write_version == 2 && seen[1][role] == nullptr && !writes_beside_the_main_role(seen[1])) {
      return refuse("keyset.policy.write_version", *root_.find("keyset"),
                    "is 2, and no version 2 key is active");
    }
    return {};
  }

  // Keys for blind indexes or format-preserving tokens alone: nothing of the main role is used, and one of them is active.
  bool writes_beside_the_main_role(const ReadKey* const (&active)[4]) const {
    const KeyRole main = main_role_of(read_.record.usage);
    for (const ReadKey& key : read_.keys) {
      const bool used = key.record.status == KeyStatus::active || key.record.status == KeyStatus::retiring;
      if (used && role_of(key.record.algorithm) == main) return false;
    }
    return std::any_of(std::begin(active), std::end(active), [](const ReadKey* key) { return key != nullptr; });
  }

  // The values are not quoted in messages: what stands there by mistake may be a key.
  static Result<void> check_primary(std::string_view place, const std::optional<Node>& written,
                                    const ReadKey* active) {
    if (written && (active == nullptr || !written->equals(active->record.kid))) {
      return refuse(place, *written, "names no active key of this keyset");
    }
    if (!written && active != nullptr) {
      return refuse(place, *active->material, "is missing, and key " + active->record.kid + " is active");
    }
    return {};
  }

  const Node root_;
  const std::optional<KeysetUsage> wanted_;
  ReadKeyset read_;
  std::vector<Node> places_;  // of the keys' names
  std::optional<KeysetUsage> written_usage_;
  std::optional<Node> primary_v1_;
  std::optional<Node> primary_v2_;
};

}  // namespace

Result<ReadKeyset> read_schema_2(const Node& root, std::optional<KeysetUsage> usage) {
  return Reader(root, usage).run();
}

}  // namespace pii::keyset
