#pragma once

#include <string_view>

#include "vault/http.hpp"

namespace pii::providers::vault {

/// Takes from one header line, as it came, what a response keeps of it; everything else, and what is
/// malformed, is ignored. Retry-After's other form, a date, is not used by the servers we talk to.
void read_header(std::string_view line, HttpResponse& response);

}  // namespace pii::providers::vault
