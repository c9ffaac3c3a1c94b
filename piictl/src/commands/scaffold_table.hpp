#pragma once

#include <span>
#include <string_view>

namespace piictl {

/// A configuration file that `piictl log scaffold` prints.
struct Scaffold {
  std::string_view name;
  std::string_view what;
  std::string_view text;
};
std::span<const Scaffold> scaffolds() noexcept;

}  // namespace piictl
