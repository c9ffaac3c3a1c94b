#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pii/export.hpp"
#include "pii/key_algorithm.hpp"

namespace pii {

/// Seconds since 1970-01-01T00:00:00Z, and spans of seconds.
using Seconds = std::int64_t;
inline constexpr Seconds kDay = 86400;
/// An ISO 8601 duration in whole numbers ("P90D", "PT10M", "P1Y": a year has 365 days and a month 30) of at
/// most 36,500 days, or nothing.
PII_EXPORT std::optional<Seconds> parse_duration(std::string_view text) noexcept;
/// In days, hours, minutes and seconds.
PII_EXPORT std::string to_duration(Seconds seconds);

/// The settings of a key's algorithm. Those that it does not have keep their defaults.
struct KeyParams {
  std::uint8_t token_length = 16;  // PII-TOK-2 `len`: bytes, 16 to 32
  std::uint8_t padding = 0;        // ciphertexts of version 2 `pad`: 0, 16, 32 or 64
  std::uint8_t index_bits = 0;     // PII-IDX-2 `bits`: 4 to 64
  std::string alphabet;            // PII-FF1-2 `alphabet`: 2 to 62 letters and digits, each once

  bool operator==(const KeyParams&) const = default;
};

/// The document's `keyset.policy`; what is absent there has these values.
struct KeysetPolicy {
  int write_version = 1;
  bool accept_v1 = true;
  bool accept_v2 = true;
  Seconds rotate_every = 365 * kDay;
  Seconds propagation = 600;  // until every reader has read a change; more than the slowest one's refresh
  Seconds retire_min = 30 * kDay;    // a key is retiring at least that long
  Seconds destroy_hold = 30 * kDay;  // from scheduling a key's destruction to its end
  int max_messages_log2 = 32;
  bool require_record = false;

  bool operator==(const KeysetPolicy&) const = default;
};

/// The rest of the document's `keyset`: which keyset this is, and which edition of it.
struct KeysetIdentity {
  std::string id;
  std::string name;
  std::string env;
  std::string owner;
  std::uint64_t revision = 0;  // 0: the document carries none
  std::optional<Seconds> updated_at;
};

/// That a scan found no use of a key: when it looked, and the digest of what it looked at.
struct KeyEvidence {
  Seconds scanned_at = 0;
  std::string digest;  // 64 lower-case hex digits

  bool operator==(const KeyEvidence&) const = default;
};

/// What a document says of one key, without the key.
struct KeyRecord {
  std::string kid;
  KeyAlgorithm algorithm{};
  KeyStatus status{};
  KeyParams params;
  std::string check_value;  // hex of 3 bytes of HKDF-SHA-256(key, info "kcv")
  std::optional<Seconds> created_at;
  std::optional<Seconds> staged_at;  // since when readers may know it
  std::optional<Seconds> activated_at;
  std::optional<Seconds> retired_at;
  std::optional<Seconds> disabled_at;
  std::optional<Seconds> destroy_at;  // not before
  std::optional<Seconds> destroyed_at;
  std::optional<Seconds> compromised_at;
  std::optional<KeyEvidence> evidence;
};

/// What a document says of a keyset, without its keys: what is told of it and what key life decides by.
struct KeysetRecord {
  int schema_version = 1;
  KeysetUsage usage{};
  KeysetIdentity identity;
  KeysetPolicy policy;
  std::vector<KeyRecord>
      keys;  // of every status; live ones of version 1 first, then of version 2, then others

  const KeyRecord* find(std::string_view kid) const noexcept;
  KeyRecord* find(std::string_view kid) noexcept;
  /// The active key of a version and role, or null.
  const KeyRecord* active(int version, KeyRole role) const noexcept;
};

inline const KeyRecord* KeysetRecord::find(std::string_view kid) const noexcept {
  for (const KeyRecord& key : keys) {
    if (key.kid == kid) return &key;
  }
  return nullptr;
}
inline KeyRecord* KeysetRecord::find(std::string_view kid) noexcept {
  return const_cast<KeyRecord*>(static_cast<const KeysetRecord*>(this)->find(kid));
}
inline const KeyRecord* KeysetRecord::active(int version, KeyRole role) const noexcept {
  for (const KeyRecord& key : keys) {
    const bool match = key.status == KeyStatus::active && version_of(key.algorithm) == version;
    if (match && role_of(key.algorithm) == role) return &key;
  }
  return nullptr;
}

}  // namespace pii
