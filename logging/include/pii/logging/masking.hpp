#pragma once

#include <string>
#include <string_view>

#include "pii/export.hpp"

namespace pii::log {

/// A text as the session's engine masks it: what bridges to other loggers write. LOG_MASKING_ERROR when it cannot be masked.
PII_EXPORT std::string masked(std::string_view text) noexcept;

}  // namespace pii::log
