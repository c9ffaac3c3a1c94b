#pragma once

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace piictl {

/// "2026-01-31T12:00:00Z".
std::string to_rfc3339(std::time_t time);
/// Seconds since the epoch of an RFC 3339 date and time, or nothing.
std::optional<std::time_t> parse_rfc3339(std::string_view text);
/// Whole days from `created_at` to `now`, or nothing when it cannot be read or lies ahead.
std::optional<std::int64_t> age_in_days(std::string_view created_at, std::time_t now);

}  // namespace piictl
