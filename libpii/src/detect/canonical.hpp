#pragma once

#include <string>
#include <string_view>

#include "detect/regions.hpp"
#include "pii/detector.hpp"

namespace pii::detect {

/// Appends to `out` the form of a value that is tokenized (docs/masking.md section 6). `folded` is the value
/// as the detectors saw it (ASCII digits, no zero-width marks).
void append_canonical(Detector detector, std::string_view folded, const Regions& regions, std::string& out);
/// Whether it is surely the value itself.
bool is_canonical(Detector detector, std::string_view folded) noexcept;

}  // namespace pii::detect
