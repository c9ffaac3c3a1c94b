#include "scan/csv_events.hpp"

#include <algorithm>

#include "stream/csv_record.hpp"
#include "stream/json_text.hpp"

namespace piictl {

char CsvEvents::guess_delimiter(std::string_view beginning) noexcept {
  const std::string_view line = beginning.substr(0, beginning.find('\n'));
  char best = ',';
  std::ptrdiff_t most = 0;
  for (const char candidate : {',', ';', '\t', '|'}) {
    const std::ptrdiff_t count = std::ranges::count(line, candidate);
    if (count > most) {
      best = candidate;
      most = count;
    }
  }
  return best;
}

std::string CsvEvents::name_of(std::size_t column) const {
  if (column < header_->size()) return (*header_)[column];
  return "\"column " + std::to_string(column + 1) + "\"";
}

void CsvEvents::append_cell(std::string_view cell, std::size_t column, std::string& out) {
  scratch_.resize(std::max(scratch_.size(), cell.size()));
  json_.clear();
  stream::append_json_string(stream::csv_cell_text(cell, scratch_.data()), json_);
  out += column == 0 ? "{" : ",";
  out += name_of(column);
  out += ':';
  out += json_.view();
}

std::uint64_t CsvEvents::append(std::string_view records, std::string& out) {
  stream::CsvCells cells(records, delimiter_);
  std::uint64_t rows = 0;
  std::size_t column = 0;
  const bool had_header = !header_->empty();
  for (std::size_t begin = 0; begin < records.size() || column != 0;) {
    const std::size_t end = cells.next_end();
    const bool row_ends = end >= records.size() || records[end] == '\n';
    std::string_view cell = records.substr(begin, end - begin);
    if (row_ends && cell.ends_with('\r')) cell.remove_suffix(1);
    if (!had_header && rows == 0) {
      scratch_.resize(std::max(scratch_.size(), cell.size()));
      const std::string_view name = stream::csv_cell_text(cell, scratch_.data());
      json_.clear();
      stream::append_json_string(name, json_);
      header_->push_back(name.empty() ? name_of(column) : std::string(json_.view()));
    } else {
      append_cell(cell, column, out);
      if (row_ends) out += "}\n";
    }
    column = row_ends ? 0 : column + 1;
    rows += row_ends ? 1 : 0;
    begin = end + 1;
  }
  return rows;
}

}  // namespace piictl
