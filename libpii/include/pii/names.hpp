#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "pii/export.hpp"
#include "pii/normalize.hpp"
#include "pii/result.hpp"

namespace pii {

/// Longest environment or field type, in bytes.
inline constexpr std::size_t kMaxNameSize = 1024;

/// The kind of value, e.g. "email": it selects the normalization and separates the tokens of one kind from
/// another's. Case-sensitive, never trimmed. Non-empty UTF-8 without `|`, `:`, control characters or
/// surrounding space (docs/formats.md section 1). Make it once and keep it: the hot calls take it.
class PII_EXPORT FieldType {
 public:
  /// Errors: invalid_name.
  static Result<FieldType> make(std::string_view name);

  const std::string& name() const noexcept { return name_; }
  Normalization normalization() const noexcept { return normalization_; }
  /// A hash of the name, for look-ups only.
  std::uint64_t hash() const noexcept { return hash_; }

 private:
  FieldType(std::string_view name, Normalization normalization, std::uint64_t hash)
      : name_(name), normalization_(normalization), hash_(hash) {}

  std::string name_;
  Normalization normalization_;
  std::uint64_t hash_;
};

/// The deployment ("prod", "dev"): values of one never match those of another. Same rules as FieldType.
class PII_EXPORT Environment {
 public:
  /// Errors: invalid_name.
  static Result<Environment> make(std::string_view name);

  const std::string& name() const noexcept { return name_; }

 private:
  explicit Environment(std::string_view name) : name_(name) {}

  std::string name_;
};

/// Whether `kid` matches [A-Za-z0-9._-]{1,64}.
PII_EXPORT bool is_valid_kid(std::string_view kid) noexcept;

/// Longest name and longest key id of version 2, in bytes.
inline constexpr std::size_t kMaxV2NameSize = 64;
inline constexpr std::size_t kMaxV2KidSize = 32;

/// Whether `name` matches [a-z0-9][a-z0-9._-]{0,63}: what version 2 asks of environments, tenants, field types
/// and normalizers.
PII_EXPORT bool is_valid_v2_name(std::string_view name) noexcept;
/// Whether `kid` matches [A-Za-z0-9][A-Za-z0-9_-]{0,31}: the id of a version 2 key.
PII_EXPORT bool is_valid_v2_kid(std::string_view kid) noexcept;

}  // namespace pii
