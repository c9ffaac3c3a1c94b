// The lines of trace::Tracer as OTLP spans.
#include "fields/json_reader.hpp"
#include "ship/otlp.hpp"

namespace pii::ship {

namespace {

using log::Array;
using log::Object;
using log::Value;

const Value& member(const Object& object, std::string_view name) {
  static const Value kNull;
  const Value* const value = object.find(name);
  return value != nullptr ? *value : kNull;
}
std::string_view text(const Object& object, std::string_view name) {
  const std::string* const value = member(object, name).text();
  return value != nullptr ? std::string_view(*value) : std::string_view();
}
std::uint64_t number(const Value& value) {
  const auto* const integer = std::get_if<std::int64_t>(&value.data());
  return integer != nullptr && *integer > 0 ? static_cast<std::uint64_t>(*integer) : 0;
}
const Object& object(const Object& outer, std::string_view name) {
  static const Object kNone;
  const Object* const value = member(outer, name).object();
  return value != nullptr ? *value : kNone;
}
const Array& array(const Object& outer, std::string_view name) {
  static const Array kNone;
  const auto* const value = std::get_if<Array>(&member(outer, name).data());
  return value != nullptr ? *value : kNone;
}

template <class Writer>
void write_attributes(unsigned field, const Object& attributes, Writer& out) {
  out.list(field, "attributes", [&](auto add) {
    for (const auto& [name, value] : attributes.members()) write_pair(name, value, add);
  });
}

template <class Writer>
void write_link(const Object& link, Writer& out) {
  if (const auto id = trace::parse_trace_id(text(link, "trace_id"))) out.id(1, "traceId", id->bytes);
  if (const auto id = trace::parse_span_id(text(link, "span_id"))) out.id(2, "spanId", id->bytes);
}

template <class Writer>
void write_span(const Object& span, Writer& out) {
  if (const auto id = trace::parse_trace_id(text(span, "trace_id"))) out.id(1, "traceId", id->bytes);
  if (const auto id = trace::parse_span_id(text(span, "span_id"))) out.id(2, "spanId", id->bytes);
  if (const std::string_view state = text(span, "trace_state"); !state.empty()) out.text(3, "traceState", state);
  if (const auto id = trace::parse_span_id(text(span, "parent_span_id"))) out.id(4, "parentSpanId", id->bytes);
  out.text(5, "name", text(span, "message"));
  out.number(6, "kind", number(member(span, "kind")));
  out.fixed64(7, "startTimeUnixNano", number(member(span, "start")));
  out.fixed64(8, "endTimeUnixNano", number(member(span, "end")));
  write_attributes(9, object(span, "attributes"), out);
  if (const auto dropped = number(member(span, "dropped_attributes"))) out.number(10, "droppedAttributesCount", dropped);
  const Array& events = array(span, "events");
  const Array& times = array(span, "event_times");
  out.list(11, "events", [&](auto add) {
    for (std::size_t i = 0; i < events.size() && i < times.size(); ++i) {
      if (events[i].object() == nullptr) continue;
      add([&](auto& event) {
        event.fixed64(1, "timeUnixNano", number(times[i]));
        event.text(2, "name", text(*events[i].object(), "message"));
        write_attributes(3, object(*events[i].object(), "attributes"), event);
      });
    }
  });
  if (const auto dropped = number(member(span, "dropped_events"))) out.number(12, "droppedEventsCount", dropped);
  out.list(13, "links", [&](auto add) {
    for (const Value& link : array(span, "links")) {
      if (link.object() != nullptr) add([&](auto& one) { write_link(*link.object(), one); });
    }
  });
  if (const auto code = number(member(span, "status"))) {
    out.message(15, "status", [&](auto& status) {
      if (const std::string_view why = text(span, "status_message"); !why.empty()) status.text(2, "message", why);
      status.number(3, "code", code);
    });
  }
  out.fixed32(16, "flags", static_cast<std::uint32_t>(number(member(span, "flags"))));
}

class OtlpTraces final : public OtlpProtocol {
 public:
  explicit OtlpTraces(Otlp target) : OtlpProtocol(std::move(target), "rejectedSpans") {}

  void encode(std::span<const Record> records, std::string& body) const override {
    std::vector<Value> spans;
    for (const Record& record : records) {
      auto value = log::read_json(record.json());
      if (value && value->object() != nullptr) spans.push_back(*std::move(value));
    }
    write_body(target_, body, [&](auto& writer) { write(spans, writer); });
  }

 private:
  template <class Writer>
  void write(const std::vector<Value>& spans, Writer& out) const {
    out.list(1, "resourceSpans", [&](auto add) {
      add([&](auto& resource_spans) {
        write_resource(target_, resource_spans);
        resource_spans.list(2, "scopeSpans", [&](auto add_scope) {
          add_scope([&](auto& scope_spans) {
            scope_spans.message(1, "scope", [](auto& s) { s.text(1, "name", "pii::trace"); });
            scope_spans.list(2, "spans", [&](auto add_span) {
              for (const Value& span : spans) add_span([&](auto& s) { write_span(*span.object(), s); });
            });
          });
        });
      });
    });
  }
};

}  // namespace

std::unique_ptr<const Protocol> otlp_traces_protocol(const Otlp& target) { return std::make_unique<OtlpTraces>(target); }

}  // namespace pii::ship
