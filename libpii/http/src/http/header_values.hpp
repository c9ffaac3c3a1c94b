#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace pii::http {

/// One header line as it came: its name, and its value without the blanks around it. nullopt: it has no name.
struct HeaderLine {
  std::string_view name;
  std::string_view value;

  /// Whether that is its name; `lower` is in lower case.
  bool is(std::string_view lower) const noexcept;
};
std::optional<HeaderLine> split_header(std::string_view line) noexcept;

/// Retry-After in plain seconds, at most a day, or nothing.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view value);

/// An HTTP date ("Tue, 15 Nov 1994 08:12:31 GMT"), or nothing.
std::optional<std::chrono::system_clock::time_point> parse_http_date(std::string_view value);

}  // namespace pii::http
