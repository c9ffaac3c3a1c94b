#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string_view>
#include <vector>

#include "pii/result.hpp"
#include "stream/batch.hpp"
#include "stream/splitter.hpp"
#include "stream/value_batch.hpp"

namespace piictl::stream {

/// Bytes of a row that a result takes the place of.
struct Splice {
  static constexpr std::uint32_t kNoValue = std::numeric_limits<std::uint32_t>::max();

  std::string_view original;
  std::uint32_t target;
  std::uint32_t value;  ///< Index in the target's batch; kNoValue where a new cell stays empty.
};

struct Row {
  std::string_view text;        ///< Without terminator,
  std::size_t terminator_size;  ///< which lies behind it.
  std::size_t splices_end;  ///< Its splices are those from the row before's end to here, in order of place.
};

/// A row that failed for its form.
struct RowFault {
  static constexpr std::uint32_t kNoTarget = std::numeric_limits<std::uint32_t>::max();

  std::size_t row;  ///< Index in Block::rows.
  Fault fault;
  std::uint32_t target = kNoTarget;
};

/// Some hundreds of rows and their values. Everything in it points into the text it was scanned from.
struct Block {
  static constexpr std::size_t kMaxRows = 256;
  static constexpr std::size_t kMaxValues = 256;  // a last row may go beyond

  std::vector<Row> rows;
  std::vector<Splice> splices;
  std::vector<RowFault> faults;     // in order of rows
  std::vector<ValueBatch> batches;  // one a target
  std::size_t values = 0;
  Arena unescaped;  // values that are not in the text as they are

  bool full() const noexcept { return rows.size() >= kMaxRows || values >= kMaxValues; }
  std::uint32_t add_value(std::size_t target, std::string_view input) {
    ++values;
    return batches[target].add(input);
  }
  void clear() noexcept;
};

/// What a format knows: where rows end, where their values are, how a result is written. Shared by all
/// workers.
class RowFormat {
 public:
  virtual ~RowFormat() = default;

  virtual std::size_t targets() const noexcept = 0;
  /// What failures of this target begin with; empty when there is but one.
  virtual std::string_view target_name(std::size_t target) const noexcept = 0;
  virtual std::unique_ptr<Splitter> make_splitter() const = 0;

  /// Reads what stands before the first row, from the first part of the stream, and appends what to write for
  /// it. Returns its size. Called once, before all other calls. Errors: missing_column, malformed_csv.
  virtual pii::Result<std::size_t> read_header(std::string_view text, const std::vector<Defect>& defects,
                                               Buffer& out) = 0;
  /// Adds rows from the start of `text` (whole rows without defects) to an empty block until it is full;
  /// returns how many bytes they take.
  virtual std::size_t scan(std::string_view text, Block& block) const = 0;
  /// Appends what takes the place of the splice, or says why its result cannot stand there.
  virtual Fault encode(const ValueBatch& values, const Splice& splice, Buffer& out) const = 0;
  /// Whether a failed row leaves its terminator.
  virtual bool keeps_failed_rows() const noexcept { return false; }
};

pii::Result<std::unique_ptr<RowFormat>> make_row_format(const Format& format, const Options& options);

}  // namespace piictl::stream
