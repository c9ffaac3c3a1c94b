#include "stream/csv_format.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "stream/byte_order_mark.hpp"
#include "stream/csv_record.hpp"
#include "stream/csv_splitter.hpp"

namespace piictl::stream {
namespace {

using pii::Error;
using pii::ErrorCode;

Error usage(std::string message, std::string hint = {}) {
  return {ErrorCode::usage, std::move(message), std::move(hint)};
}

/// Appends what stands between quotes for `text`.
void append_inner(std::string_view text, Buffer& out) {
  std::size_t from = 0;
  for (std::size_t quote = text.find('"'); quote != std::string_view::npos; quote = text.find('"', from)) {
    out.append(text.substr(from, quote + 1 - from));
    out.append('"');
    from = quote + 1;
  }
  out.append(text.substr(from));
}

}  // namespace

pii::Result<std::unique_ptr<RowFormat>> CsvFormat::make(const Csv& csv, bool apply_to_empty,
                                                        std::size_t max_line) {
  if (csv.columns.empty()) return usage("csv needs a column", "name one with --column NAME");
  const auto delimiter = static_cast<unsigned char>(csv.delimiter);
  if (delimiter == 0 || delimiter >= 0x80 || csv.delimiter == '"' || csv.delimiter == '\n' ||
      csv.delimiter == '\r') {
    return usage("the delimiter is not one ASCII character other than quote and line break");
  }
  if (!csv.into.empty() && csv.into.size() != csv.columns.size()) {
    return usage("there are not as many new columns as columns", "give --into once for each --column");
  }
  for (const auto* names : {&csv.columns, &csv.into}) {
    std::unordered_set<std::string_view> seen;
    for (const std::string& name : *names) {
      if (!seen.insert(name).second) return usage("column \"" + name + "\" is named twice");
    }
  }
  return std::unique_ptr<RowFormat>(new CsvFormat(csv, apply_to_empty, max_line));
}

std::unique_ptr<Splitter> CsvFormat::make_splitter() const {
  return std::make_unique<CsvSplitter>(csv_.delimiter, max_line_);
}

pii::Result<std::size_t> CsvFormat::read_header(std::string_view text, const std::vector<Defect>& defects,
                                                Buffer& out) {
  const std::size_t bom = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  if (!defects.empty() && defects.front().begin <= bom) {
    return Error(ErrorCode::malformed_csv, "the header cannot be read: " + to_string(defects.front().fault),
                 "the first row must name the columns");
  }
  if (text.size() == bom) {
    return Error(ErrorCode::missing_column, "the input is empty: it has no header",
                 "the first row must name the columns");
  }
  const std::string_view rows = text.substr(bom);
  CsvCells cells(rows, csv_.delimiter);
  std::vector<std::string> names;
  std::string scratch;
  std::size_t begin = 0;
  std::size_t end = 0;
  for (bool more = true; more; begin = end + 1) {
    end = cells.next_end();
    more = end < rows.size() && rows[end] != '\n';
    std::string_view cell = rows.substr(begin, end - begin);
    if (end < rows.size() && !more && cell.ends_with('\r')) cell.remove_suffix(1);
    scratch.resize(cell.size());
    names.emplace_back(csv_cell_text(cell, scratch.data()));
  }
  if (auto found = find_columns(names); !found) return found.error();

  const std::size_t size = std::min(begin, rows.size());
  const bool crlf = end < rows.size() && end > 0 && rows[end - 1] == '\r';
  const std::size_t cells_end = end - (crlf ? 1 : 0);
  out.append(text.substr(0, bom + cells_end));
  for (const std::string& name : csv_.into) {
    out.append(csv_.delimiter);
    append_cell(name, out);
  }
  out.append(rows.substr(cells_end, size - cells_end));
  return bom + size;
}

// The names of a header are shown by place only: where the header is missing, they are personal data.
pii::Result<void> CsvFormat::find_columns(const std::vector<std::string>& names) {
  std::unordered_map<std::string_view, std::size_t> places;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty()) continue;
    const auto [other, added] = places.emplace(names[i], i);
    if (added) continue;
    return Error(ErrorCode::malformed_csv,
                 "columns " + std::to_string(other->second + 1) + " and " + std::to_string(i + 1) +
                     " of the header have the same name",
                 "rename one of them; without a header row, put one before the data");
  }
  for (const std::string& name : csv_.into) {
    if (places.contains(name))
      return usage("column \"" + name + "\" is in the header already", "give --into a new name");
  }
  for (std::size_t target = 0; target < csv_.columns.size(); ++target) {
    const auto place = places.find(csv_.columns[target]);
    if (place == places.end()) {
      return Error(ErrorCode::missing_column, "column \"" + csv_.columns[target] + "\" is not in the header",
                   "the first row must name the columns, with the delimiter given by --delimiter");
    }
    columns_.push_back({place->second, static_cast<std::uint32_t>(target)});
  }
  if (!csv_.record.empty()) {
    const auto place = places.find(csv_.record);
    if (place == places.end()) {
      return Error(ErrorCode::missing_column, "column \"" + csv_.record + "\" is not in the header",
                   "--record-column names the column that tells rows apart");
    }
    record_index_ = place->second;
  }
  std::sort(columns_.begin(), columns_.end(),
            [](const Column& a, const Column& b) { return a.index < b.index; });
  header_cells_ = names.size();
  wrong_count_ = " cells where the header has " + std::to_string(header_cells_);
  return {};
}

std::size_t CsvFormat::scan(std::string_view text, Block& block) const {
  CsvCells cells(text, csv_.delimiter);
  std::size_t begin = 0;
  while (begin < text.size() && !block.full()) {
    const std::size_t row_begin = begin;
    const std::size_t first_splice = block.splices.size();
    std::size_t count = 0;
    std::size_t found = 0;
    std::size_t terminator_size = 0;
    std::size_t end = 0;
    std::string_view record;
    for (bool more = true; more; ++count, begin = end + terminator_size + (more ? 1 : 0)) {
      end = cells.next_end();
      more = end < text.size() && text[end] != '\n';
      if (end < text.size() && !more) {
        const bool crlf = end > row_begin && text[end - 1] == '\r';
        terminator_size = crlf ? 2 : 1;
        end -= crlf ? 1 : 0;
      }
      if (record_index_ == count) record = text.substr(begin, end - begin);
      if (found < columns_.size() && columns_[found].index == count) {
        block.splices.push_back({text.substr(begin, end - begin), columns_[found].target, Splice::kNoValue});
        ++found;
      }
    }
    const std::string_view row = text.substr(row_begin, end - row_begin);
    const bool blank = row.empty() && header_cells_ > 1;
    if (count == header_cells_) {
      add_values(row, record, first_splice, block);
    } else {
      block.splices.resize(first_splice);
      const ErrorCode code = found < columns_.size() ? ErrorCode::missing_column : ErrorCode::malformed_csv;
      if (!blank) block.faults.push_back({block.rows.size(), {code, {}, count, wrong_count_}});
    }
    block.rows.push_back({row, terminator_size, block.splices.size()});
  }
  return std::min(begin, text.size());
}

std::string_view CsvFormat::cell_value(std::string_view cell, Block& block) {
  const bool quoted = cell.starts_with('"');
  const std::string_view value =
      csv_cell_text(cell, quoted ? block.unescaped.room(cell.size()).data() : nullptr);
  if (quoted && value.data() != cell.data() + 1) block.unescaped.keep(value);
  return value;
}

void CsvFormat::add_values(std::string_view row, std::string_view record_cell, std::size_t first_splice,
                           Block& block) const {
  const std::string_view record = cell_value(record_cell, block);
  std::size_t kept = first_splice;
  for (std::size_t i = first_splice; i < block.splices.size(); ++i) {
    Splice splice = block.splices[i];
    const std::string_view cell = splice.original;
    const std::string_view value = cell_value(cell, block);
    const bool wanted = !value.empty() || apply_to_empty_;
    if (wanted && record.empty() && !csv_.record.empty()) {
      block.splices.resize(first_splice);
      block.faults.push_back({block.rows.size(), {ErrorCode::missing_column, "the cell that names the row is empty"}});
      return;
    }
    if (wanted) splice.value = block.add_value(splice.target, value);
    if (wanted && !record.empty()) block.batches[splice.target].set_record(splice.value, record);
    if (!csv_.into.empty()) splice.original = row.substr(row.size());
    if (wanted || !csv_.into.empty()) block.splices[kept++] = splice;
  }
  block.splices.resize(kept);
  if (!csv_.into.empty()) {
    const auto first = block.splices.begin() + static_cast<std::ptrdiff_t>(first_splice);
    std::sort(first, block.splices.end(),
              [](const Splice& a, const Splice& b) { return a.target < b.target; });
  }
}

void CsvFormat::append_cell(std::string_view text, Buffer& out) const {
  // In a row of one cell an empty one would be a blank line.
  const bool quotes =
      needs_csv_quotes(text, csv_.delimiter) || (text.empty() && header_cells_ == 1 && csv_.into.empty());
  if (!quotes) return out.append(text);
  out.append('"');
  append_inner(text, out);
  out.append('"');
}

Fault CsvFormat::encode(const ValueBatch& values, const Splice& splice, Buffer& out) const {
  if (!csv_.into.empty()) out.append(csv_.delimiter);
  if (splice.value == Splice::kNoValue) return {};
  if (!values.is_list(splice.value)) {
    append_cell(values.text(splice.value), out);
    return {};
  }
  const auto texts = values.list(splice.value);
  const bool quotes = (csv_.delimiter == ' ' && texts.size() > 1) ||
                      std::any_of(texts.begin(), texts.end(), [this](std::string_view text) {
                        return needs_csv_quotes(text, csv_.delimiter);
                      });
  if (quotes) out.append('"');
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (i != 0) out.append(' ');
    append_inner(texts[i], out);
  }
  if (quotes) out.append('"');
  return {};
}

}  // namespace piictl::stream
