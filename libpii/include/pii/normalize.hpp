#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "pii/error.hpp"
#include "pii/export.hpp"

namespace pii {

/// How a field type's values are brought to one spelling before hashing (docs/formats.md sections 1 and 2.5).
enum class Normalization : std::uint8_t {
  strip,  // surrounding white space removed
  email,  // strip, then full lower-casing with final sigma
  phone,  // only `+` and decimal digits of any script, as they are
  // Of version 2:
  text_1,        // "text.1": without zero-width marks, composed (NFC), stripped
  email_1,       // "email.1": the same in lower case
  phone_e164_1,  // "phone-e164.1": an international number as E.164; only where libphonenumber was built in
};

/// The version 1 rule: exactly "email" and "phone" are special, all else is stripped.
constexpr Normalization normalization_of(std::string_view field_type) noexcept {
  if (field_type == "email") return Normalization::email;
  if (field_type == "phone") return Normalization::phone;
  return Normalization::strip;
}

/// The version 2 rule of a field type: "email" and "phone" are special, all else is text.
constexpr Normalization normalization_v2_of(std::string_view field_type) noexcept {
  if (field_type == "email") return Normalization::email_1;
  if (field_type == "phone") return Normalization::phone_e164_1;
  return Normalization::text_1;
}

/// The name of a version 2 rule, e.g. "email.1"; empty for those of version 1.
constexpr std::string_view normalizer_id(Normalization rule) noexcept {
  if (rule == Normalization::text_1) return "text.1";
  if (rule == Normalization::email_1) return "email.1";
  if (rule == Normalization::phone_e164_1) return "phone-e164.1";
  return {};
}
/// The version 2 rule of that name.
constexpr std::optional<Normalization> parse_normalizer(std::string_view id) noexcept {
  for (const Normalization rule :
       {Normalization::text_1, Normalization::email_1, Normalization::phone_e164_1}) {
    if (normalizer_id(rule) == id) return rule;
  }
  return std::nullopt;
}
/// Whether this build can apply the rule.
PII_EXPORT bool is_built_in(Normalization rule) noexcept;

/// A value after normalization: the only thing that can be hashed into a token, and only normalize() fills
/// it. It may point into the value it was made from, which must outlive it. Its own copy is wiped on
/// destruction.
class PII_EXPORT NormalizedValue {
 public:
  NormalizedValue() noexcept {}  // leaves the buffer uninitialized on purpose
  NormalizedValue(const NormalizedValue&) = delete;
  NormalizedValue& operator=(const NormalizedValue&) = delete;
  ~NormalizedValue() {
    if (owned_ != nullptr) wipe_owned();
  }

  std::string_view view() const noexcept { return view_; }

 private:
  friend class ValueNormalizer;

  static constexpr std::size_t kInlineSize = 256;

  void wipe_owned() noexcept;

  std::string_view view_;
  char* owned_ = nullptr;  // inline_, or the heap for what does not fit
  std::size_t owned_size_ = 0;
  char inline_[kInlineSize];
};

/// Normalizes UTF-8 `value`, which must not lie in `out`. Returns ok or, with `out` empty, invalid_utf8; for
/// phone_e164_1 also malformed_value (no international number) and invalid_setting (not built in). Rules of
/// version 1 and ASCII text: no heap allocation unless the result differs from a piece of the input and is
/// longer than 256 bytes. Never blocks; any thread.
PII_EXPORT ErrorCode normalize(Normalization rule, std::string_view value, NormalizedValue& out);

/// Offset of the first byte that is not valid UTF-8 (RFC 3629: no surrogates, no overlongs), or npos.
PII_EXPORT std::size_t find_invalid_utf8(std::string_view text) noexcept;

}  // namespace pii
