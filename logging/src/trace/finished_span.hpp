#pragma once

#include <string>
#include <utility>
#include <vector>

#include "pii/logging/sampler.hpp"

namespace pii::trace {

/// A span that ended. `personal` holds every text of anyone's and is masked before a byte leaves; the rest are numbers of ours.
struct FinishedSpan {
  SpanContext context = {};
  SpanId parent = {};
  bool parent_is_remote = false;
  Kind kind = Kind::internal;
  std::uint8_t status = 0;  // OTLP's: 0 unset, 1 ok, 2 error
  std::uint64_t start = 0;  // nanoseconds since 1970
  std::uint64_t end = 0;
  std::vector<std::uint64_t> event_times = {};
  std::vector<std::pair<TraceId, SpanId>> links = {};
  std::uint64_t dropped_attributes = 0;
  std::uint64_t dropped_events = 0;
  log::Object personal = {};  // message (its name), status_message, trace_state, attributes, events
};

/// The line's beginning: everything but the personal members and the closing brace.
void write_numbers(const FinishedSpan& span, std::string& out);

}  // namespace pii::trace
