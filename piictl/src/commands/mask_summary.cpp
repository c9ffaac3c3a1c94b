#include "commands/mask_summary.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "commands/progress.hpp"
#include "output.hpp"
#include "scan/scan_report.hpp"

namespace piictl {
namespace {

// What was found, the most frequent first.
std::vector<std::pair<std::string_view, std::uint64_t>> types_of(const pii::MaskCounts& counts) {
  std::vector<std::pair<std::string_view, std::uint64_t>> types;
  for (std::size_t i = 0; i < counts.found.size(); ++i) {
    if (counts.found[i] != 0) types.emplace_back(to_string(static_cast<pii::Detector>(i)), counts.found[i]);
  }
  std::ranges::stable_sort(types, std::ranges::greater(), [](const auto& type) { return type.second; });
  return types;
}

std::string count_of(std::uint64_t count, std::string_view one) {
  return grouped(count) + " " + std::string(one) + (count == 1 ? "" : "s");
}

}  // namespace

std::string to_json(const MaskSummary& summary) {
  const pii::MaskCounts& counts = summary.counts;
  Json types = Json::object();
  for (const auto& [type, count] : types_of(counts)) types.add(type, count);
  Json out = {{"events", counts.events},
                                {"bytes_in", counts.bytes_in},
                                {"bytes_out", counts.bytes_out},
                                {"found", counts.findings()},
                                {"types", std::move(types)},
                                {"not_json", counts.not_json},
                                {"too_long", counts.too_long},
                                {"failed", counts.failed},
                                {"redacted_without_key", counts.redacted_without_key}};
  if (summary.places) {
    Json places = Json::array();
    for (const ScanFinding& place : *summary.places) {
      places.push_back({{"path", place.path}, {"type", place.type}, {"count", place.count}});
    }
    out.add("places", places);
    out.add("places_rate", summary.rate);
  }
  return to_json_line(out);
}

std::string to_text(const MaskSummary& summary) {
  constexpr std::size_t kMostPlaces = 8;
  const pii::MaskCounts& counts = summary.counts;
  std::string out = count_of(counts.findings(), "value") + " in " + count_of(counts.events, "event") + " (" +
                    human_bytes(static_cast<double>(counts.bytes_in)) + ")\n";
  std::string line;
  for (const auto& [type, count] : types_of(counts)) {
    line += (line.empty() ? "  " : ", ") + std::string(type) + " " + grouped(count);
  }
  if (!line.empty()) out += line + "\n";
  line.clear();
  for (const auto& [count, what] :
       {std::pair(counts.not_json, "not JSON, read as text"),
        std::pair(counts.too_long, "too long, replaced"), std::pair(counts.failed, "failed, redacted"),
        std::pair(counts.redacted_without_key, "redacted for want of a key")}) {
    if (count != 0) line += (line.empty() ? "  " : ", ") + grouped(count) + " " + what;
  }
  if (!line.empty()) out += line + "\n";
  if (!summary.places || summary.places->empty()) return out;
  line.clear();
  const std::size_t shown = std::min(summary.places->size(), kMostPlaces);
  for (std::size_t i = 0; i < shown; ++i) {
    const ScanFinding& place = (*summary.places)[i];
    line += (i == 0 ? "  at " : ", ") + (place.path.empty() ? "(text)" : place.path) + " " + grouped(place.count);
  }
  if (shown < summary.places->size()) line += ", and " + count_of(summary.places->size() - shown, "more place");
  return out + line + "\n";
}

}  // namespace piictl
