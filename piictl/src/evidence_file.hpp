#pragma once

#include <string>

#include "pii/key_life.hpp"
#include "pii/result.hpp"
#include "recorded.hpp"

namespace piictl {

/// Errors: those of the file; malformed_json when it is neither.
pii::Result<Recorded> load_recorded(const std::string& path);

/// What lets a key be disabled: a scan, or a retokenization that is complete. Errors: those of the file;
/// malformed_json when it is neither.
pii::Result<pii::key_life::Evidence> load_evidence(const std::string& path);

}  // namespace piictl
