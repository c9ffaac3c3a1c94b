#include "pii/logging/job.hpp"

#include "context/context_data.hpp"
#include "fields/json_reader.hpp"
#include "front/pipeline.hpp"

namespace pii::log::job {

namespace {

Context restored(const std::optional<Snapshot>& snapshot, const Info& info) {
  const Context context = snapshot ? snapshot->context() : Context();
  std::vector<ContextEntry> entries;
  const trace::SpanContext& parent = context.span();
  entries.push_back(current_span(parent.trace_id.valid() ? trace::new_child(parent) : trace::new_root()));
  if (!info.id.empty()) {
    Object ids;
    ids.set("id", Value(std::string(info.id)));
    if (!info.name.empty() && info.system != "rq") ids.set("name", Value(std::string(info.name)));
    const std::uint32_t attempt = info.attempt == 0 && snapshot ? snapshot->attempt() : info.attempt;
    if (attempt != 0) ids.set("attempt", Value(std::int64_t{attempt}));
    Object named;
    named.set(info.system == "celery" ? "celery_task" : info.system == "rq" ? "rq_job" : "job", Value(std::move(ids)));
    entries.emplace_back(ContextEntry::Part::extra, Value(std::move(named)));
  }
  // The span of whoever queued it is not this job's.
  return context.without(ContextEntry::Part::span_id).with(entries);
}

void read_context(const Object& members, std::vector<ContextEntry>& entries) {
  using Part = ContextEntry::Part;
  for (std::size_t i = 0; i < kNamedFields.size(); ++i) {
    const Value* const value = members.find(kNamedFields[i].wire);
    if (value != nullptr) entries.emplace_back(static_cast<Part>(i), *value);
  }
  if (const Value* const more = members.find("extra"); more != nullptr && more->object() != nullptr) {
    entries.emplace_back(Part::extra, *more);
  }
  if (const Value* const more = members.find("labels"); more != nullptr && more->object() != nullptr) {
    entries.emplace_back(Part::labels, *more);
  }
}

// Of a traceparent all, of a trace id what it says, of anything else an id to correlate by.
void read_trace(std::string_view traceparent, std::string_view trace_id, std::vector<ContextEntry>& entries) {
  if (const auto span = trace::parse(traceparent)) {
    entries.push_back(current_span(*span));
    return;
  }
  const trace::Correlation found = trace::parse_correlation(trace_id);
  if (found.trace_id) {
    entries.push_back(current_span({*found.trace_id, {}, trace::kSampled, {}}));
  } else if (!found.correlation_id.empty()) {
    entries.push_back(correlation_id(found.correlation_id));
  }
}

std::string_view text_of(const Object& members, std::string_view name) {
  const Value* const value = members.find(name);
  return value != nullptr && value->text() != nullptr ? std::string_view(*value->text()) : std::string_view{};
}

std::uint32_t read_attempt(const Object& members) {
  const Value* const value = members.find("attempt");
  const auto* const number = value != nullptr ? std::get_if<std::int64_t>(&value->data()) : nullptr;
  return number != nullptr && *number > 0 && *number <= 1'000'000 ? static_cast<std::uint32_t>(*number) : 0;
}

}  // namespace

std::string Snapshot::to_json() const {
  static const Context::Data kNothing{};
  const Context::Data& data = context_.data() == nullptr ? kNothing : *context_.data();
  Object ctx;
  for (std::size_t i = 0; i < kNamedFields.size(); ++i) ctx.set(kNamedFields[i].wire, data.named[i]);
  ctx.set("extra", Value(data.extra));
  ctx.set("labels", Value(data.labels));
  Object payload;
  payload.set("ctx", Value(std::move(ctx)));
  if (data.span.trace_id.valid()) {
    payload.set("trace_id", Value(trace::to_string(data.span.trace_id)));
    if (data.span.valid()) payload.set("traceparent", Value(trace::to_traceparent(data.span)));
  } else {
    payload.set("trace_id", data.correlation_id.empty() ? Value() : Value(data.correlation_id));
  }
  if (attempt_ != 0) payload.set("attempt", Value(std::int64_t{attempt_}));
  return Pipeline::current().mask_json(Value(std::move(payload)));
}

std::optional<Snapshot> capture() {
  const Context& context = current_context();
  if (context.empty() || *context.data() == Context::Data{}) return std::nullopt;
  return Snapshot(context);
}

Result<std::optional<Snapshot>> parse(std::string_view json) {
  const auto value = read_json(json);
  if (!value) return Error(ErrorCode::malformed_json, "the context of a job is not JSON");
  if (value->object() == nullptr || value->object()->empty()) return std::optional<Snapshot>();
  std::vector<ContextEntry> entries;
  if (const Value* const ctx = value->object()->find("ctx"); ctx != nullptr && ctx->object() != nullptr) {
    read_context(*ctx->object(), entries);
  }
  const std::string_view trace_id = text_of(*value->object(), "trace_id");
  read_trace(text_of(*value->object(), "traceparent"), trace_id, entries);
  Context context = Context().with(entries);
  // The trace that a job belongs to is the payload's, not one that an earlier hop left among its fields.
  if (!trace_id.empty()) context = context.without_extra("trace");
  return std::optional<Snapshot>(std::in_place, std::move(context), read_attempt(*value->object()));
}

Scope::Scope(const std::optional<Snapshot>& snapshot, const Info& job) : scope_(restored(snapshot, job)) {}

}  // namespace pii::log::job
