#pragma once

#include <string>

#include "pii/masker.hpp"

namespace piictl {

/// One line of JSON: {"events","bytes_in","bytes_out","found","types":{…},"not_json","too_long","failed",
/// "redacted_without_key"}.
std::string to_json(const pii::MaskCounts& counts);
/// Two or three lines for people.
std::string to_text(const pii::MaskCounts& counts);

}  // namespace piictl
