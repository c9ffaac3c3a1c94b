#pragma once

#include <string>

#include "pii/result.hpp"
#include "stream/batch.hpp"

namespace piictl::stream {

/// Writes failed rows to a file, so that they can be put right and run again. Lines and ndjson: row number,
/// reason and the original, tab-separated, one a line. Csv: a csv with the columns row, reason, original, the
/// last one quoted as a whole.
class RejectsWriter {
 public:
  /// Does not own the file descriptor.
  RejectsWriter(int fd, const Format& format) : fd_(fd), is_csv_(std::holds_alternative<Csv>(format)) {}

  /// For Options::on_failure. Error: output_failed.
  pii::Result<void> add(const Failure& failure);
  /// Writes what is left. Error: output_failed.
  pii::Result<void> finish();

 private:
  pii::Result<void> flush();
  void append_quoted(std::string_view text);

  int fd_;
  bool is_csv_;
  bool begun_ = false;
  bool row_open_ = false;
  std::string pending_;
};

}  // namespace piictl::stream
