#pragma once

#include <optional>
#include <string_view>

#include "pii/error.hpp"

namespace piictl {

/// The error for a command or a flag that the manual of a later version describes; none when the name is just
/// wrong.
std::optional<pii::Error> later_command(std::string_view name);
std::optional<pii::Error> later_flag(std::string_view name);

}  // namespace piictl
