#include "front/event_values.hpp"

#include "context/context_data.hpp"
#include "trace/hex.hpp"

namespace pii::log {

namespace {

bool shows_span(const Event& event, bool flat) noexcept { return flat && event.context != nullptr && event.context->span().valid(); }

std::size_t count_values(const Value& value) { return value.object() == nullptr ? 1 : Leaves(*value.object()).values().size(); }

}  // namespace

bool EventValues::add_all(const Event& event, bool flat) {
  const auto add = [&](const Leaves& leaves, std::string_view& form) {
    for (const ValueRef& value : leaves.values()) more_.push_back(&value);
    form = leaves.form();
    hash_ = hash_ * 31 + leaves.hash();
    return leaves.simple();
  };
  if (event.bound != nullptr && !add(event.bound->leaves, bound_form_)) return false;
  const Context::Data* const context = event.context != nullptr ? event.context->data() : nullptr;
  if (context == nullptr) return true;
  if (!add(context->leaves, context_form_)) return false;
  if (!shows_span(event, flat)) return true;
  const trace::SpanContext& span = context->span;
  char* const middle = trace::write_hex(span.trace_id.bytes, digits_.data());
  trace::write_hex(span.span_id.bytes, middle);
  ids_ = {std::string_view(digits_.data(), middle), std::string_view(middle, digits_.data() + digits_.size())};
  for (const ValueRef& id : ids_) more_.push_back(&id);
  span_ = static_cast<std::uint8_t>(1 + (span.flags & (trace::kSampled | trace::kRandom)));
  hash_ = hash_ * 31 + span_;
  return true;
}

ModelEvent::ModelEvent(const Event& of, bool flat, std::span<const ValueRef* const> more) : of_(of), flat_(flat), ids_(shows_span(of, flat)) {
  for (const Field& field : of.fields) values.push_back(field.value);
  for (const ValueRef* const value : more) values.push_back(*value);
  if (!flat || of.context == nullptr) return;
  left_out_.resize(of.fields.size() + (of.bound != nullptr ? of.bound->leaves.values().size() : 0));
  for (const auto& [name, value] : of.context->to_ecs().members()) left_out_.insert(left_out_.end(), count_values(value), name == "trace" || name == "span");
}

EncodingNotes ModelEvent::encode(const Encoder& encoder, std::string& line) {
  Event event = of_;
  event.time = time;
  std::span<const ValueRef> rest = values;
  std::vector<Field> fields(of_.fields.begin(), of_.fields.end());
  for (Field& field : fields) {
    field.value = rest.front();
    rest = rest.subspan(1);
  }
  event.fields = fields;
  const BoundFields bound(of_.bound != nullptr ? with_values(of_.bound->fields, rest) : Object{});
  if (of_.bound != nullptr) event.bound = &bound;
  Context context;
  if (of_.context != nullptr && !of_.context->empty()) {
    auto data = std::make_shared<Context::Data>(*of_.context->data());
    data->ecs = with_values(data->ecs, rest);
    if (ids_) {
      data->span.trace_id = trace::parse_trace_id(rest[0].text).value_or(trace::TraceId{});
      data->span.span_id = trace::parse_span_id(rest[1].text).value_or(trace::SpanId{});
    }
    context = Context(std::move(data));
    event.context = &context;
  }
  line.clear();
  return flat_ ? encoder.flat(event, tree_, nullptr, line) : encoder.ecs(event, tree_, nullptr, line);
}

}  // namespace pii::log
