#include "scan/scan_report.hpp"

#include <algorithm>

#include "output.hpp"
#include "scan/kid_count_json.hpp"
#include "text_table.hpp"

namespace piictl {
namespace {

}  // namespace

std::uint64_t ScanReport::bytes() const noexcept {
  std::uint64_t sum = 0;
  for (const ScanFile& file : files) sum += file.bytes;
  return sum;
}

std::uint64_t ScanReport::events() const noexcept {
  std::uint64_t sum = 0;
  for (const ScanFile& file : files) sum += file.events;
  return sum;
}

std::uint64_t ScanReport::values() const noexcept {
  std::uint64_t sum = 0;
  for (const ScanFinding& finding : findings) sum += finding.count;
  return sum;
}

std::string ScanReport::file_of(const ScanFinding& finding) const {
  return finding.file < files.size() ? files[finding.file].name : "(others)";
}

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, 1, ',');
  return text;
}

std::string to_text(const ScanReport& report) {
  const bool many = report.files.size() > 1;
  std::vector<std::vector<std::string>> rows;
  if (!report.findings.empty()) {
    rows.push_back({"RISK", "TYPE", "COUNT", "SHAPE", "PATH"});
    if (many) rows.back().emplace_back("FILE");
  }
  for (const ScanFinding& finding : report.findings) {
    rows.push_back({std::string(to_string(finding.severity)), finding.type, grouped(finding.count),
                    finding.shape, finding.path.empty() ? "(text)" : finding.path});
    if (many) rows.back().push_back(report.file_of(finding));
  }
  std::string out = text_table(rows);
  if (report.kids.empty()) return out;
  rows = {{"KEY ID", "KIND", "VERSION", "COUNT"}};
  for (const KidCount& kid : report.kids) {
    rows.push_back(
        {kid.kid.empty() ? "(none)" : kid.kid, kid.kind, std::to_string(kid.version), grouped(kid.count)});
  }
  return out + (out.empty() ? "" : "\n") + text_table(rows);
}

std::string to_json(const ScanReport& report) {
  Json findings = Json::array();
  for (const ScanFinding& finding : report.findings) {
    findings.push_back({{"path", finding.path},
                        {"type", finding.type},
                        {"count", finding.count},
                        {"shape", finding.shape},
                        {"severity", to_string(finding.severity)},
                        {"file", report.file_of(finding)}});
  }
  return to_json_line({{"files", report.files.size()},
                       {"events", report.events()},
                       {"bytes", report.bytes()},
                       {"findings", std::move(findings)},
                       {"kids", to_json(report.kids)},
                       {"not_json", report.not_json},
                       {"too_long", report.too_long},
                       {"failed", report.failed}});
}

std::string to_evidence(const ScanReport& report) {
  Json files = Json::array();
  for (const ScanFile& file : report.files) {
    files.push_back({{"name", file.name}, {"bytes", file.bytes}, {"events", file.events}, {"digest", file.digest}});
  }
  std::vector<std::pair<std::string, std::uint64_t>> by_type;  // in the order in which they come first
  for (const ScanFinding& finding : report.findings) {
    const auto known = std::ranges::find(by_type, finding.type, [](const auto& type) { return type.first; });
    if (known == by_type.end()) {
      by_type.emplace_back(finding.type, finding.count);
    } else {
      known->second += finding.count;
    }
  }
  Json types = Json::object();
  for (const auto& [type, count] : by_type) types.add(type, count);
  return to_json_line({{"scanned_at", report.time},
                       {"piictl", report.version},
                       {"policy", report.policy},
                       {"files", std::move(files)},
                       {"events", report.events()},
                       {"values", report.values()},
                       {"types", std::move(types)},
                       {"kids", to_json(report.kids)},
                       {"not_looked_at", report.too_long + report.failed}});
}

}  // namespace piictl
