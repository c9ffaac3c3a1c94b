#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "detect/scanner.hpp"

namespace pii::detect {

/// What is on by default (docs/detectors.md), with all regions.
Settings default_settings();
/// Every detector.
Settings all_settings();

/// Both scans; the spans as "detector{text} detector{text}".
std::string found_in(std::string_view text, const Settings& settings, const Hints& hints = {});
/// With the default settings.
std::string found_in(std::string_view text);
void find_all(std::string_view text, const Settings& settings, const Hints& hints, Spans& spans);

}  // namespace pii::detect
