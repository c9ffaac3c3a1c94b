#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "pii/error.hpp"
#include "pii/export.hpp"

namespace pii {

/// How a field type's values are brought to one spelling before hashing (docs/formats.md section 1).
enum class Normalization : std::uint8_t {
  strip,  // surrounding white space removed
  email,  // strip, then full lower-casing with final sigma
  phone,  // only `+` and decimal digits of any script, as they are
};

/// The version 1 rule: exactly "email" and "phone" are special, all else is stripped.
constexpr Normalization normalization_of(std::string_view field_type) noexcept {
  if (field_type == "email") return Normalization::email;
  if (field_type == "phone") return Normalization::phone;
  return Normalization::strip;
}

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

/// Normalizes UTF-8 `value`, which must not lie in `out`. Returns ok or invalid_utf8 (then `out` is empty).
/// No heap allocation unless the result differs from a piece of the input and is longer than 256 bytes.
/// Never blocks; any thread.
PII_EXPORT ErrorCode normalize(Normalization rule, std::string_view value, NormalizedValue& out);

/// Offset of the first byte that is not valid UTF-8 (RFC 3629: no surrogates, no overlongs), or npos.
PII_EXPORT std::size_t find_invalid_utf8(std::string_view text) noexcept;

}  // namespace pii
