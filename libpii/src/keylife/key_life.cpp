#include "pii/key_life.hpp"

#include <algorithm>
#include <utility>

#include "keylife/evidence.hpp"
#include "keylife/roles.hpp"
#include "keyset/timestamp.hpp"
#include "pii/keyset.hpp"
#include "pii/names.hpp"

namespace pii::key_life {
namespace {

constexpr std::string_view kForce = "--force --reason TEXT passes over this";

Error refused(std::string_view kid, std::string reason, std::string_view hint = {}) {
  return Error(ErrorCode::guard_refused, "key " + std::string(kid) + ": " + std::move(reason),
               std::string(hint));
}

Error wrong_status(const KeyRecord& key, std::string_view step, std::string_view hint) {
  return refused(key.kid, "is " + std::string(to_string(key.status)) + " and cannot be " + std::string(step),
                 hint);
}

Result<KeyRecord*> find(KeysetRecord& keyset, std::string_view kid) {
  // Version 1 documents have no place for what the steps write.
  if (keyset.schema_version != 2) {
    return Error(ErrorCode::guard_refused, "a keyset of schema 1 has no place for the states of keys",
                 "piictl keyset upgrade FILE makes it one of schema 2, which version 1 readers still read");
  }
  if (KeyRecord* key = keyset.find(kid)) return key;
  return Error(ErrorCode::usage, "the keyset has no key of that id", "piictl keyset info FILE shows the ids");
}

// A clock that was set back makes nothing pass.
bool has_passed(std::optional<Seconds> since, Seconds span, Seconds now) noexcept {
  return since && now >= *since && now - *since >= span;
}

Result<void> check_wait(const KeyRecord& key, std::optional<Seconds> since, Seconds span, Seconds now,
                        std::string_view name, Guards guards) {
  if (guards.force || has_passed(since, span, now)) return {};
  std::string reason = std::string(name) + " (" + to_duration(span) + ") has not passed";
  if (since) reason += "; not before " + keyset::to_rfc3339(*since + span);
  return refused(key.kid, std::move(reason), kForce);
}

}  // namespace

Result<void> stage(KeysetRecord& keyset, const std::string& kid, KeyAlgorithm algorithm,
                   const KeyParams& params, Seconds now) {
  if (!(version_of(algorithm) == 1 ? is_valid_kid(kid) : is_valid_v2_kid(kid))) {
    return Error(ErrorCode::invalid_name,
                 "the new key's id must match " + std::string(version_of(algorithm) == 1
                                                                  ? "[A-Za-z0-9._-]{1,64}"
                                                                  : "[A-Za-z0-9][A-Za-z0-9_-]{0,31}"));
  }
  if (keyset.find(kid) != nullptr) {
    return Error(ErrorCode::already_exists, "key " + kid + " is in this keyset already",
                 "an id stands for one key for ever: leave the id out for the next free one");
  }
  if (const auto any = find(keyset, kid); !any && any.error().code() != ErrorCode::usage) return any.error();
  if (usage_of(algorithm) != keyset.usage) {
    return Error(ErrorCode::usage, std::string(to_string(algorithm)) + " is no algorithm of a " +
                                       std::string(to_string(keyset.usage)) + " keyset",
                 keyset.usage == KeysetUsage::token
                     ? "a token keyset takes --alg HMAC-SHA-256, PII-TOK-2, PII-IDX-2 or PII-FF1-2"
                     : "a reveal keyset takes --alg AES-256-GCM, PII-AEAD-2 or XAES-256-GCM");
  }
  if (keyset.keys.size() == kMaxKeysetKeys) return Error(ErrorCode::too_large, "the keyset is full", "begin another one: piictl keyset create");
  KeyRecord key;
  key.kid = kid;
  key.algorithm = algorithm;
  key.params = params;
  key.status = KeyStatus::staged;
  key.created_at = now;
  key.staged_at = now;
  keyset.keys.push_back(std::move(key));
  return {};
}

Result<void> promote(KeysetRecord& keyset, std::string_view kid, Seconds now, Guards guards) {
  const auto found = find(keyset, kid);
  if (!found) return found.error();
  KeyRecord& key = **found;
  if (key.status != KeyStatus::staged && key.status != KeyStatus::retiring) {
    return wrong_status(
        key, "promoted",
        key.status == KeyStatus::active      ? "it is the primary already"
        : key.status == KeyStatus::destroyed ? "nothing is left of it: piictl key stage FILE makes a new one"
                                             : "piictl key enable FILE KID brings it back first");
  }
  if (key.compromised_at && !guards.force) return refused(kid, "is marked as compromised", kForce);
  // A retiring key without a date comes from a time before dates: all know it.
  if (key.staged_at || key.status == KeyStatus::staged) {
    const auto waited = check_wait(key, key.staged_at, keyset.policy.propagation, now, "propagation", guards);
    if (!waited) return waited;
  }
  for (KeyRecord& other : keyset.keys) {
    const bool rival = other.status == KeyStatus::active &&
                       role_of(other.algorithm) == role_of(key.algorithm) &&
                       version_of(other.algorithm) == version_of(key.algorithm);
    if (!rival) continue;
    other.status = KeyStatus::retiring;
    other.retired_at = now;
  }
  key.status = KeyStatus::active;
  key.activated_at = now;
  key.retired_at.reset();
  return {};
}

Result<void> retire(KeysetRecord& keyset, std::string_view kid, Seconds now) {
  const auto found = find(keyset, kid);
  if (!found) return found.error();
  KeyRecord& key = **found;
  if (key.status != KeyStatus::staged && key.status != KeyStatus::active) {
    return wrong_status(key, "retired", "only staged and active keys are: piictl keyset info FILE shows the states");
  }
  if (key.status == KeyStatus::active) {
    const auto writes = [](const KeyRecord& other) { return other.status == KeyStatus::active; };
    const bool last = std::count_if(keyset.keys.begin(), keyset.keys.end(), writes) == 1;
    const bool v1_main = version_of(key.algorithm) == 1 && keyset.policy.accept_v1;
    const bool main = role_of(key.algorithm) == main_role_of(keyset.usage);
    if (last || v1_main || (main && is_written(keyset, key))) {
      return refused(kid, "is the primary key, and something must be",
                     "piictl key stage FILE makes a successor, and piictl key promote FILE puts it in its place");
    }
  }
  key.status = KeyStatus::retiring;
  key.retired_at = now;
  return {};
}

Result<void> disable(KeysetRecord& keyset, std::string_view kid, Seconds now, Guards guards) {
  const auto found = find(keyset, kid);
  if (!found) return found.error();
  KeyRecord& key = **found;
  if (key.status != KeyStatus::retiring) {
    return wrong_status(key, "disabled",
                        key.status == KeyStatus::active ? "piictl key promote FILE puts another one in its place first"
                        : key.status == KeyStatus::staged ? "piictl key retire FILE KID withdraws it first"
                                                          : "piictl keyset info FILE shows the states");
  }
  const auto waited = check_wait(key, key.retired_at, keyset.policy.retire_min, now, "retire_min", guards);
  if (!waited) return waited;
  if (guards.evidence == nullptr && !guards.force) {
    return refused(kid, "nothing shows that it is not needed any more",
                   evidence_hint(key));
  }
  std::optional<KeyEvidence> evidence;
  if (guards.evidence != nullptr) {
    const auto checked = check_evidence(keyset, key, *guards.evidence, now);
    if (!checked && !guards.force) return checked;
    if (checked) evidence = KeyEvidence{guards.evidence->looked_at, guards.evidence->digest};
  }
  key.evidence = std::move(evidence);
  key.status = KeyStatus::disabled;
  key.disabled_at = now;
  return {};
}

Result<void> enable(KeysetRecord& keyset, std::string_view kid, Seconds now) {
  const auto found = find(keyset, kid);
  if (!found) return found.error();
  KeyRecord& key = **found;
  if (key.status != KeyStatus::disabled && key.status != KeyStatus::destroy_scheduled) {
    return wrong_status(key, "enabled", "only disabled keys are: piictl keyset info FILE shows the states");
  }
  key.status = KeyStatus::retiring;
  key.staged_at = now;   // readers learn of it from here on
  key.retired_at = now;  // and whatever was seen of its use is of no value any more
  key.evidence.reset();
  key.disabled_at.reset();
  key.destroy_at.reset();
  return {};
}

Result<void> schedule_destroy(KeysetRecord& keyset, std::string_view kid, Seconds now, Guards guards) {
  const auto found = find(keyset, kid);
  if (!found) return found.error();
  KeyRecord& key = **found;
  if (key.status != KeyStatus::disabled) {
    return wrong_status(key, "scheduled for destruction", "piictl key disable FILE KID takes it out of use first");
  }
  std::optional<KeyEvidence> evidence = key.evidence;
  if (guards.evidence != nullptr) {
    const auto checked = check_evidence(keyset, key, *guards.evidence, now);
    if (!checked && !guards.force) return checked;
    if (checked) evidence = KeyEvidence{guards.evidence->looked_at, guards.evidence->digest};
  }
  if (!evidence && !guards.force) {
    return refused(kid, "nothing shows that it is not needed any more",
                   evidence_hint(key));
  }
  key.evidence = std::move(evidence);
  key.status = KeyStatus::destroy_scheduled;
  key.destroy_at = now + keyset.policy.destroy_hold;
  return {};
}

Result<void> cancel_destroy(KeysetRecord& keyset, std::string_view kid) {
  const auto found = find(keyset, kid);
  if (!found) return found.error();
  KeyRecord& key = **found;
  if (key.status != KeyStatus::destroy_scheduled) {
    return wrong_status(key, "spared", "no destruction is scheduled for it: piictl keyset info FILE shows the states");
  }
  key.status = KeyStatus::disabled;
  key.destroy_at.reset();
  return {};
}

Result<void> destroy(KeysetRecord& keyset, std::string_view kid, Seconds now, Guards guards) {
  const auto found = find(keyset, kid);
  if (!found) return found.error();
  KeyRecord& key = **found;
  if (key.status != KeyStatus::destroy_scheduled) {
    return wrong_status(key, "destroyed", "piictl key destroy FILE KID schedules it first");
  }
  if (!guards.force && now < *key.destroy_at) {
    return refused(kid, "destroy_hold has not passed; not before " + keyset::to_rfc3339(*key.destroy_at),
                   kForce);
  }
  key.status = KeyStatus::destroyed;
  key.destroyed_at = now;
  return {};
}

Result<void> mark_compromised(KeysetRecord& keyset, std::string_view kid, Seconds now) {
  const auto found = find(keyset, kid);
  if (!found) return found.error();
  if (!(*found)->compromised_at) (*found)->compromised_at = now;
  return {};
}

}  // namespace pii::key_life
