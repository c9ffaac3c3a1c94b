// An output that is a function.
#include <mutex>
#include <utility>

#include "pii/logging/alert.hpp"
#include "pii/logging/context.hpp"

namespace pii::log {

namespace {

// What a handler logs is written like everything else, and is no alert: it would never end.
thread_local constinit bool in_handler = false;

class AlertSink final : public Sink {
 public:
  AlertSink(AlertHandler handler, AlertPolicy policy) : handler_(std::move(handler)), policy_(policy) {}

  void write(const MaskedLine& line) noexcept override {
    std::uint64_t suppressed = 0;
    if (!may_tell(suppressed)) return;
    in_handler = true;
    bool told = true;
    try {
      handler_(line, suppressed);
    } catch (...) {
      told = false;
    }
    in_handler = false;
    const std::lock_guard lock(mutex_);
    ++(told ? counts_.written : counts_.failed);
  }
  bool remote() const noexcept override { return policy_.remote; }
  bool flush(std::chrono::milliseconds) noexcept override { return true; }
  void before_fork() noexcept override { mutex_.lock(); }
  void after_fork(bool in_child) noexcept override {
    if (in_child) counts_ = {};
    mutex_.unlock();
  }
  SinkCounts counts() const noexcept override {
    const std::lock_guard lock(mutex_);
    return counts_;
  }

 private:
  using Clock = std::chrono::steady_clock;

  bool may_tell(std::uint64_t& suppressed) noexcept {
    const std::lock_guard lock(mutex_);
    if (in_handler) return false;
    ++counts_.accepted;
    const auto now = Clock::now();
    if (now >= period_end_) {
      period_end_ = now + policy_.per;
      told_ = 0;
    }
    if (told_ == policy_.most) {
      ++counts_.dropped;
      ++counts_.suppressed;
      ++suppressed_;
      return false;
    }
    ++told_;
    suppressed = std::exchange(suppressed_, 0);
    return true;
  }

  const AlertHandler handler_;
  const AlertPolicy policy_;
  mutable std::mutex mutex_;
  Clock::time_point period_end_ = {};
  unsigned told_ = 0;
  std::uint64_t suppressed_ = 0;
  SinkCounts counts_;
};

}  // namespace

Output alerts(AlertHandler handler, AlertPolicy policy, Format format) {
  Output output;
  output.sink = std::make_shared<AlertSink>(std::move(handler), policy);
  output.format = format == Format::automatic ? Format::ecs : format;
  output.level = policy.level;
  return output;
}

std::vector<std::pair<std::string, std::string>> trace_tags() {
  const trace::SpanContext& span = current_context().span();
  if (!span.valid()) return {};
  return {{"trace_id", trace::to_string(span.trace_id)}, {"span_id", trace::to_string(span.span_id)}};
}

}  // namespace pii::log
