#pragma once

#include <string>
#include <string_view>

namespace piictl {

/// What a line of a C or C++ program writes past the logger with (`printf`, `std::cerr`), or empty. Comments that begin in the line and
/// texts do not count.
std::string way_past_the_logger(std::string_view line);

}  // namespace piictl
