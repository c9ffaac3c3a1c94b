#pragma once

#include "pii/logging/configuration.hpp"

namespace pii::log {

/// `variables` with what PII_LOG_PRESET says where a variable is absent: `development`, `production`, or `environment`, which is one of
/// them by the name in ENVIRONMENT (dev, development, local, test and testing are development). Errors: invalid_setting.
Result<Variables> with_preset(const Variables& variables);
/// The levels of libraries that come with it; none without a preset.
std::map<std::string, Level, std::less<>> preset_levels(const Variables& with_preset);

/// The service that a program is by its name: where `table` (`word=service`, by commas) has the name, or one of its words, it says
/// which; else `app`.
std::string service_of(std::string_view program, std::string_view table);

}  // namespace pii::log
