#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "pii/export.hpp"

namespace pii::log {

/// How much an event matters; `off` is a threshold that nothing reaches.
enum class Level : std::uint8_t { trace, debug, info, warning, error, critical, off };

/// `trace` … `critical`, `off`.
PII_EXPORT std::string_view to_string(Level level) noexcept;
/// The same, in any case; also `warn`, `fatal`, `none`. nullopt: no level.
PII_EXPORT std::optional<Level> parse_level(std::string_view text) noexcept;

/// The level for an attempt that failed: info while others follow, error for the last of `max_attempts`.
constexpr Level retry_level(unsigned attempt, unsigned max_attempts) noexcept {
  return attempt < max_attempts ? Level::info : Level::error;
}

}  // namespace pii::log
