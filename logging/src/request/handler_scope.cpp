#include "pii/logging/handler.hpp"

namespace pii::log {

HandlerScope::HandlerScope(const Handling& handling) {
  if (handling.tracer != nullptr) {
    trace::SpanOptions options;
    options.kind = trace::Kind::consumer;
    span_.emplace(*handling.tracer, "handle " + std::string(handling.event_type), std::move(options));
    span_->set("event.type", handling.event_type).set("event.handler", handling.handler);
    if (!handling.entity_id.empty()) span_->set("event.entity_id", handling.entity_id);
  }
  std::vector<ContextEntry> entries = {extra(kv("event_type", handling.event_type), kv("handler", handling.handler))};
  if (!handling.entity_id.empty()) entries.push_back(extra(kv("entity_id", handling.entity_id)));
  if (!handling.correlation_id.empty()) entries.push_back(correlation_id(handling.correlation_id));
  scope_.emplace(current_context().with(entries));
}

namespace {
Handling of_event(const DomainEvent& event, Handling handling) {
  if (!event.correlation_id.empty()) handling.correlation_id = event.correlation_id;
  return handling;
}
}  // namespace

HandlerScope::HandlerScope(const DomainEvent& event, Handling handling) : HandlerScope(of_event(event, handling)) {}

void HandlerScope::failed(const std::exception_ptr& error, bool last) {
  if (!span_) return;
  span_->record_exception(error);
  if (last) span_->set_error();
}

}  // namespace pii::log
