#pragma once

#include <memory>
#include <optional>
#include <string>

#include "commands/mask_transform.hpp"
#include "pii/digest.hpp"
#include "scan/csv_events.hpp"
#include "scan/finding_table.hpp"
#include "scan/kid_counter.hpp"

namespace piictl {

/// Looks at what a stream consists of and writes nothing.
class ScanTransform final : public MaskTransform, private pii::MaskListener {
 public:
  ScanTransform(pii::Masker masker, bool as_text, std::size_t max_line);
  ScanTransform(const ScanTransform&) = delete;
  ScanTransform& operator=(const ScanTransform&) = delete;

  /// What comes next is of this file, and rows of a csv if there are `rows`.
  void begin_file(std::uint32_t file, std::optional<CsvEvents> rows);

  std::uint64_t lines(std::string_view lines, std::string& out) override;
  void document(std::string_view document, std::string& out) override;
  void defect(const stream::Defect& defect, std::string_view row, std::string& out) override;

  const FindingTable& findings() const noexcept { return findings_; }
  const KidCounter& kids() const noexcept { return kids_; }

 private:
  void on_finding(const pii::MaskFinding& finding) override;

  std::uint32_t file_ = 0;
  std::optional<CsvEvents> rows_;
  FindingTable findings_;
  KidCounter kids_;
  std::string events_;
  std::string masked_;  // never shown
};

/// Has the input hashed as it is read, for evidence. `digest` must outlive the run.
void hash_what_is_read(stream::Options& options, pii::Digest& digest);

}  // namespace piictl
