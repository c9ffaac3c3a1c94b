#pragma once

#include <cstddef>

#include "keyset/key_table.hpp"
#include "pii/binding.hpp"
#include "pii/names.hpp"

namespace pii::engine {

/// Where a value of a field belongs, for a token or index.
inline Place place_of(const Environment& environment, const FieldType& field, const Binding& binding) {
  return {environment.name(), binding.tenant, field.name(), field.hash(),
          binding.normalizer.value_or(normalization_v2_of(field.name()))};
}
/// The same for a ciphertext, which has no normalizer.
inline Place ciphertext_place_of(const Environment& environment, const FieldType& field, const Binding& binding) {
  return {environment.name(), binding.tenant, field.name(), field.hash(), Normalization::strip};
}

/// A sub-key of a version 2 key, ready for use as long as this lives.
class SubKeyHandle {
 public:
  SubKeyHandle(const KeyTable& keys, std::size_t index, SubKeyUse use, const Place& place)
      : use_(use), state_(keys.sub_key(index, use, place, scratch_)) {}
  SubKeyHandle(const SubKeyHandle&) = delete;
  SubKeyHandle& operator=(const SubKeyHandle&) = delete;
  ~SubKeyHandle() {
    if (state_ && *state_ == scratch_.bytes) DerivedKeys::destroy(use_, scratch_.bytes);
  }

  bool ready() const noexcept { return state_.has_value(); }
  const Error& error() const noexcept { return state_.error(); }
  const std::byte* state() const noexcept { return *state_; }
  const crypto::HmacState& mac_key() const noexcept {
    return *reinterpret_cast<const crypto::HmacState*>(state());
  }

 private:
  DerivedKeys::Scratch scratch_;  // left uninitialized: only a full table needs it
  SubKeyUse use_;
  Result<const std::byte*> state_;
};

}  // namespace pii::engine
