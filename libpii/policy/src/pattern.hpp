#pragma once

#include <memory>
#include <string>

#include "pii/mask_policy.hpp"
#include "pii/result.hpp"

namespace pii::policy {

inline constexpr std::size_t kMaxPatternSize = 1024;     // bytes of an expression
inline constexpr std::int64_t kPatternMemory = 8 << 20;  // bytes RE2 may use for one
inline constexpr int kMaxProgramSize = 10000;            // RE2 instructions

/// A regular expression of RE2, of which group `capture` is what was found (0: all). Errors: invalid_setting;
/// refused is what matches the empty text, for it matches everywhere.
Result<std::shared_ptr<const PatternMatcher>> make_pattern(const std::string& expression, int capture);

}  // namespace pii::policy
