#include "engine/worn_key.hpp"

#include <algorithm>

#include "keyset/key_table.hpp"

namespace pii::engine {
namespace {

// How often a thread's own count is looked at against the limit: a power of two.
constexpr std::uint64_t kLookEvery = 1024;

}  // namespace

void count_seal(KeysetProvider& provider, const Keyset& keyset, std::size_t index) {
  const KeyTable& keys = keyset.impl();
  KeyCounters& counters = keys.counters(index);
  const std::uint64_t own = counters.add(KeyCounters::seals);
  if (own % kLookEvery != 0 || keys.keys[index].version != 1) return;
  const int quarter = std::max(keys.policy.max_messages_log2 - 2, 0);
  const std::uint64_t warn_from = std::uint64_t{1} << quarter;
  const std::uint64_t sealed = counters.total(KeyCounters::seals);
  if (sealed >= warn_from && counters.tell_once()) provider.key_is_worn(keys.keys[index].kid, sealed);
}

}  // namespace pii::engine
