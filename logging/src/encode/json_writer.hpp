#pragma once

#include <string>
#include <string_view>

#include "pii/logging/field.hpp"

namespace pii::log {

/// What takes the place of a sensitive value: its token, or [PII_REDACTED].
class SensitiveWriter {
 public:
  virtual ~SensitiveWriter() = default;
  virtual void write(std::string_view field_type, std::string_view value, std::string& out) = 0;
};
inline constexpr std::string_view kRedacted = "[PII_REDACTED]";

/// Whether `text` stands in a JSON string as it is.
bool needs_no_escape(std::string_view text) noexcept;
/// Writes a finite number with a fraction or an exponent, 32 bytes at most. Returns where it ends.
char* write_real(double number, char* out) noexcept;
/// Appends `text` as a JSON string: control characters escaped, bytes that are no UTF-8 replaced by U+FFFD.
void write_string(std::string_view text, std::string& out);
/// Appends a member's name and the colon, after a comma when `comma`.
void write_name(std::string_view name, bool comma, std::string& out);
/// Appends a value. Doubles keep a fraction or an exponent, what is no number is null. `sensitive` null: all of it redacted.
void write_value(const ValueRef& value, SensitiveWriter* sensitive, std::string& out);

}  // namespace pii::log
