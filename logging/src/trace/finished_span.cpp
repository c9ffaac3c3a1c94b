#include "trace/finished_span.hpp"

namespace pii::trace {

namespace {
void number(const char* name, std::uint64_t value, std::string& out) { out.append(",\"").append(name).append("\":").append(std::to_string(value)); }
}  // namespace

void write_numbers(const FinishedSpan& span, std::string& out) {
  out += R"({"trace_id":")" + to_string(span.context.trace_id) + R"(","span_id":")" + to_string(span.context.span_id) + "\"";
  if (span.parent.valid()) out += R"(,"parent_span_id":")" + to_string(span.parent) + "\"";
  // Beside the W3C flags: it is known whether the parent is remote, and whether it is.
  number("flags", span.context.flags | 0x100u | (span.parent_is_remote ? 0x200u : 0u), out);
  number("kind", static_cast<std::uint64_t>(span.kind), out);
  number("status", span.status, out);
  number("start", span.start, out);
  number("end", span.end, out);
  number("dropped_attributes", span.dropped_attributes, out);
  number("dropped_events", span.dropped_events, out);
  out += R"(,"event_times":[)";
  for (std::size_t i = 0; i < span.event_times.size(); ++i) out.append(i == 0 ? "" : ",").append(std::to_string(span.event_times[i]));
  out += R"(],"links":[)";
  for (std::size_t i = 0; i < span.links.size(); ++i) {
    out.append(i == 0 ? "" : ",").append(R"({"trace_id":")" + to_string(span.links[i].first));
    out.append(R"(","span_id":")" + to_string(span.links[i].second) + "\"}");
  }
  out += ']';
}

}  // namespace pii::trace
