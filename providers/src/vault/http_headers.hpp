#pragma once

#include <string_view>

#include "vault/http.hpp"

namespace pii::providers::vault {

/// Takes from one header line, as it came, what a response keeps of it; everything else, and what is
/// malformed, is ignored.
void read_header(std::string_view line, HttpResponse& response);

/// Retry-After in plain seconds, at most a day, or nothing. Its other form, a date, is not used by the
/// servers we talk to.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view value);

/// An HTTP date ("Tue, 15 Nov 1994 08:12:31 GMT"), or nothing.
std::optional<std::chrono::system_clock::time_point> parse_http_date(std::string_view value);

}  // namespace pii::providers::vault
