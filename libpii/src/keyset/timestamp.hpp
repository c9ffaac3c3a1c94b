#pragma once

#include <string_view>

namespace pii::keyset {

/// Whether `text` is a date-time of RFC 3339 section 5.6 that exists in the calendar.
bool is_rfc3339(std::string_view text) noexcept;
/// The same, in UTC and written with a Z.
bool is_rfc3339_utc(std::string_view text) noexcept;

}  // namespace pii::keyset
