#pragma once

#include <chrono>
#include <string>

namespace pii::log {

/// Appends `2025-01-13T10:30:00.123Z`: UTC, with 3 or 6 digits of a second. The second's text is kept by the thread.
void write_timestamp(std::chrono::system_clock::time_point time, int digits, std::string& out);

}  // namespace pii::log
