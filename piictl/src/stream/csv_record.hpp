#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "stream/byte_block.hpp"
#include "stream/fault.hpp"

namespace piictl::stream {

/// One record read byte by byte: the definition of what a csv record is (RFC 4180; docs/cli.md has what it
/// leaves open).
struct CsvRecord {
  enum class Status { whole, incomplete, broken };
  Status status;
  std::size_t size = 0;  ///< With its terminator, when whole.
  Fault fault = {};      ///< When broken.
};
CsvRecord read_csv_record(std::string_view text, bool at_end, char delimiter, std::size_t max_line);

/// Follows quotes through a csv, 64 bytes a step, and tells apart bytes inside of quotes from those outside.
/// Agrees with read_csv_record as long as no step reports a broken quote.
class CsvQuotes {
 public:
  struct Step {
    std::uint64_t newlines;    ///< Newlines that end a record.
    std::uint64_t delimiters;  ///< Delimiters between cells.
    bool broken;               ///< Some quote in or right before the block is out of place.
  };

  explicit CsvQuotes(char delimiter) noexcept : delimiter_(delimiter) {}
  Step step(const ByteBlock& block) noexcept;
  /// Whether the text may end here: no quote is open.
  bool may_end() const noexcept { return inside_ == 0 && closed_cr_ == 0; }

 private:
  char delimiter_;
  std::uint64_t inside_ = 0;  // all ones inside of quotes
  // Each 1 or 0:
  std::uint64_t may_open_ = 1;   // a quote may follow: at the start of a cell, behind a closing quote
  std::uint64_t closed_ = 0;     // behind a closing quote
  std::uint64_t closed_cr_ = 0;  // behind a closing quote and CR
};

/// Walks over the cells of records whose quotes are in order.
class CsvCells {
 public:
  CsvCells(std::string_view text, char delimiter) noexcept : text_(text), quotes_(delimiter) {}
  /// Offset of the next delimiter or newline that ends a cell; the text's size when there is none.
  std::size_t next_end() noexcept {
    while (ends_ == 0) {
      if (next_block_ >= text_.size()) return text_.size();
      load();
    }
    const std::size_t offset = block_ + static_cast<std::size_t>(__builtin_ctzll(ends_));
    ends_ &= ends_ - 1;
    return offset;
  }

 private:
  void load() noexcept;

  std::string_view text_;
  CsvQuotes quotes_;
  std::uint64_t ends_ = 0;
  std::size_t block_ = 0;
  std::size_t next_block_ = 0;
};

/// The text of a cell, without quotes. `scratch` is used when quotes inside had to be undoubled, else the
/// view is of `cell`.
std::string_view csv_cell_text(std::string_view cell, char* scratch);
/// Whether the text must be quoted to be one cell.
bool needs_csv_quotes(std::string_view text, char delimiter) noexcept;

}  // namespace piictl::stream
