#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stream/buffer.hpp"

namespace piictl {

/// Rows of a csv as events of JSON, one a line, the columns' names as keys: so the same rules find the same
/// data there.
class CsvEvents {
 public:
  /// The columns' names as JSON strings; shared by all who read one stream.
  using Header = std::vector<std::string>;

  CsvEvents(char delimiter, std::shared_ptr<Header> header) noexcept
      : delimiter_(delimiter), header_(std::move(header)) {}

  /// Appends an event for each record of `records` (whole ones, quotes in order); returns how many records
  /// there were. While the header is empty, the first record is taken for it.
  std::uint64_t append(std::string_view records, std::string& out);

  /// The delimiter that stands most often in the first line: one of , ; tab |
  static char guess_delimiter(std::string_view beginning) noexcept;

 private:
  void append_cell(std::string_view cell, std::size_t column, std::string& out);
  std::string name_of(std::size_t column) const;

  char delimiter_;
  std::shared_ptr<Header> header_;
  std::string scratch_;
  stream::Buffer json_;
};

}  // namespace piictl
