#pragma once

#include <string_view>

#include "normalize/value_normalizer.hpp"

namespace pii::unicode {

/// Without the white space that surrounds it, as str.strip() does; `text` is valid UTF-8.
std::string_view strip(std::string_view text) noexcept;
/// Without the ASCII white space that surrounds it; any bytes.
std::string_view strip_ascii(std::string_view text) noexcept;

// The rules of normalize(). Errors: invalid_utf8; the writer is then left cleared.
ErrorCode normalize_strip(std::string_view value, ValueNormalizer& writer);
ErrorCode normalize_email(std::string_view value, ValueNormalizer& writer);
ErrorCode normalize_phone(std::string_view value, ValueNormalizer& writer);

}  // namespace pii::unicode
