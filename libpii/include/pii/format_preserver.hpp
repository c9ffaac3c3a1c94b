#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pii/binding.hpp"
#include "pii/export.hpp"
#include "pii/format_token.hpp"
#include "pii/names.hpp"
#include "pii/provider.hpp"
#include "pii/result.hpp"
#include "pii/secret.hpp"

namespace pii {

/// Format-preserving tokens under the token keyset's PII-FF1-2 keys, for systems that take nothing but so many digits
/// or letters (docs/formats.md section 2.7). Who has the keyset can read values back, and nothing tells when the
/// context is another or the text was changed: where neither is needed a token is the better choice. Any thread.
class PII_EXPORT FormatPreserver {
 public:
  FormatPreserver(std::shared_ptr<KeysetProvider> provider, Environment environment);

  /// The token under the active key; equal values have equal ones. Errors: not_configured without such a key;
  /// invalid_utf8; malformed_value for characters outside of the key's alphabet and for too few or too many;
  /// invalid_name; what KeysetProvider::load says.
  Result<std::string> tokenize(const FieldType& field, std::string_view value, const Binding& binding = {}) const;
  /// Under every live key, the active one's first, for look-ups while keys change. Keys with which the value has no
  /// token are left out.
  Result<std::vector<std::string>> tokenize_all(const FieldType& field, std::string_view value,
                                                const Binding& binding = {}) const;
  /// The normalized value. Errors: malformed_token, unsupported_version, invalid_name; reveal_failed when the keyset
  /// has no such key, or its alphabet no such characters.
  Result<SecretString> reveal(const FieldType& field, std::string_view token, const Binding& binding = {}) const;

 private:
  Result<std::vector<std::string>> make(const FieldType& field, std::string_view value, const Binding& binding,
                                        bool all) const;

  std::shared_ptr<KeysetProvider> provider_;
  Environment environment_;
};

}  // namespace pii
