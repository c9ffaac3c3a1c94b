#pragma once

#include <map>
#include <mutex>
#include <vector>

#include "trace/finished_span.hpp"

namespace pii::trace {

/// Spans of traces that are exported only if something fails, held back until the last of this process's open spans of the trace
/// ends. Bounded: what does not fit is dropped. Of the process; from any thread.
class HeldSpans {
 public:
  static HeldSpans& of_process();

  void begin(const TraceId& trace) noexcept;
  /// A span of the trace, or an event in it, failed.
  void fail(const TraceId& trace) noexcept;
  /// Returns what is to be exported now.
  std::vector<FinishedSpan> end(FinishedSpan span);
  void before_fork() noexcept { mutex_.lock(); }
  void after_fork(bool in_child) noexcept;

 private:
  struct Order {
    bool operator()(const TraceId& a, const TraceId& b) const noexcept { return a.bytes < b.bytes; }
  };
  struct Trace {
    std::size_t open = 0;
    bool failed = false;
    std::vector<FinishedSpan> spans = {};
  };
  static constexpr std::size_t kMaxTraces = 10'000;
  static constexpr std::size_t kMaxSpans = 1'000;

  std::mutex mutex_;
  std::map<TraceId, Trace, Order> traces_;
};

}  // namespace pii::trace
