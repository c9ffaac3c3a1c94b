#pragma once

#include <cstdint>
#include <new>
#include <string>
#include <string_view>

#include "pii/observer.hpp"

namespace pii::providers {

/// Tells of KeysetProvider::key_is_worn(). `observer` may be null.
inline void tell_of_worn_key(Observer* observer, std::string_view source, std::string_view kid,
                             std::uint64_t ciphertexts) noexcept {
  if (observer == nullptr) return;
  try {
    const Error error(ErrorCode::guard_refused,
                      "key " + std::string(kid) + " has made " + std::to_string(ciphertexts) +
                          " ciphertexts in this process, a quarter of what is safe with random nonces",
                      "rotate the reveal keyset; every process that uses the key adds to the number");
    observer->on_event({ProviderEvent::Kind::key_worn, KeysetUsage::reveal, source, kid, &error});
  } catch (const std::bad_alloc&) {
  }
}

}  // namespace pii::providers
