#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "stream/batch.hpp"
#include "stream/buffer.hpp"
#include "stream/fault.hpp"

namespace piictl::stream {

/// What a worker has ready of its chunk: output, counts and failures of some rows.
struct Piece {
  struct RowFailure {
    std::uint64_t rows_before;  ///< In the piece, with the failed row itself unless `continued`.
    pii::ErrorCode code;
    std::size_t reason_size;  ///< Reasons lie in `reasons` one behind the other.
    std::string_view original;
    bool continued;
    bool more;
  };

  Buffer output;
  std::uint64_t bytes_in = 0;
  std::uint64_t rows = 0;
  std::uint64_t values = 0;
  std::vector<std::uint64_t> notes;
  bool inside_row = false;  ///< It ends within a row too long to be held.
  std::vector<RowFailure> failures;
  std::string reasons;

  void clear() noexcept;
};

/// Takes pieces in order of their chunks, whichever worker is ready first: a worker waits until it is its
/// chunk's turn, then writes as many pieces as it likes. So nothing is queued, and memory is bounded by what
/// the workers hold.
class Sink {
 public:
  /// Sets `over` when the run ends early.
  Sink(const Options& options, std::uint64_t bytes_total, std::atomic<bool>& over);

  /// Waits until all chunks before `sequence` have left. False when the run is over.
  bool enter(std::uint64_t sequence);
  /// Writes and reports a piece and clears it; in turn only. False when the run is over.
  bool take(Piece& piece);
  /// The same for rows none of which failed, with output that lies elsewhere.
  bool take(std::string_view output, std::uint64_t bytes_in, std::uint64_t rows);
  void leave();
  /// Ends the run for a reason that the chunk in turn has.
  void abort(pii::Error error);
  /// Ends it for a reason that no chunk has.
  void end_run();

  /// The counts so far. Once all workers are done.
  Outcome& outcome() noexcept { return outcome_; }

 private:
  bool report(const Piece& piece);
  bool write(std::string_view data);
  bool write_part(std::string_view part);
  void show_progress();
  bool tell_written();

  const Options& options_;
  const std::uint64_t bytes_total_;
  std::atomic<bool>& over_;  // set under mutex_
  bool in_atomic_parts_ = false;
  std::mutex mutex_;
  std::condition_variable turn_changed_;
  std::uint64_t turn_ = 0;  // guarded by mutex_
  Outcome outcome_;         // of the worker in turn, as is all below
  std::chrono::steady_clock::time_point next_progress_{};
};

}  // namespace piictl::stream
