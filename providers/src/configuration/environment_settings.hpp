#pragma once

#include <chrono>
#include <initializer_list>
#include <string>

#include "pii/providers/configuration.hpp"
#include "pii/result.hpp"

namespace pii::providers {

/// What a duration setting may be.
struct DurationRule {
  std::chrono::milliseconds absent;  // when the variable is absent or empty
  std::chrono::milliseconds least;
  std::chrono::milliseconds most;
};

/// Reads single variables; an empty variable counts as absent except where it says otherwise.
class EnvironmentSettings {
 public:
  explicit EnvironmentSettings(const EnvironmentLookup& lookup) : lookup_(lookup) {}

  /// The variable or "".
  std::string text(const char* name) const;
  /// Errors: not_configured.
  Result<std::string> required(const char* name) const;
  /// Plain decimal seconds, `12` or `0.5`. Errors: invalid_setting.
  Result<std::chrono::milliseconds> seconds(const char* name, const DurationRule& rule) const;

  /// A path that full access needs, and that without it is not even remembered. Errors: invalid_setting.
  Result<std::string> reveal_path(const char* name, Access access) const;
  /// `1`, `true`, `0` or `false`; absent: false. Errors: invalid_setting.
  Result<bool> yes_or_no(const char* name) const;
  /// The first of `names` that has a value, or "".
  const char* first_of(std::initializer_list<const char*> names) const;

  Result<ProviderKind> provider(TokenKeyset token_keyset) const;
  Result<Access> access() const;
  /// A present but empty variable is refused. Errors: invalid_setting.
  Result<std::string> environment() const;
  /// PII_KEYSET_VERIFY_KEY, or "". Errors: invalid_setting.
  Result<std::string> verify_key() const;

 private:
  const EnvironmentLookup& lookup_;
};

}  // namespace pii::providers
