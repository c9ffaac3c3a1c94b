#pragma once

#include <cstddef>
#include <string_view>

#include "detect/scan.hpp"

namespace pii::detect {

/// An e-mail address, [begin, end) of a text, and the last label of its domain.
struct Address {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string_view top_level;
};

/// Reads the address around the '@' at `at`, which lies in the window, if it is written as most are: ASCII, a domain in lower case, some
/// thirty bytes at most on either side, and nothing beside it that another reading could begin with. False says nothing.
bool read_plain_address(const Scan& scan, std::size_t at, Address& address) noexcept;

}  // namespace pii::detect
