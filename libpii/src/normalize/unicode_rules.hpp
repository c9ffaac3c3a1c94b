#pragma once

#include <string_view>

#include "normalize/value_normalizer.hpp"

// The rules of normalize() for any text. Errors: invalid_utf8; the writer is then left cleared.
namespace pii::unicode {

ErrorCode normalize_strip(std::string_view value, ValueNormalizer& writer);
ErrorCode normalize_email(std::string_view value, ValueNormalizer& writer);
ErrorCode normalize_phone(std::string_view value, ValueNormalizer& writer);

/// Without the white space that surrounds it, as str.strip() does; `text` is valid UTF-8.
std::string_view strip(std::string_view text) noexcept;

}  // namespace pii::unicode
