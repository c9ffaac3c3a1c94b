#include "pii/normalize.hpp"

#include "base/utf8.hpp"
#include "normalize/rules.hpp"

namespace pii {

ErrorCode normalize(Normalization rule, std::string_view value, NormalizedValue& out) {
  ValueNormalizer writer(out);
  switch (rule) {
    case Normalization::strip:
      return unicode::normalize_strip(value, writer);
    case Normalization::email:
      return unicode::normalize_email(value, writer);
    case Normalization::phone:
      return unicode::normalize_phone(value, writer);
  }
  return ErrorCode::internal;
}

std::size_t find_invalid_utf8(std::string_view text) noexcept { return base::find_invalid_utf8(text); }

}  // namespace pii
