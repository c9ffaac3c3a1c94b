#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "crypto/committing_aead.hpp"
#include "keyset/context_cache.hpp"
#include "pii/names.hpp"
#include "pii/normalize.hpp"
#include "pii/result.hpp"
#include "pii/secret.hpp"

namespace pii {

/// What a version 2 sub-key does, and so what its state is.
enum class SubKeyUse : std::uint8_t {
  token,         // crypto::HmacState
  blind_index,   // the same
  encrypt,       // crypto::CommittingAead
  encrypt_slim,  // crypto::XaesGcm256
  data_key,      // crypto::CommittingAead
  format,        // crypto::AesBlockKey
};

/// Where a value belongs, for version 2. The views are the caller's.
struct Place {
  std::string_view environment;
  std::string_view tenant;  // may be empty
  std::string_view field;
  std::uint64_t field_hash = 0;
  /// Of tokens and indexes; a rule of version 1 stands for "none".
  Normalization normalizer = Normalization::strip;
};

/// The normalizer as a context names it.
std::string_view normalizer_name(const Place& place) noexcept;

/// Version 2 sub-keys, each derived once: HKDF of a key over CTX(purpose) (docs/formats.md section 2.1), made
/// ready for what it does. Bounded, in one guarded arena. Any thread; find() neither blocks nor allocates.
class DerivedKeys {
 public:
  static constexpr std::size_t kCapacity = 256;
  static constexpr std::size_t kStateSize = crypto::CommittingAead::kStateSize;
  /// Memory for a state that is not kept.
  struct alignas(16) Scratch {
    std::byte bytes[kStateSize];
  };

  /// The key that is derived from.
  struct Key {
    std::size_t index;
    std::string_view kid;
    std::span<const std::byte> bytes;
  };

  DerivedKeys();
  ~DerivedKeys();
  DerivedKeys(const DerivedKeys&) = delete;
  DerivedKeys& operator=(const DerivedKeys&) = delete;

  /// The state, or null when it is not in the table.
  const std::byte* find(std::size_t key_index, SubKeyUse use, const Place& place) const noexcept;
  /// Derives the state and keeps it; when the table is full it is made in `scratch`, for the caller to
  /// destroy(). Errors: invalid_name for what is no version 2 name, crypto_failure.
  Result<const std::byte*> derive(const Key& key, SubKeyUse use, const Place& place, Scratch& scratch);

  /// Derives into memory of the caller's, for keys that are in no keyset. The caller destroys the state
  /// whatever comes of it. Errors as above.
  static Result<void> derive_into(const Key& key, SubKeyUse use, const Place& place, std::byte* state);
  static void destroy(SubKeyUse use, std::byte* state) noexcept;

 private:
  struct Entry;
  struct Lookup;
  static constexpr std::size_t kSlots = 2 * kCapacity;

  std::array<std::atomic<const Entry*>, kSlots> slots_{};
  std::atomic<bool> full_{false};
  SecretBytes arena_;
  std::size_t entries_ = 0;
};

}  // namespace pii
