#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "pii/detector.hpp"
#include "pii/export.hpp"
#include "pii/mask_policy.hpp"
#include "pii/result.hpp"

namespace pii {

/// Why a policy masks a value at a path, or leaves it. Holds nothing of the value.
struct MaskExplanation {
  std::string key;                  // what the last name of the path says: "sensitive", "secret", "drop", "authorization",
                                    // "cookie", "set_cookie", "safe", "plain"
  Detector key_type = Detector::none;
  bool included = true;             // the policy's scope has the path
  bool never_scan = false;
  std::vector<std::size_t> rules;   // those of PolicySpec::paths that match, in order; the last one wins
  std::vector<Detector> found;      // what is found in the value there
  bool masked = false;              // whether the value changes
};

/// Explains what becomes of the string `value` at `path` (`payload.items[0].email`: names, `['any name']`, `[0]`). Errors:
/// invalid_setting for a path that is none or holds a wildcard. Slow; for people.
PII_EXPORT Result<MaskExplanation> explain_mask(const MaskPolicy& policy, std::string_view path, std::string_view value);

}  // namespace pii
