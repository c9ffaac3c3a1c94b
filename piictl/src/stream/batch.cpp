#include "stream/batch.hpp"

#include <algorithm>
#include <limits>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "stream/row_format.hpp"
#include "stream/sink.hpp"
#include "stream/source.hpp"
#include "stream/worker.hpp"

namespace piictl::stream {
namespace {

// What all workers together hold back of their output; with it, memory stays flat whatever the number of
// threads.
constexpr std::size_t kHeldOutput = std::size_t{32} << 20;

/// Reads, works and writes with several workers and no queue: a worker takes the next chunk when it is free,
/// and the sink puts the results in order.
class Run {
 public:
  Run(RowFormat& format, const Options& options)
      : format_(format),
        options_(options),
        source_(options, format.make_splitter(), over_),
        sink_(options, source_.size(), over_) {}

  Outcome run(const OperationFactory& make_operation) {
    const std::size_t threads = thread_count();
    const std::size_t max_output =
        std::clamp(kHeldOutput / threads, std::size_t{512} << 10, std::size_t{8} << 20);
    const auto make_worker = [&] {
      return std::make_unique<Worker>(format_, make_operation(), sink_, max_output);
    };
    const auto first = make_worker();
    if (start(*first) && !source_.ended()) {
      std::vector<std::unique_ptr<Worker>> workers;
      for (std::size_t i = 1; i < threads; ++i) workers.push_back(make_worker());
      std::vector<std::thread> running;
      // Fewer threads than wished for do the same work.
      try {
        for (const auto& worker : workers) running.emplace_back([this, &worker] { work(*worker); });
      } catch (const std::system_error&) {
      }
      work(*first);
      for (std::thread& thread : running) thread.join();
    }
    return finish();
  }

 private:
  std::size_t thread_count() const {
    const std::size_t wished = options_.threads != 0 ? options_.threads : std::thread::hardware_concurrency();
    return std::clamp<std::size_t>(wished, 1, 256);
  }

  /// Works off the first chunk, which has the header. False when the run is over.
  bool start(Worker& worker) {
    Chunk chunk;
    if (!source_.next(chunk) && (source_.interrupted() || source_.error())) return false;
    auto header = format_.read_header(chunk.text, chunk.defects, worker.output());
    if (!header) {
      sink_.abort(std::move(header).error());
      return false;
    }
    if (options_.begin.bytes_in == 0) return worker.process(chunk, *header);
    worker.output().clear();
    if (source_.skip_to(options_.begin.bytes_in, chunk.text, format_.make_splitter())) return true;
    sink_.end_run();
    return false;
  }

  void work(Worker& worker) {
    Chunk chunk;
    for (;;) {
      std::unique_lock reading(reading_);
      if (over_ || !source_.next(chunk)) return;
      // While a worker is at a very long row, no other row is read, so that only one is held at a time.
      const bool huge = chunk.buffer.capacity() > 4 * options_.chunk_size;
      if (!huge) reading.unlock();
      if (!worker.process(chunk, 0)) return;
      chunk.buffer.shrink(4 * options_.chunk_size);
    }
  }

  Outcome finish() {
    Outcome outcome = std::move(sink_.outcome());
    outcome.interrupted = source_.interrupted();
    if (!outcome.error && source_.error()) outcome.error = source_.error();
    return outcome;
  }

  RowFormat& format_;
  const Options& options_;
  std::atomic<bool> over_ = false;
  Source source_;  // guarded by reading_ while workers run
  std::mutex reading_;
  Sink sink_;
};

}  // namespace

pii::ErrorCode Outcome::code() const noexcept {
  if (error) return error->code();
  if (interrupted) return pii::ErrorCode::interrupted;
  if (failed == 0) return pii::ErrorCode::ok;
  return failed == rows && one_reason ? first_failure : pii::ErrorCode::partial_batch;
}

Outcome run(const Format& format, const OperationFactory& make_operation, const Options& options) {
  Options bounded = options;
  bounded.max_line = std::min(options.max_line, std::numeric_limits<std::size_t>::max() / 4);
  auto rows = make_row_format(format, bounded);
  if (!rows) {
    Outcome refused;
    refused.error = std::move(rows).error();
    return refused;
  }
  return Run(**rows, bounded).run(make_operation);
}

}  // namespace piictl::stream
