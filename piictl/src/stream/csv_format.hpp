#pragma once

#include <string>
#include <vector>

#include "stream/row_format.hpp"

namespace piictl::stream {

class CsvFormat final : public RowFormat {
 public:
  static pii::Result<std::unique_ptr<RowFormat>> make(const Csv& csv, bool apply_to_empty,
                                                      std::size_t max_line);

  std::size_t targets() const noexcept override { return csv_.columns.size(); }
  std::string_view target_name(std::size_t target) const noexcept override { return csv_.columns[target]; }
  std::unique_ptr<Splitter> make_splitter() const override;
  pii::Result<std::size_t> read_header(std::string_view text, const std::vector<Defect>& defects,
                                       Buffer& out) override;
  std::size_t scan(std::string_view text, Block& block) const override;
  Fault encode(const ValueBatch& values, const Splice& splice, Buffer& out) const override;

 private:
  struct Column {
    std::size_t index;  // in the row
    std::uint32_t target;
  };

  CsvFormat(const Csv& csv, bool apply_to_empty, std::size_t max_line)
      : csv_(csv), apply_to_empty_(apply_to_empty), max_line_(max_line) {}
  pii::Result<void> find_columns(const std::vector<std::string>& names);
  /// Turns the cells noted as splices of the row into values.
  void add_values(std::string_view row, std::string_view record, std::size_t first_splice, Block& block) const;
  static std::string_view cell_value(std::string_view cell, Block& block);
  void append_cell(std::string_view text, Buffer& out) const;

  Csv csv_;
  bool apply_to_empty_;
  std::size_t max_line_;
  std::vector<Column> columns_;  // in order of index
  std::size_t record_index_ = static_cast<std::size_t>(-1);  // of the cell that names the row
  std::size_t header_cells_ = 0;
  std::string wrong_count_;
};

}  // namespace piictl::stream
