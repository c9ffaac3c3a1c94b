#include "commands/place_counter.hpp"

#include <cmath>

namespace piictl {

void PlaceCounter::on_finding(const pii::MaskFinding& finding) {
  // Evenly spread: an event counts when the share of those before it reaches the next whole number with it.
  const auto event = static_cast<double>(finding.event);
  if (std::floor((event + 1) * rate_) <= std::floor(event * rate_)) return;
  const std::string_view type = finding.custom_id.empty() ? to_string(finding.detector) : finding.custom_id;
  places_.add(0, finding.detector, type, finding.path, {});
}

}  // namespace piictl
