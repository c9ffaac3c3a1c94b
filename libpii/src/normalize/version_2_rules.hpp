#pragma once

#include <string_view>

#include "normalize/value_normalizer.hpp"

// The rules of version 2 for any text. Errors: invalid_utf8; the writer is then left cleared.
namespace pii::unicode {

ErrorCode normalize_text_1(std::string_view value, ValueNormalizer& writer);
ErrorCode normalize_email_1(std::string_view value, ValueNormalizer& writer);

/// Errors also: malformed_value when it is no international phone number, invalid_setting when this build has
/// no libphonenumber.
ErrorCode normalize_phone_e164_1(std::string_view value, ValueNormalizer& writer);
bool has_phone_e164() noexcept;

}  // namespace pii::unicode
