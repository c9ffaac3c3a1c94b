#pragma once

#include "pii/keyset_record.hpp"

namespace pii::key_life {

/// Whether values are written with the active key of `key`'s version and role.
inline bool is_written(const KeysetRecord& keyset, const KeyRecord& key) noexcept {
  const int version = version_of(key.algorithm);
  const bool main = role_of(key.algorithm) == main_role_of(keyset.usage);
  return main ? keyset.policy.write_version == version : version == 2;
}

}  // namespace pii::key_life
