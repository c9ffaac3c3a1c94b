#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pii/keyset_record.hpp"

namespace pii::keyset {

/// A date-time of RFC 3339 section 5.6 that exists in the calendar, or nothing. Fractions are dropped.
std::optional<Seconds> parse_rfc3339(std::string_view text) noexcept;
bool is_rfc3339(std::string_view text) noexcept;
/// The same, in UTC and written with a Z.
bool is_rfc3339_utc(std::string_view text) noexcept;
/// "2026-01-31T12:00:00Z".
std::string to_rfc3339(Seconds seconds);

}  // namespace pii::keyset
