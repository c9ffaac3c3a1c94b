#pragma once

#include <string_view>

#include "keyset/key_table.hpp"
#include "pii/binding.hpp"
#include "pii/result.hpp"

namespace pii::engine {

/// Index of the key that the keyset's policy says to write with. Error: invalid_keyset when no key is.
inline Result<std::size_t> writing_key(const KeyTable& keys) {
  const std::size_t index =
      keys.policy.write_version == 1 ? keys.primary_index : keys.primary_v2(main_role_of(keys.usage));
  if (index != KeyTable::npos) return index;
  return Error(ErrorCode::invalid_keyset, "no key of version " + std::to_string(keys.policy.write_version) + " is active",
               "piictl keyset info FILE shows the keys; keyset.policy.write_version says which version is written");
}

/// Whether version 1 can do what the binding asks. Error: usage.
inline Result<void> check_version_1(const Binding& binding) {
  if (binding.tenant.empty() && binding.record.empty() && binding.extra.empty() && !binding.normalizer) return {};
  return Error(ErrorCode::usage, "version 1 binds no tenant, record or normalizer",
               "keyset.policy.write_version 2 does; until then leave them out");
}

inline bool accepts(const KeyTable& keys, int version) noexcept {
  return version == 1 ? keys.policy.accept_v1 : keys.policy.accept_v2;
}

/// Whether the keyset's policy lets something of version 2 be written that is no token or ciphertext (`what`). Error:
/// guard_refused.
inline Result<void> check_accepts_version_2(const KeyTable& keys, std::string_view what) {
  if (accepts(keys, 2)) return {};
  return Error(ErrorCode::guard_refused,
               "the keyset does not accept version 2, and " + std::string(what) + " have no other",
               "piictl keyset policy FILE --set accept_versions=1,2");
}

}  // namespace pii::engine
