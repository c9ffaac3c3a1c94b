#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pii/result.hpp"
#include "scan/finding_table.hpp"
#include "scan/kid_counter.hpp"

namespace piictl {

/// What a scan saw of one file. The name is masked and may be shown.
struct ScanFile {
  std::string name;
  std::uint64_t bytes = 0;
  std::uint64_t events = 0;
  std::string digest = {};  // SHA-256 of what was read, for evidence
};

/// What a scan found. Every text in it may be shown to people: it holds no value and no control character.
struct ScanReport {
  std::string time;     // RFC 3339
  std::string version;  // piictl's
  std::string policy;   // the profile's or the policy file's name
  std::vector<ScanFile> files;
  std::vector<ScanFinding> findings;  // the worst first
  std::vector<KidCount> kids;
  std::uint64_t not_json = 0;  // events read as text
  std::uint64_t too_long = 0;  // lines too long to be looked at
  std::uint64_t failed = 0;    // events or values that could not be looked at

  std::uint64_t bytes() const noexcept;
  std::uint64_t events() const noexcept;
  std::uint64_t values() const noexcept;
  /// "-" for standard input.
  std::string file_of(const ScanFinding& finding) const;
};

/// A table for a terminal, findings and then key ids.
std::string to_text(const ScanReport& report);
/// docs/cli.md, "scan": one line.
std::string to_json(const ScanReport& report);
/// What was scanned, when, and which keys were seen, to be kept as evidence: one line of JSON.
std::string to_evidence(const ScanReport& report);
/// A page of its own: no network, nothing of the data is markup or script.
std::string to_html(const ScanReport& report);

/// "12,345".
std::string grouped(std::uint64_t number);

}  // namespace piictl
