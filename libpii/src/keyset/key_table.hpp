#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/hmac.hpp"
#include "keyset/derived_keys.hpp"
#include "keyset/key_counters.hpp"
#include "pii/keyset.hpp"
#include "pii/secret.hpp"

namespace pii {

class ContextCache;  // keyset/context_cache.hpp

/// What the engine sees of a keyset. Keys are addressed by their index in Keyset::keys(): those of version 1
/// come first. All of them are live. Not exported.
class KeyTable {
 public:
  KeyTable();
  ~KeyTable();

  static constexpr std::size_t npos = static_cast<std::size_t>(-1);

  KeysetUsage usage{};
  std::string primary_kid;           // of version 1
  std::size_t primary_index = npos;  // the same
  std::vector<KeyInfo> keys;
  std::string fingerprint;
  int schema_version = 1;
  KeysetPolicy policy;
  KeysetIdentity identity;

  /// How many keys are of version 1: the indexes below it.
  std::size_t v1_count() const noexcept { return v1_count_; }
  /// Index of the active key of version 2 for a role, or npos.
  std::size_t primary_v2(KeyRole role) const noexcept {
    return primaries_v2_[static_cast<std::size_t>(role)];
  }
  /// Index of key `kid` if it is of `version`, or npos.
  std::size_t find(std::string_view kid, int version = 1) const noexcept;

  /// Token keysets: the HMAC state of version 1 key `index` for context `environment|field`, derived on first use and
  /// kept in a bounded table in guarded memory. When the table is full the state is made in `scratch`, which
  /// the caller wipes. Never blocks on the way that finds it. `field_hash` is FieldType::hash().
  const crypto::HmacState& token_state(std::size_t index, std::string_view environment,
                                       std::string_view field, std::uint64_t field_hash,
                                       crypto::HmacState& scratch) const;

  /// Reveal keysets: the prepared AES-256-GCM state of version 1 key `index`.
  const std::byte* aead_state(std::size_t index) const noexcept;

  /// The sub-key of version 2 key `index`, ready for its use (derived_keys.hpp): derived once and kept in guarded
  /// memory, or made in `scratch`, for the caller to destroy. Never blocks on the way that finds it. Errors:
  /// invalid_name, crypto_failure.
  Result<const std::byte*> sub_key(std::size_t index, SubKeyUse use, const Place& place,
                                   DerivedKeys::Scratch& scratch) const;

  /// What was done with key `index`.
  KeyCounters& counters(std::size_t index) const noexcept { return counters_[index]; }
  /// Counts on from `other`, which this table takes the place of.
  void go_on_from(const KeyTable& other) const noexcept;

  /// The bytes of key `index`.
  std::span<const std::byte> key(std::size_t index) const noexcept;

  /// What the parser does with the rest filled in: takes the keys, back to back in the order of `keys`, and
  /// derives everything else from them. Errors: crypto_failure.
  Result<void> adopt(SecretBytes key_bytes);

 private:
  Result<void> prepare_aead();

  SecretBytes key_bytes_;
  std::vector<std::size_t> key_offsets_;
  std::vector<std::uint32_t> by_kid_;  // indexes, sorted by key id
  std::size_t v1_count_ = 0;
  std::array<std::size_t, 4> primaries_v2_{npos, npos, npos, npos};  // by role
  std::unique_ptr<ContextCache> contexts_;
  std::unique_ptr<DerivedKeys> sub_keys_;    // where there are keys of version 2
  std::unique_ptr<KeyCounters[]> counters_;  // one a key
  SecretBytes aead_states_;
  std::size_t aead_stride_ = 0;
  std::size_t aead_prepared_ = 0;
};

}  // namespace pii
