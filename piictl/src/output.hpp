#pragma once

#include <string>
#include <string_view>

#include "json.hpp"
#include "pii/result.hpp"

namespace piictl {

/// Writes all of `data`, waiting where it must. Returns 0 or an errno; EINTR when a stop was asked for while
/// it waited.
int write_fully(int fd, std::string_view data) noexcept;

/// Data for the user's pipeline. Errors: output_failed, interrupted.
pii::Result<void> write_to_standard_output(std::string_view data);
/// What people read; failures are ignored, for there is nobody left to tell.
void write_to_standard_error(std::string_view text) noexcept;

/// One line of JSON with its newline.
inline std::string to_json_line(const Json& value) { return value.text() + "\n"; }

}  // namespace piictl
