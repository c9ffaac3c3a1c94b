// traceparent, and behind a line end tracestate: what is read is valid, is written so that it is read again, and nothing that
// leaves can end a header line.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "pii/logging/trace.hpp"

namespace {

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

bool one_line(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c <= 0x7E; });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pii::trace;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t end = text.find('\n');
  const std::string_view first = text.substr(0, end);
  const std::string_view second = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);

  if (const auto context = parse(first, second)) {
    require(context->valid(), "an invalid context was read");
    const std::string header = to_traceparent(*context);
    const std::string state = context->state.to_string();
    require(header.size() == 55 && one_line(header) && one_line(state), "no header");
    const auto again = parse(header, state);
    require(again && again->trace_id == context->trace_id && again->state == context->state, "read differently again");
  }
  if (auto state = TraceState::parse(text)) {
    require(state->members().size() <= 32, "too many members");
    require(state->set("ours", "1") && state->members().front().first == "ours", "ours is not in front");
    require(TraceState::parse(state->to_string()) == state, "the list is read differently again");
  }
  const Correlation found = parse_correlation(text);
  require(one_line(found.correlation_id) && found.correlation_id.size() <= 128, "an id that is none");
  require(!found.trace_id || (found.trace_id->valid() && found.correlation_id.empty()), "both ids at once");
  static_cast<void>(parse_span_id(text));
  return 0;
}
