#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pii::mask {

/// Appends the network of an IP address, e.g. `188.236.1.0/24` or `2a02:db8:1::/48` (RFC 5952); false when `address` is
/// none. A port, zone or prefix length behind it is left out.
bool append_network(std::string_view address, std::uint8_t v4_prefix, std::uint8_t v6_prefix, std::string& out);

}  // namespace pii::mask
