#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "scan/severity.hpp"

namespace piictl {

/// One kind of personal data at one place.
struct ScanFinding {
  static constexpr std::uint32_t kOtherFiles = UINT32_MAX;

  std::uint32_t file = 0;  // index in ScanReport::files
  std::string path;        // masked; "(other)" for what had no room in the table
  std::string type;
  Severity severity = Severity::medium;
  std::uint64_t count = 0;
  std::string shape;  // the most frequent one
};

/// Counts findings by place and type, in bounded memory: beyond `limit` places the rest is counted by type
/// alone.
class FindingTable {
 public:
  static constexpr std::size_t kDefaultLimit = 10000;

  explicit FindingTable(std::size_t limit = kDefaultLimit) : limit_(limit) {}

  void add(std::uint32_t file, pii::Detector detector, std::string_view type, std::string_view path,
           std::string_view shape);
  void merge(const FindingTable& other);
  /// The worst first: by severity, count, path, type, file.
  std::vector<ScanFinding> by_risk() const;

 private:
  struct Entry {
    ScanFinding finding;
    std::map<std::string, std::uint64_t, std::less<>> shapes;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view key) const noexcept { return std::hash<std::string_view>()(key); }
  };

  Entry& entry(std::uint32_t file, Severity severity, std::string_view type, std::string_view path);
  void make_key(std::uint32_t file, std::string_view type, std::string_view path);

  std::size_t limit_;
  std::unordered_map<std::string, Entry, Hash, std::equal_to<>> entries_;
  std::string key_;
};

}  // namespace piictl
