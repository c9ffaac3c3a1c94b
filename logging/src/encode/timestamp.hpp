#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace pii::log {

/// Most bytes of a timestamp.
inline constexpr std::size_t kTimestampSize = 27;
/// Writes `2025-01-13T10:30:00.123Z`: UTC, with 3 or 6 digits of a second. The second's text is kept by the thread.
/// Returns where it ends.
char* write_timestamp(std::chrono::system_clock::time_point time, int digits, char* out) noexcept;
/// Appends it.
void write_timestamp(std::chrono::system_clock::time_point time, int digits, std::string& out);

}  // namespace pii::log
