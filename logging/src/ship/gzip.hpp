#pragma once

#include <string>
#include <string_view>

namespace pii::ship {

/// `text` as one gzip member (RFC 1952), in place of what `out` had. False when zlib cannot: then it is sent as it is.
bool gzip(std::string_view text, std::string& out);

}  // namespace pii::ship
