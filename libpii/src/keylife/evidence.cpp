#include "keylife/evidence.hpp"

#include "keyset/timestamp.hpp"

namespace pii::key_life {
namespace {

Error refused(const KeyRecord& key, std::string reason, std::string hint) {
  return Error(ErrorCode::guard_refused, "key " + key.kid + ": " + std::move(reason), std::move(hint));
}

}  // namespace

std::string_view evidence_hint(const KeyRecord& key) noexcept {
  switch (key.algorithm) {
    case KeyAlgorithm::hmac_sha_256:
      return "--evidence FILE, the checkpoint of a completed piictl retokenize --checkpoint FILE";
    case KeyAlgorithm::pii_tok_2:
      return "--evidence FILE, as piictl scan --evidence FILE or a completed piictl retokenize --checkpoint FILE writes it";
    default:
      return "--evidence FILE, as piictl scan --evidence FILE writes it";
  }
}

std::string_view moving_hint(const KeyRecord& key) noexcept {
  switch (role_of(key.algorithm)) {
    case KeyRole::token:
      return "make them anew first: piictl retokenize";
    case KeyRole::index:
      return "make them anew of the values first: piictl index";
    case KeyRole::format:
      return "make them anew first: piictl preserve reveal, then piictl preserve";
    default:
      return "move them to the primary key first: piictl rewrap; piictl subject rewrap for wrapped keys";
  }
}

Seconds last_use(const KeysetRecord& keyset, const KeyRecord& key) noexcept {
  return key.retired_at.value_or(0) + keyset.policy.propagation;
}

Result<void> check_evidence(const KeysetRecord& keyset, const KeyRecord& key, const Evidence& evidence,
                            Seconds now) {
  // Tokens of version 1 do not say which key made them, so no scan can tell.
  const bool by_rows = key.algorithm == KeyAlgorithm::hmac_sha_256;
  if (by_rows && evidence.source != Evidence::Source::retokenize) {
    return refused(key, "a scan cannot tell whose version 1 tokens are",
                   std::string(evidence_hint(key)));
  }
  const bool makes_tokens = role_of(key.algorithm) == KeyRole::token;
  if (!makes_tokens && evidence.source == Evidence::Source::retokenize) {
    return refused(key, "a retokenization moves tokens, and this key makes none", "look for its uses: piictl scan --evidence FILE");
  }
  if (evidence.looked_at > now) return refused(key, "the evidence is of the future", "check the clocks");
  const Seconds since = last_use(keyset, key);
  if (evidence.looked_at < since) {
    return refused(key,
                   "the evidence is older than the key's last possible use, " + keyset::to_rfc3339(since),
                   by_rows ? "retokenize again from the start, with another --checkpoint FILE"
                           : "look again: piictl scan --evidence FILE");
  }
  if (!evidence.complete) {
    return refused(key, "the evidence does not cover everything",
                   by_rows ? "finish the retokenization" : "scan again until nothing is left out");
  }
  if (evidence.source == Evidence::Source::retokenize) {
    const KeyRecord* target = keyset.find(evidence.retokenized_to);
    if (target == nullptr || target->kid == key.kid || !is_live(target->status) ||
        role_of(target->algorithm) != KeyRole::token) {
      return refused(key, "the retokenization moved to another key than a live one of this keyset",
                     "retokenize to the primary key");
    }
    return {};
  }
  for (const Evidence::Use& use : evidence.uses) {
    if (use.kid != key.kid || use.count == 0) continue;
    return refused(key, "the evidence has found " + std::to_string(use.count) + " uses of it",
                   std::string(moving_hint(key)));
  }
  return {};
}

}  // namespace pii::key_life
