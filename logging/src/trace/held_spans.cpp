#include "trace/held_spans.hpp"

namespace pii::trace {

// Never destroyed: spans end until the process is gone.
HeldSpans& HeldSpans::of_process() {
  static HeldSpans& all = *new HeldSpans;
  return all;
}

void HeldSpans::begin(const TraceId& trace) noexcept {
  const std::lock_guard lock(mutex_);
  try {
    const auto found = traces_.find(trace);
    if (found != traces_.end()) {
      ++found->second.open;
    } else if (traces_.size() < kMaxTraces) {
      traces_[trace].open = 1;
    }
  } catch (...) {
    // No memory: this trace is not held.
  }
}

void HeldSpans::fail(const TraceId& trace) noexcept {
  const std::lock_guard lock(mutex_);
  if (const auto found = traces_.find(trace); found != traces_.end()) found->second.failed = true;
}

std::vector<FinishedSpan> HeldSpans::end(FinishedSpan span) {
  const std::lock_guard lock(mutex_);
  std::vector<FinishedSpan> out;
  const bool failed = span.status == 2;
  const auto found = traces_.find(span.context.trace_id);
  if (found == traces_.end()) {
    if (failed) out.push_back(std::move(span));
    return out;
  }
  Trace& trace = found->second;
  trace.failed |= failed;
  if (trace.spans.size() < kMaxSpans) trace.spans.push_back(std::move(span));
  if (trace.failed) out.swap(trace.spans);
  if (--trace.open == 0) traces_.erase(found);
  return out;
}

void HeldSpans::after_fork(bool in_child) noexcept {
  if (in_child) {
    for (auto& [id, trace] : traces_) trace.spans.clear();  // the parent's
  }
  mutex_.unlock();
}

}  // namespace pii::trace
