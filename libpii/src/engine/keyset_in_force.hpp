#pragma once

#include "keyset/key_table.hpp"
#include "pii/provider.hpp"
#include "pii/result.hpp"

namespace pii::engine {

/// The way round when the cell has no keyset, or one of the wrong usage: asks the provider to load.
Result<const Keyset*> load_keyset(KeysetProvider& provider, KeysetUsage usage);

/// The keyset in force in `cell`, or null when load_keyset() must be asked. Valid until this thread reads the
/// cell again.
inline const Keyset* read_keyset(const KeysetProvider& provider, KeysetUsage usage) {
  const Keyset* keyset = provider.cell(usage).read();
  // A provider of the application's own may have mixed its cells up; a key used for both purposes must not
  // come of it.
  return keyset != nullptr && keyset->impl().usage == usage ? keyset : nullptr;
}

inline Result<const Keyset*> keyset_in_force(KeysetProvider& provider, KeysetUsage usage) {
  if (const Keyset* keyset = read_keyset(provider, usage)) return keyset;
  return load_keyset(provider, usage);
}

}  // namespace pii::engine
