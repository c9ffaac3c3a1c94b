#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "pii/error.hpp"
#include "pii/result.hpp"
#include "stream/value_batch.hpp"

namespace piictl::stream {

/// What is done to the values. One object a worker thread, so it needs no locks.
class ValueOperation {
 public:
  virtual ~ValueOperation() = default;
  /// Gives every value of the batch a result or a failure. All values of a batch belong to one target: a
  /// column, a path, or the line (target 0). An Error ends the run: for what no row is to blame for, such as
  /// a keyset that cannot be loaded.
  virtual pii::Result<void> apply(ValueBatch& values) = 0;
};
using OperationFactory = std::function<std::unique_ptr<ValueOperation>()>;

/// Each line is a value, its terminator (LF or CRLF) is not. A list result is tab-separated.
struct Lines {};

/// RFC 4180 with a header. Target i is columns[i]. With `into` (empty, or one name a column) results go to
/// new columns at the end of the row; without, over the value. A list result is space-separated.
struct Csv {
  char delimiter = ',';
  std::vector<std::string> columns = {};
  std::vector<std::string> into = {};
  std::string record = {};  ///< The column that names the row for its values (ValueBatch::record()), or empty.
};

/// One JSON text a line. Target i is whatever paths[i] selects. A list result is an array of strings.
struct Ndjson {
  std::vector<std::string> paths = {};
  std::string record = {};  ///< The path of what names the row for its values, or empty. Selects one value.
};

using Format = std::variant<Lines, Csv, Ndjson>;

/// Whether the format can be run: column names and paths well formed, none twice. Error: usage. run() asks
/// the same first; missing columns show only when the header is read.
pii::Result<void> check(const Format& format);

/// A row that was left out of the output (csv, ndjson) or became an empty line (lines).
struct Failure {
  std::uint64_t row;        ///< From 1; the header of a csv is not a row, an empty line is one.
  pii::ErrorCode code;      ///< Never ok.
  std::string_view reason;  ///< Holds no value. Empty when `continued`.
  /// The row's bytes without terminator; of a row too long to be held, a piece of them.
  std::string_view original;
  bool continued = false;  ///< More of the original of the failure before: print nothing.
  bool more = false;       ///< A piece follows.
};

struct Progress {
  std::uint64_t bytes_in;
  std::uint64_t bytes_total;  ///< 0 when unknown: the input is not a regular file.
  std::uint64_t rows;
  std::uint64_t failed;
};

/// What was read and written: how far a run has come, and where one can go on.
struct Counts {
  std::uint64_t rows = 0;
  std::uint64_t values = 0;
  std::uint64_t failed = 0;
  std::uint64_t bytes_in = 0;  ///< What the rows above took up, header included.
  std::uint64_t bytes_out = 0;
  std::vector<std::uint64_t> notes = {};  ///< By slot of ValueBatch::note().
  pii::ErrorCode first_failure = pii::ErrorCode::ok;
  bool one_reason = true;  ///< All failures have first_failure's code.
};

inline constexpr std::size_t kDefaultMaxLine = std::size_t{16} << 20;

struct Options {
  int input = 0;                ///< Read to its end, from where it stands. Not closed.
  int output = 1;               ///< -1: nothing is written. Not closed.
  std::size_t threads = 0;      ///< 0: as many as processors. 1: no thread is started.
  bool apply_to_empty = false;  ///< Empty lines and cells are values too. (An ndjson "" always is.)
  std::size_t max_line = kDefaultMaxLine;  ///< A longer row, terminator not counted, fails with too_large.
  std::size_t chunk_size = std::size_t{256} << 10;
  /// A pipe is written in parts of whole lines that it takes whole or not at all, so that even a killed run
  /// leaves no part of a line (of up to PIPE_BUF bytes).
  bool whole_lines = false;
  const std::atomic<bool>* stop = nullptr;  ///< Once true: rows in flight are finished, no more are read.
  /// Called in order of rows, one call at a time, from any worker thread. An Error ends the run.
  std::function<pii::Result<void>(const Failure&)> on_failure = {};
  /// Called like on_failure, at most every 100 ms.
  std::function<void(const Progress&)> on_progress = {};
  /// Called with the bytes of the input as they are read, one call at a time.
  std::function<void(std::string_view)> on_read = {};
  /// Where an earlier run over the same input stopped: the rows up to there are skipped, a header is read again and
  /// not written, counting goes on.
  Counts begin = {};
  /// Called like on_failure, whenever something was written. An Error ends the run.
  std::function<pii::Result<void>(const Counts&)> on_written = {};
};

struct Outcome : Counts {
  bool interrupted = false;    ///< `stop` ended the run before the input did.
  bool output_closed = false;  ///< Whoever read the output went away (EPIPE); no error.
  /// What ended the run early: usage, missing_column, malformed_csv (header), file_unreadable, output_failed,
  /// or an Error of the operation or of on_failure. The rows counted above were written.
  std::optional<pii::Error> error;

  /// The code to exit with: the error's, interrupted, that of all rows when all failed alike, partial_batch,
  /// ok.
  pii::ErrorCode code() const noexcept;
};

/// Runs the operation over every value of the input and writes the input with the values replaced, order and
/// everything else kept byte for byte. Constant memory. A slow pipe or terminal is answered row by row.
/// Blocks until done; SIGPIPE must be ignored by the caller. docs/cli.md has the rules for each format.
Outcome run(const Format& format, const OperationFactory& make_operation, const Options& options);

}  // namespace piictl::stream
