#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "stream/csv_record.hpp"
#include "stream/long_row.hpp"
#include "stream/splitter.hpp"

namespace piictl::stream {

/// Rows are csv records. A broken record costs only its first line: a stray quote that is never closed, or
/// that is closed by the next quote far below, would else take good rows with it. So reading goes on behind
/// the first newline of the record.
class CsvSplitter final : public Splitter {
 public:
  CsvSplitter(char delimiter, std::size_t max_line) noexcept
      : delimiter_(delimiter), max_line_(max_line), quotes_(delimiter) {}
  std::size_t split(std::string_view text, bool at_end, std::vector<Defect>& defects) override;

 private:
  /// Finds record ends until the text ends. False: something in the block before trouble_ needs the exact
  /// reading.
  bool scan(std::string_view text) noexcept;
  /// Reads records one by one until past the trouble. False when more bytes are needed.
  bool read_exactly(std::string_view text, bool at_end, std::vector<Defect>& defects);
  void restart(std::size_t offset) noexcept;

  char delimiter_;
  std::size_t max_line_;
  bool at_start_ = true;      // of the stream
  std::size_t bom_size_ = 0;  // 3 while a byte order mark is before the first record
  std::size_t record_ = 0;    // where the record begins that is being read
  std::size_t scanned_ = 0;   // quotes_ is the state here
  CsvQuotes quotes_;
  bool exact_ = false;
  std::size_t trouble_ = 0;
  LongRow long_row_;
};

}  // namespace piictl::stream
