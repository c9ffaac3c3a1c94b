#include <algorithm>
#include <array>

#include "keylife/roles.hpp"
#include "pii/key_life.hpp"
#include "pii/names.hpp"

namespace pii::key_life {
namespace {

using Step = NextStep::Step;

constexpr std::array<std::string_view, 9> kSteps = {"",        "stage",   "promote", "rewrap",    "retokenize",
                                                    "disable", "destroy", "reindex", "represerve"};

NextStep at(Step step, const KeyRecord& key, std::optional<Seconds> not_before, std::string why,
            Seconds now) {
  return {step, key.kid, not_before, std::move(why), !not_before || *not_before <= now};
}

// The key of a status whose time comes first, by a date of it.
const KeyRecord* first_of(const KeysetRecord& keyset, KeyStatus status,
                          std::optional<Seconds> KeyRecord::*date) {
  const KeyRecord* first = nullptr;
  for (const KeyRecord& key : keyset.keys) {
    if (key.status != status) continue;
    if (status == KeyStatus::staged && key.compromised_at) continue;  // never to be written with
    if (first == nullptr || (key.*date).value_or(0) < (first->*date).value_or(0)) first = &key;
  }
  return first;
}

Seconds due_at(const KeysetRecord& keyset, const KeyRecord& key) noexcept {
  const auto since = key.activated_at ? key.activated_at : key.created_at;
  return key.compromised_at ? *key.compromised_at : since.value_or(0) + keyset.policy.rotate_every;
}

// The key in use that needs a successor first.
const KeyRecord* oldest_written(const KeysetRecord& keyset) {
  const KeyRecord* oldest = nullptr;
  for (const KeyRecord& key : keyset.keys) {
    if (key.status != KeyStatus::active || !is_written(keyset, key)) continue;
    if (oldest == nullptr || due_at(keyset, key) < due_at(keyset, *oldest)) oldest = &key;
  }
  return oldest;
}

// What takes the place of what was written with a key follows from what the key makes.
NextStep moving_from(const KeyRecord& key, Seconds now) {
  const auto move = [&](Step step, std::string_view what, std::string_view until) {
    return at(step, key, std::nullopt, std::string(what) + key.kid + std::string(until), now);
  };
  switch (role_of(key.algorithm)) {
    case KeyRole::token:
      return move(Step::retokenize, "stored tokens of ", " are looked up beside new ones until piictl retokenize makes them anew");
    case KeyRole::index:
      return move(Step::reindex, "stored indexes of ",
                  " are looked up beside new ones until piictl index makes them anew of the values");
    case KeyRole::format:
      return move(Step::represerve, "tokens of ",
                  " stay readable until piictl preserve makes them anew of what piictl preserve reveal reads");
    default:
      return move(Step::rewrap, "ciphertexts of ", " stay readable until piictl rewrap protects their values anew");
  }
}

NextStep after_retiring(const KeysetRecord& keyset, const KeyRecord& key, Seconds now) {
  const std::optional<Seconds> free_at =
      key.retired_at ? std::optional(*key.retired_at + keyset.policy.retire_min) : std::nullopt;
  if (free_at && *free_at <= now) {
    return at(Step::disable, key, free_at,
              "key " + key.kid + " can be disabled with evidence that no use of it is left", now);
  }
  return moving_from(key, now);
}

}  // namespace

std::string_view to_string(Step step) noexcept { return kSteps[static_cast<std::size_t>(step)]; }

NextStep next_step(const KeysetRecord& keyset, Seconds now) {
  if (const KeyRecord* staged = first_of(keyset, KeyStatus::staged, &KeyRecord::staged_at)) {
    const Seconds from = staged->staged_at.value_or(now) + keyset.policy.propagation;
    return at(Step::promote, *staged, from, "key " + staged->kid + " is staged", now);
  }
  const KeyRecord* doomed = first_of(keyset, KeyStatus::destroy_scheduled, &KeyRecord::destroy_at);
  if (doomed != nullptr && *doomed->destroy_at <= now) {
    return at(Step::destroy, *doomed, doomed->destroy_at, "key " + doomed->kid + " has served its time", now);
  }
  const KeyRecord* oldest = oldest_written(keyset);
  if (oldest != nullptr && due_at(keyset, *oldest) <= now) {
    return at(
        Step::stage, *oldest, due_at(keyset, *oldest),
        "key " + oldest->kid + (oldest->compromised_at ? " is compromised" : " is old enough to be followed"),
        now);
  }
  if (const KeyRecord* retiring = first_of(keyset, KeyStatus::retiring, &KeyRecord::retired_at)) {
    return after_retiring(keyset, *retiring, now);
  }
  if (doomed != nullptr) {
    return at(Step::destroy, *doomed, doomed->destroy_at, "key " + doomed->kid + " is to be destroyed", now);
  }
  if (oldest == nullptr) return {Step::none, {}, std::nullopt, "nothing is due", false};
  return at(Step::stage, *oldest, due_at(keyset, *oldest), "nothing is due before it", now);
}

Result<std::string> next_kid(const KeysetRecord& keyset, std::string_view kid) {
  constexpr std::size_t kMostDigits = 9;
  const std::size_t last_other = kid.find_last_not_of("0123456789");
  std::size_t digits_at = last_other == std::string_view::npos ? 0 : last_other + 1;
  if (kid.size() - digits_at > kMostDigits) digits_at = kid.size() - kMostDigits;
  const std::string stem(kid.substr(0, digits_at));
  const std::size_t width = kid.size() - digits_at;
  unsigned long number = width == 0 ? 1 : std::stoul(std::string(kid.substr(digits_at)));
  const KeyRecord* old = keyset.find(kid);
  const bool v2 = old != nullptr && version_of(old->algorithm) == 2;
  for (std::size_t tries = 0; tries <= keyset.keys.size(); ++tries) {
    std::string digits = std::to_string(++number);
    if (digits.size() < width) digits.insert(0, width - digits.size(), '0');
    const bool valid = v2 ? is_valid_v2_kid(stem + digits) : is_valid_kid(stem + digits);
    if (valid && keyset.find(stem + digits) == nullptr) return stem + digits;
  }
  return Error(ErrorCode::usage, "no id for the new key follows from " + std::string(kid),
               "choose one yourself, as the KID or with --kid");
}

}  // namespace pii::key_life
