#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "pii/export.hpp"
#include "pii/names.hpp"
#include "pii/provider.hpp"
#include "pii/result.hpp"
#include "pii/token.hpp"

namespace pii {

/// Turns values into tokens: the same value, field type and environment give the same token everywhere (docs/formats.md
/// section 1). Cheap to copy; all members may be called from any thread. The dispatched path neither blocks nor allocates.
class PII_EXPORT Tokenizer {
 public:
  Tokenizer(std::shared_ptr<KeysetProvider> provider, Environment environment);

  /// The token under the primary key. Errors: invalid_utf8 with the offset; when no keyset is in force, what
  /// KeysetProvider::load says.
  Result<Token> tokenize(const FieldType& field, std::string_view value) const;

  /// The same into `out`, which must hold kTokenV1Size characters. Returns ok, invalid_utf8 or the code of the error above.
  ErrorCode tokenize_into(const FieldType& field, std::string_view value, char* out) const;

  /// Many values at once, several times faster: the token of values[i] is written at out[i] (kTokenV1Size characters) and
  /// codes[i] says ok or invalid_utf8. All spans have one size. Returns how many failed. One keyset serves the whole batch.
  Result<std::size_t> tokenize_batch(const FieldType& field, std::span<const std::string_view> values,
                                     std::span<char* const> out, std::span<ErrorCode> codes) const;

  /// The tokens under every live key, the primary's first: what a look-up asks for while keys change.
  Result<std::vector<Token>> tokenize_all(const FieldType& field, std::string_view value) const;

  /// Whether `token` is the value's under any live key. Constant time in the token's content.
  Result<bool> matches(const FieldType& field, std::string_view value, const Token& token) const;

  const Environment& environment() const noexcept { return environment_; }

 private:
  std::shared_ptr<KeysetProvider> provider_;
  Environment environment_;
};

}  // namespace pii
