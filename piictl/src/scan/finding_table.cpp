#include "scan/finding_table.hpp"

#include <algorithm>
#include <tuple>

#include "display_text.hpp"

namespace piictl {
namespace {

// Hostile keys may be as long as a line.
constexpr std::size_t kMaxPath = 512;
constexpr std::size_t kMaxShape = 64;
constexpr std::size_t kMaxShapes = 16;
constexpr std::string_view kOther = "(other)";

// Cuts at a character's border.
std::string_view cut(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text;
  std::size_t size = limit;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  return text.substr(0, size);
}

}  // namespace

void FindingTable::make_key(std::uint32_t file, std::string_view type, std::string_view path) {
  key_.assign(reinterpret_cast<const char*>(&file), sizeof file);
  key_.append(type).append(1, '\0').append(path);
}

FindingTable::Entry& FindingTable::entry(std::uint32_t file, Severity severity, std::string_view type,
                                         std::string_view path) {
  make_key(file, type, path);
  auto found = entries_.find(std::string_view(key_));
  if (found != entries_.end()) return found->second;
  if (entries_.size() >= limit_ && path != kOther) {
    return entry(ScanFinding::kOtherFiles, severity, type, kOther);
  }
  Entry& made = entries_[key_];
  made.finding.file = file;
  made.finding.path = display_text(path);
  made.finding.type = display_text(type);
  made.finding.severity = severity;
  return made;
}

void FindingTable::add(std::uint32_t file, pii::Detector detector, std::string_view type,
                       std::string_view path, std::string_view shape) {
  Entry& at = entry(file, severity_of(detector), type, cut(path, kMaxPath));
  ++at.finding.count;
  shape = cut(shape, kMaxShape);
  if (auto known = at.shapes.find(shape); known != at.shapes.end()) {
    ++known->second;
  } else if (at.shapes.size() < kMaxShapes) {
    at.shapes.emplace(shape, 1);
  }
}

void FindingTable::merge(const FindingTable& other) {
  for (const auto& [key, from] : other.entries_) {
    const ScanFinding& finding = from.finding;
    Entry& to = entry(finding.file, finding.severity, finding.type, finding.path);
    to.finding.count += finding.count;
    for (const auto& [shape, count] : from.shapes) {
      if (to.shapes.size() < kMaxShapes || to.shapes.contains(shape)) to.shapes[shape] += count;
    }
  }
}

std::vector<ScanFinding> FindingTable::by_risk() const {
  std::vector<ScanFinding> all;
  all.reserve(entries_.size());
  for (const auto& [key, entry] : entries_) {
    ScanFinding& finding = all.emplace_back(entry.finding);
    const auto shape = std::ranges::max_element(entry.shapes, {}, [](const auto& s) { return s.second; });
    if (shape != entry.shapes.end()) finding.shape = display_text(shape->first);
  }
  std::ranges::sort(all, [](const ScanFinding& a, const ScanFinding& b) {
    return std::tie(a.severity, b.count, a.path, a.type, a.file) <
           std::tie(b.severity, a.count, b.path, b.type, b.file);
  });
  return all;
}

}  // namespace piictl
