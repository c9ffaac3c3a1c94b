#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "pii/detector.hpp"

// Detectors as plainly as they can be written: every start is tried, left to right, with loops over characters. One detector at a
// time, over a text in which nothing else was found, with the policy's context given or not.
namespace pii::kit::reference {

struct Hit {
  std::size_t begin;
  std::size_t end;
  bool operator==(const Hit&) const = default;
};

/// Detectors there are here.
std::vector<Detector> reference_detectors();
/// What `detector` finds in `text`; `context`: its words stand in the keys above.
std::vector<Hit> naive_scan(Detector detector, std::string_view text, bool context);

}  // namespace pii::kit::reference
