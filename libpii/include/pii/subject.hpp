#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "pii/binding.hpp"
#include "pii/ciphertext.hpp"
#include "pii/export.hpp"
#include "pii/names.hpp"
#include "pii/provider.hpp"
#include "pii/result.hpp"
#include "pii/secret.hpp"

namespace pii {

/// Who a subject key is for: 16 random bytes, never a personal id. As text 22 characters of base64url.
class PII_EXPORT SubjectId {
 public:
  static SubjectId random();
  /// Errors: malformed_ciphertext.
  static Result<SubjectId> parse(std::string_view text);

  std::string text() const;
  std::span<const std::byte, kSubjectIdSize> bytes() const noexcept { return bytes_; }
  friend bool operator==(const SubjectId&, const SubjectId&) noexcept = default;

 private:
  std::array<std::byte, kSubjectIdSize> bytes_{};
};

/// One person's key, unwrapped: what it protects nobody reveals once every copy of its wrapped form is gone
/// (docs/formats.md section 2.6 says what remains). Move-only, wiped. Any thread.
class PII_EXPORT SubjectKey {
 public:
  /// `penc:v2:~<id>:…`, bound like Protector::protect. Errors: invalid_utf8, invalid_name, too_large, crypto_failure.
  Result<std::string> protect(const FieldType& field, std::string_view plaintext, const Binding& binding = {}) const;
  /// Errors: malformed_ciphertext, unsupported_version; reveal_failed alike for another subject's and whatever else is
  /// wrong; invalid_utf8.
  Result<SecretString> reveal(const FieldType& field, std::string_view ciphertext, const Binding& binding = {}) const;

  const SubjectId& id() const noexcept { return id_; }

 private:
  friend class SubjectKeys;
  SubjectKey(SubjectId id, Environment environment, SecretString key)
      : id_(id), environment_(std::move(environment)), key_(std::move(key)) {}

  SubjectId id_;
  Environment environment_;
  SecretString key_;
};

/// Makes, wraps and unwraps subject keys under the reveal keyset's version 2 keys. The wrapped form is for the
/// application to keep, once, where it can be destroyed; without it the values of that subject are lost. Any thread.
class PII_EXPORT SubjectKeys {
 public:
  SubjectKeys(std::shared_ptr<KeysetProvider> provider, Environment environment);

  struct Created {
    SubjectId id;
    std::string wrapped;  // pdek:v2:<kid>:…
  };
  /// A new subject under the active PII-AEAD-2 key. Errors: not_configured without one, invalid_name, and what
  /// KeysetProvider::load says.
  Result<Created> create(std::string_view tenant = {}) const;
  /// Errors: malformed_ciphertext, unsupported_version, invalid_name; reveal_failed for another id, tenant or key, and damage.
  Result<SubjectKey> unwrap(const SubjectId& id, std::string_view wrapped, std::string_view tenant = {}) const;
  /// The same key wrapped under the active key; values stay as they are. Errors: those of both.
  Result<std::string> rewrap(const SubjectId& id, std::string_view wrapped, std::string_view tenant = {}) const;

 private:
  Result<std::string> wrap(const SubjectId& id, std::string_view key, std::string_view tenant) const;
  Result<SecretString> open(const SubjectId& id, std::string_view wrapped, std::string_view tenant) const;

  std::shared_ptr<KeysetProvider> provider_;
  Environment environment_;
};

}  // namespace pii
