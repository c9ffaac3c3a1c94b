#pragma once

#include <cstdint>
#include <string>

#include "descriptor.hpp"
#include "pii/result.hpp"

namespace piictl {

/// Opens the file of --rejects, cut to `keep` bytes and of mode 0600, because failed rows are personal data.
/// Errors: output_failed; usage when it is the batch's own input or output. They do not name the path.
pii::Result<Descriptor> open_rejects(const std::string& path, int input, int output, std::uint64_t keep = 0);

}  // namespace piictl
