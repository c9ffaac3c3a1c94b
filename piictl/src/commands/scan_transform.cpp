#include "commands/scan_transform.hpp"

#include <utility>

namespace piictl {

ScanTransform::ScanTransform(pii::Masker masker, bool as_text, std::size_t max_line)
    : MaskTransform(std::move(masker), as_text, max_line) {
  this->masker().set_listener(this);
}

void ScanTransform::begin_file(std::uint32_t file, std::optional<CsvEvents> rows) {
  file_ = file;
  rows_ = std::move(rows);
}

std::uint64_t ScanTransform::lines(std::string_view lines, std::string&) {
  kids_.scan(lines);
  masked_.clear();
  if (!rows_) return MaskTransform::lines(lines, masked_);
  events_.clear();
  const std::uint64_t rows = rows_->append(lines, events_);
  MaskTransform::lines(events_, masked_);
  return rows;
}

void ScanTransform::document(std::string_view document, std::string&) {
  kids_.scan(document);
  masked_.clear();
  MaskTransform::document(document, masked_);
}

void ScanTransform::defect(const stream::Defect& defect, std::string_view row, std::string&) {
  masked_.clear();
  if (defect.fault.code == pii::ErrorCode::malformed_csv) {
    // No record, so its columns are unknown, but text all the same.
    kids_.scan(row);
    masker().mask_text(row, masked_);
  } else {
    MaskTransform::defect(defect, row, masked_);
  }
}

void ScanTransform::on_finding(const pii::MaskFinding& finding) {
  const std::string_view type = finding.custom_id.empty() ? to_string(finding.detector) : finding.custom_id;
  findings_.add(file_, finding.detector, type, finding.path, finding.shape);
}

void hash_what_is_read(stream::Options& options, pii::Digest& digest) {
  options.on_read = [&digest](std::string_view bytes) { digest.update(std::as_bytes(std::span(bytes))); };
}

}  // namespace piictl
