#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "pii/export.hpp"
#include "pii/logging/configuration.hpp"

namespace pii::log {

/// Told of one masked line on the thread that logs, in its context; `suppressed`: how many came since the last that was told.
using AlertHandler = std::function<void(const MaskedLine& line, std::uint64_t suppressed)>;

struct AlertPolicy {
  Level level = Level::error;
  unsigned most = 10;              // alerts in each `per`; the rest is counted as dropped and suppressed
  std::chrono::milliseconds per{60'000};
  bool remote = true;              // it leaves the machine, so `local_only` is not told
};

/// An output that calls a function: to Sentry, a pager, a metric. What the handler logs itself is written and not told again;
/// what it throws is counted as failed.
PII_EXPORT Output alerts(AlertHandler handler, AlertPolicy policy = {}, Format format = Format::ecs);

/// `trace_id` and `span_id` of this thread's context, as tags for such a handler; empty without a span.
PII_EXPORT std::vector<std::pair<std::string, std::string>> trace_tags();

}  // namespace pii::log
