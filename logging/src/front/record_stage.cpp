#include "front/record_stage.hpp"

namespace pii::log {

namespace {

thread_local constinit bool in_processor = false;

bool call(const Processor& processor, Record& record) {
  struct Within {
    Within() noexcept { in_processor = true; }
    ~Within() { in_processor = false; }
  } const within;
  return processor(record);
}

// What the call says wins over what its logger says; objects of both merge.
void add_bound(const Object& bound, Object& fields) {
  for (const auto& [name, value] : bound.members()) {
    if (value.is_null()) continue;
    Value* const own = fields.find(name);
    if (own == nullptr) {
      fields.set(name, value);
    } else if (own->object() != nullptr && value.object() != nullptr) {
      Object merged = *value.object();
      merged.merge(*own->object());
      *own = Value(std::move(merged));
    }
  }
}

}  // namespace

bool RecordStage::runs_processor() noexcept { return in_processor; }

RecordStage::Outcome RecordStage::apply(const std::vector<Processor>& processors, Event& event) noexcept {
  try {
    return run(processors, event);
  } catch (...) {
    // A processor may be there to take something out: nothing that it did not let pass is written.
    event.fields = {};
    event.bound = nullptr;
    event.words = {};
    try {
      context_ = event.context->span().valid() ? Context().with(std::vector{current_span(event.context->span())}) : Context();
    } catch (...) {
      context_ = {};
    }
    event.context = &context_;
    return Outcome::failed;
  }
}

RecordStage::Outcome RecordStage::run(const std::vector<Processor>& processors, Event& event) {
  Record record{event.level, event.logger, event.name, {}, *event.context};
  for (const Field& field : event.fields) {
    if (field.value.kind == ValueRef::Kind::local || record.fields.find(field.key) != nullptr) continue;
    record.fields.set(field.key, field.value.to_value());
  }
  if (event.bound != nullptr) add_bound(event.bound->fields, record.fields);
  for (const Processor& processor : processors) {
    if (!call(processor, record)) return Outcome::dropped;
  }
  values_ = std::move(record.fields);
  for (const auto& [name, value] : values_.members()) fields_.push_back({name, ValueRef(value)});
  context_ = std::move(record.context);
  event.fields = fields_;
  event.bound = nullptr;
  event.context = &context_;
  return Outcome::kept;
}

}  // namespace pii::log
