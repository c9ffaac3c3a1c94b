#pragma once

#include <string>

#include "pii/key_life.hpp"
#include "pii/result.hpp"

namespace piictl {

/// Reads what `scan --evidence` wrote, or the checkpoint of a retokenization that is complete (docs/cli.md).
/// Errors: those of the file; malformed_json when it is neither.
pii::Result<pii::key_life::Evidence> load_evidence(const std::string& path);

}  // namespace piictl
