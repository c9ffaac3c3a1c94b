#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "stream/long_row.hpp"
#include "stream/splitter.hpp"

namespace piictl::stream {

/// Rows are lines: lines and ndjson.
class LineSplitter final : public Splitter {
 public:
  explicit LineSplitter(std::size_t max_line) noexcept : max_line_(max_line) {}
  std::size_t split(std::string_view text, bool at_end, std::vector<Defect>& defects) override;

 private:
  std::size_t max_line_;
  std::size_t searched_ = 0;  // no newline before this offset
  LongRow long_row_;
};

}  // namespace piictl::stream
