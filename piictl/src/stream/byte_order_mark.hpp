#pragma once

#include <string_view>

namespace piictl::stream {

/// U+FEFF in UTF-8, which some programs put before a text. Kept, and no part of it.
inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace piictl::stream
