#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "pii/binding.hpp"
#include "pii/blind_index.hpp"
#include "pii/export.hpp"
#include "pii/names.hpp"
#include "pii/provider.hpp"
#include "pii/result.hpp"
#include "pii/token.hpp"

namespace pii {

/// Turns values into tokens: the same value, field type and environment give the same token everywhere (docs/formats.md
/// sections 1 and 2); the keyset's policy says which version is written. Cheap to copy; all members may be called from any
/// thread. The dispatched path neither blocks nor allocates.
class PII_EXPORT Tokenizer {
 public:
  Tokenizer(std::shared_ptr<KeysetProvider> provider, Environment environment);

  /// The token under the primary key. Errors: invalid_utf8 with the offset; when no keyset is in force, what
  /// KeysetProvider::load says. Version 1 also usage for a binding; version 2 also invalid_name, malformed_value (no
  /// phone number) and invalid_setting (a normalizer that is not built in).
  Result<Token> tokenize(const FieldType& field, std::string_view value, const Binding& binding = {}) const;

  /// Of version 1, into `out`, which must hold kTokenV1Size characters. Returns ok, invalid_utf8, the code of the error
  /// above, or unsupported_version when the keyset writes version 2.
  ErrorCode tokenize_into(const FieldType& field, std::string_view value, char* out) const;

  /// Many values at once, several times faster: the token of values[i] is written at out[i] (kTokenV1Size characters) and
  /// codes[i] says ok or invalid_utf8. All spans have one size. Returns how many failed. One keyset serves the whole batch.
  /// Of version 1 only: unsupported_version when the keyset writes version 2.
  Result<std::size_t> tokenize_batch(const FieldType& field, std::span<const std::string_view> values,
                                     std::span<char* const> out, std::span<ErrorCode> codes) const;

  /// The same in whichever version the keyset writes; where codes[i] is not ok, out[i] stays as it was.
  Result<std::size_t> tokenize_batch(const FieldType& field, std::span<const std::string_view> values,
                                     std::span<Token> out, std::span<ErrorCode> codes, const Binding& binding = {}) const;

  /// Size of the tokens that the keyset in force writes. Errors: those of KeysetProvider::load, invalid_keyset.
  Result<std::size_t> token_size() const;

  /// The tokens under every live key of every accepted version, the primary's first: what a look-up asks for while keys
  /// change. Keys under which the value can have no token (a name or a phone number that version 2 does not take) are
  /// left out, unless it is the primary.
  Result<std::vector<Token>> tokenize_all(const FieldType& field, std::string_view value, const Binding& binding = {}) const;

  /// Whether `token` is the value's under any live key. Constant time in the token's content.
  Result<bool> matches(const FieldType& field, std::string_view value, const Token& token, const Binding& binding = {}) const;

  /// The blind index under the active index key (PII-IDX-2), as many bits as the key says, or `bits` if it is not 0 and
  /// not more. Errors: those of tokenize, not_configured without such a key, usage for too many or too few bits.
  Result<BlindIndex> index(const FieldType& field, std::string_view value, const Binding& binding = {}, unsigned bits = 0) const;
  /// Under every live index key, the active one's first.
  Result<std::vector<BlindIndex>> index_all(const FieldType& field, std::string_view value, const Binding& binding = {},
                                            unsigned bits = 0) const;

  const Environment& environment() const noexcept { return environment_; }

 private:
  std::shared_ptr<KeysetProvider> provider_;
  Environment environment_;
};

}  // namespace pii
