#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "pii/base64url.hpp"
#include "pii/binding.hpp"
#include "pii/export.hpp"
#include "pii/names.hpp"
#include "pii/provider.hpp"
#include "pii/result.hpp"
#include "pii/secret.hpp"

namespace pii {

/// Encrypts values so that those who hold the reveal keyset can read them back (docs/formats.md sections 1 and 2). Bound
/// to environment and field type, in version 2 to whatever the binding names: what was protected for one is not revealed for
/// another. The keyset's policy says which version is written and which are read. Any thread.
class PII_EXPORT Protector {
 public:
  Protector(std::shared_ptr<KeysetProvider> provider, Environment environment);

  /// The ciphertext of `plaintext` (UTF-8, kept verbatim) under the primary key, with a fresh random nonce.
  /// Errors: invalid_utf8; when no keyset is in force, what KeysetProvider::load says; guard_refused without a record where
  /// the policy requires one. Version 1 also usage for a binding; version 2 also invalid_name, too_large (the binding).
  Result<std::string> protect(const FieldType& field, std::string_view plaintext, const Binding& binding = {}) const;

  /// The same into the caller's buffer, which does not overlap `plaintext`, without a heap allocation; returns the part written.
  /// protected_capacity() says how much room to bring. Errors: those above, buffer_too_small.
  Result<std::string_view> protect_into(const FieldType& field, std::string_view plaintext, std::span<char> out,
                                        const Binding& binding = {}) const;
  /// Room for any plaintext of `plaintext_size` bytes under any key id.
  static std::size_t protected_capacity(std::size_t plaintext_size) noexcept;

  /// The plaintext. Errors: malformed_ciphertext; unsupported_version, also for one that the policy does not accept;
  /// reveal_failed alike for an unknown key id, a wrong key, a wrong context or binding and damage; invalid_utf8 when what was
  /// protected is no text. Lenient reads what ecsctx reads (docs/formats.md). Version 1 is bound to no record: a policy that
  /// accepts version 2 alone makes sure that rows cannot be swapped.
  Result<SecretString> reveal(const FieldType& field, std::string_view ciphertext,
                              Base64Mode mode = Base64Mode::strict, const Binding& binding = {}) const;

  /// The same inside the caller's buffer of at least base64url_decoded_capacity(ciphertext.size()) bytes, which does not overlap
  /// `ciphertext`; the view points into it. The caller wipes it. No heap allocation. Errors: those above, buffer_too_small.
  Result<std::string_view> reveal_into(const FieldType& field, std::string_view ciphertext, std::span<char> out,
                                       Base64Mode mode = Base64Mode::strict, const Binding& binding = {}) const;

  /// The same value's ciphertext under the primary key, or under the live key `to`, into the caller's buffer of
  /// protected_capacity() of the plaintext; base64url_decoded_capacity(ciphertext.size()) is room enough for that. One that is
  /// under that key already is opened all the same, and stays as it is: the view may point into `ciphertext`. Errors: those of
  /// reveal_into and protect_into; guard_refused for a key that no reader may know yet (staged), usage for none.
  Result<std::string_view> rewrap_into(const FieldType& field, std::string_view ciphertext, std::span<char> out,
                                       std::string_view to = {}, const Binding& binding = {}) const;

  const Environment& environment() const noexcept { return environment_; }

 private:
  std::shared_ptr<KeysetProvider> provider_;
  Environment environment_;
};

}  // namespace pii
