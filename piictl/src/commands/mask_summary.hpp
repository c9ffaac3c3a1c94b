#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pii/masker.hpp"
#include "scan/finding_table.hpp"

namespace piictl {

/// What a run of mask tells. No values.
struct MaskSummary {
  pii::MaskCounts counts;
  std::optional<std::vector<ScanFinding>> places;  // where the policy asks for them, the most frequent first
  double rate = 1;                                 // the share of events that `places` is of
};

/// One line of JSON: {"events","bytes_in","bytes_out","found","types":{…},"not_json","too_long","failed",
/// "redacted_without_key"}, and {"places":[{"path","type","count"}],"places_rate"} where there are places.
std::string to_json(const MaskSummary& summary);
/// A few lines for people.
std::string to_text(const MaskSummary& summary);

}  // namespace piictl
