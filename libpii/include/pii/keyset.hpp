#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pii/export.hpp"
#include "pii/key_algorithm.hpp"
#include "pii/keyset_record.hpp"
#include "pii/result.hpp"
#include "pii/secret.hpp"

namespace pii {

/// Limits of the strict parser; a document beyond one is refused (docs/formats.md section 3).
inline constexpr std::size_t kMaxKeysetSize = 1024 * 1024;
inline constexpr std::size_t kMaxKeysetKeys = 1024;
inline constexpr std::size_t kMaxKeysetDepth = 8;

/// What may be told about a live key.
struct KeyInfo {
  std::string kid;
  std::string_view algorithm;  // as `alg` names it
  std::string_view status;     // "staged", "active" or "retiring"
  std::string created_at;      // as written; empty when absent or not short printable ASCII
  std::size_t key_size;        // bytes
  std::string check_value;     // hex of 3 bytes of HKDF-SHA-256(key, info "kcv")
  int version = 1;             // of what it writes
  KeyAlgorithm type{};
  KeyStatus state{};
  KeyParams params{};
};

/// How often this process used a live key since it started, reloads of the keyset included.
struct KeyUse {
  std::string kid;
  std::uint64_t seals;     // ciphertexts made
  std::uint64_t tokens;    // tokens and blind indexes made
  std::uint64_t failures;  // ciphertexts that name the key and were not revealed
};

class KeyTable;  // private to the library

/// Keys and everything derived from them: immutable, valid by construction, in guarded memory that is wiped
/// when the last owner goes. Threads share it freely.
class PII_EXPORT Keyset {
 public:
  Keyset(const Keyset&) = delete;
  Keyset& operator=(const Keyset&) = delete;
  ~Keyset();

  KeysetUsage usage() const noexcept;
  /// The primary of version 1; empty in a keyset that has none (docs/formats.md section 3).
  const std::string& primary_kid() const noexcept;
  /// The live keys: those of version 1 in the order of the document, then those of version 2.
  std::span<const KeyInfo> keys() const noexcept;
  /// 1 or 2. Version 1 documents have the default policy and an empty identity.
  int schema_version() const noexcept;
  const KeysetPolicy& policy() const noexcept;
  const KeysetIdentity& identity() const noexcept;
  /// In the order of keys(). Sums may miss what other threads are just doing.
  std::vector<KeyUse> key_use() const;
  /// Lower-case hex SHA-256 of the whole document as it was read: says which text is in force.
  const std::string& fingerprint() const noexcept;

  using Impl = KeyTable;  // the library's own view
  const Impl& impl() const noexcept { return *impl_; }
  explicit Keyset(std::unique_ptr<Impl> impl) noexcept;

 private:
  std::unique_ptr<Impl> impl_;
};

/// Parses and validates a keyset document straight into secrets. `usage`, when given, must be the document's.
/// Errors: malformed_json (byte offset), invalid_keyset (key id or member), unsupported_version, too_large.
PII_EXPORT Result<std::shared_ptr<const Keyset>> parse_keyset(
    const SecretBytes& document, std::optional<KeysetUsage> usage = std::nullopt);

}  // namespace pii
