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
  /// Does not own the file descriptor. `goes_on`: the file holds rejects of an earlier run already.
  RejectsWriter(int fd, const Format& format, bool goes_on = false)
      : fd_(fd), is_csv_(std::holds_alternative<Csv>(format)), begun_(goes_on) {}

  /// For Options::on_failure. Error: output_failed.
  pii::Result<void> add(const Failure& failure);
  /// Writes what is left; more may follow. Error: output_failed.
  pii::Result<void> finish();

 private:
  pii::Result<void> flush();
  void append_quoted(std::string_view text);

  int fd_;
  bool is_csv_;
  bool begun_;
  bool row_open_ = false;
  std::string pending_;
};

}  // namespace piictl::stream
