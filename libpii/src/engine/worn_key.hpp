#pragma once

#include <cstddef>

#include "pii/keyset.hpp"
#include "pii/provider.hpp"

namespace pii::engine {

/// Counts a ciphertext made under key `index`, and tells the provider when a key whose nonces may run out has made a
/// quarter of what its keyset's policy allows (max_messages_log2). Once a key.
void count_seal(KeysetProvider& provider, const Keyset& keyset, std::size_t index);

}  // namespace pii::engine
