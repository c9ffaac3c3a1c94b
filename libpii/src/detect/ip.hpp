#pragma once

#include <cstddef>
#include <string_view>

namespace pii::detect {

/// Reads a dotted quad at the start of `text` into out[4]; returns its size or 0. No leading zeros.
std::size_t parse_ipv4(std::string_view text, unsigned char* out) noexcept;
/// Whether `text` is an address of RFC 4291 without a zone, written to out[16].
bool parse_ipv6(std::string_view text, unsigned char* out) noexcept;
/// Whether `text` is an address of either kind and nothing else.
bool is_ip_address(std::string_view text) noexcept;

}  // namespace pii::detect
