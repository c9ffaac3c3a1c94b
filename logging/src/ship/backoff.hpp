#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

#include "pii/logging/ship.hpp"

namespace pii::ship {

/// 64 random bits.
using Chance = std::function<std::uint64_t()>;

/// How long to wait after the failed attempt of that number, counted from 1: full jitter, and what the receiver asked for at least.
inline std::chrono::milliseconds backoff(const RetryPolicy& policy, unsigned attempt, std::optional<std::chrono::milliseconds> asked,
                                         const Chance& chance) {
  const double steps = std::pow(policy.multiplier, std::min(attempt, 64u) - 1.0);
  const double limit = std::min(static_cast<double>(policy.max.count()), static_cast<double>(policy.initial.count()) * steps);
  const auto ceiling = static_cast<std::uint64_t>(std::max(limit, 0.0));
  const std::chrono::milliseconds wait(static_cast<std::int64_t>(chance() % (ceiling + 1)));
  return policy.honour_retry_after && asked ? std::max(wait, *asked) : wait;
}

}  // namespace pii::ship
