#pragma once

#include <cstdint>
#include <string_view>

#include "pii/detector.hpp"

namespace piictl {

/// What a leak of it would cost, the worst first.
enum class Severity : std::uint8_t { critical, high, medium, low };
inline constexpr int kSeverityCount = 4;

Severity severity_of(pii::Detector detector) noexcept;
std::string_view to_string(Severity severity) noexcept;

}  // namespace piictl
