#pragma once

#include <string>
#include <string_view>

#include "pii/result.hpp"

namespace piictl {

/// Puts a file of mode 0600 with this content at `path`, in one step: who reads it sees the old content or
/// the new one. What is there and is no regular file (a pipe, /dev/stderr) is written to as it is. `flag`
/// names the file in errors: output_failed.
pii::Result<void> write_private_file(std::string_view flag, const std::string& path,
                                     std::string_view content);

}  // namespace piictl
