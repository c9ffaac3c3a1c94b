#include "pii/logging/span.hpp"

#include <algorithm>

#include "front/pipeline.hpp"
#include "pii/logging/error_field.hpp"
#include "trace/held_spans.hpp"

namespace pii::trace {

namespace {

constexpr std::size_t kMaxMembers = 128;  // attributes, events, links: OpenTelemetry's limits

std::uint64_t nanoseconds(std::chrono::system_clock::time_point time) {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count());
}

// The parent, or nothing: only a trace id is one, too.
std::optional<SpanContext> parent_of(const SpanOptions& options) {
  if (options.root) return std::nullopt;
  const SpanContext parent = options.parent ? *options.parent : log::current_context().span();
  return parent.trace_id.valid() ? std::optional(parent) : std::nullopt;
}

}  // namespace

struct Tracer::State {
  SamplerPtr sampler;
};

struct Span::Data {
  FinishedSpan span;
  log::Object attributes;
  log::Array events;
  std::string name;
  std::string status_message;
  bool held = false;
  std::chrono::steady_clock::time_point began;

  std::uint64_t now() const {
    return span.start + static_cast<std::uint64_t>(
                            std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - began).count());
  }
};

Tracer::Tracer(SamplerPtr sampler) : state_(std::make_shared<State>()) {
  state_->sampler = sampler != nullptr ? std::move(sampler) : sampler::parent_based(sampler::always_on());
}

Result<Tracer> Tracer::from_environment(const log::Variables& variables) {
  auto sampler = sampler_from_environment(variables);
  if (!sampler) return std::move(sampler).error();
  return Tracer(*std::move(sampler));
}

Span::Span(const Tracer& tracer, std::string_view name, SpanOptions options)
    : tracer_(tracer.state()), exceptions_(std::uncaught_exceptions()) {
  const auto parent = parent_of(options);
  context_ = parent ? new_child(*parent) : new_root();
  static const log::Object kNone;
  const SamplingInput input{parent ? &*parent : nullptr, context_.trace_id, name, options.kind, kNone};
  const Decision decision = tracer_->sampler->decide(input);
  const unsigned kept = context_.flags & static_cast<unsigned>(~kSampled);
  context_.flags = static_cast<std::uint8_t>(kept | (decision == Decision::sample ? kSampled : 0u));
  if (decision != Decision::drop) {
    data_ = std::make_unique<Data>();
    data_->name = name;
    data_->held = decision == Decision::keep;
    data_->began = std::chrono::steady_clock::now();
    FinishedSpan& span = data_->span;
    span.context = context_;
    span.kind = options.kind;
    span.start = nanoseconds(std::chrono::system_clock::now());
    if (parent) span.parent = parent->span_id;
    span.parent_is_remote = parent && options.parent.has_value();
    for (const SpanContext& link : options.links) {
      if (link.valid() && span.links.size() < kMaxMembers) span.links.emplace_back(link.trace_id, link.span_id);
    }
    if (data_->held) HeldSpans::of_process().begin(context_.trace_id);
  }
  if (options.current) scope_.emplace(log::current_span(context_));
}

Span::~Span() {
  if (!ended_ && data_ != nullptr && data_->span.status == 0 && std::uncaught_exceptions() > exceptions_) data_->span.status = 2;
  end();
}

Span& Span::set(const log::Field& attribute) {
  if (data_ == nullptr || ended_ || attribute.value.kind == log::ValueRef::Kind::local) return *this;
  if (data_->attributes.members().size() >= kMaxMembers && data_->attributes.find(attribute.key) == nullptr) {
    ++data_->span.dropped_attributes;
  } else {
    data_->attributes.set(attribute.key, attribute.value.to_value());
  }
  return *this;
}

void Span::rename(std::string_view name) {
  if (data_ != nullptr) data_->name = name;
}

void Span::add_event(std::string_view name, log::Object attributes) {
  if (data_ == nullptr || ended_) return;
  if (data_->events.size() >= kMaxMembers) {
    ++data_->span.dropped_events;
    return;
  }
  log::Object event;
  event.set("message", log::Value(std::string(name)));
  event.set("attributes", log::Value(std::move(attributes)));
  data_->events.push_back(log::Value(std::move(event)));
  data_->span.event_times.push_back(data_->now());
}

void Span::record_exception(const std::exception& error) { add_exception(log::ErrorField(error)); }
void Span::record_exception(const std::exception_ptr& error) { add_exception(log::ErrorField(error)); }

void Span::add_exception(const log::ErrorField& field) {
  if (data_ == nullptr) return;
  const log::Value value = static_cast<log::Field>(field).value.to_value();
  log::Object attributes;
  for (const auto& [name, text] : value.object()->members()) attributes.set("exception." + (name == "stack_trace" ? "stacktrace" : name), text);
  add_event("exception", std::move(attributes));
}

void Span::set_error(std::string_view why) {
  if (data_ == nullptr || data_->span.status == 1) return;
  data_->span.status = 2;
  data_->status_message = why;
}

void Span::set_ok() {
  if (data_ != nullptr) data_->span.status = 1;
}

void Span::end() noexcept {
  if (ended_) return;
  ended_ = true;
  scope_.reset();
  if (data_ == nullptr) return;
  try {
    FinishedSpan span = std::move(data_->span);
    span.end = span.start + static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                std::chrono::steady_clock::now() - data_->began).count());
    span.personal.set("message", log::Value(std::move(data_->name)));
    if (span.status == 2 && !data_->status_message.empty()) span.personal.set("status_message", log::Value(std::move(data_->status_message)));
    if (!context_.state.empty()) span.personal.set("trace_state", log::Value(context_.state.to_string()));
    span.personal.set("attributes", log::Value(std::move(data_->attributes)));
    span.personal.set("events", log::Value(std::move(data_->events)));
    log::Pipeline& pipeline = log::Pipeline::current();
    if (!data_->held) {
      pipeline.write_span(span);
    } else {
      for (const FinishedSpan& one : HeldSpans::of_process().end(std::move(span))) pipeline.write_span(one);
    }
  } catch (...) {
    // No memory: this span is lost.
  }
  data_.reset();
}

std::string receive(const Tracer& tracer, std::string_view name, const std::optional<SpanContext>& parent) {
  SpanOptions options;
  options.kind = Kind::consumer;
  options.parent = parent;
  options.current = false;
  const Span span(tracer, name, std::move(options));
  return to_traceparent(span.context());
}

namespace {
SpanOptions of_attempt(std::string_view metadata, const std::optional<SpanContext>& fallback) {
  SpanOptions options;
  options.kind = Kind::consumer;
  options.parent = parse(metadata);
  if (!options.parent) options.parent = fallback;
  return options;
}
}  // namespace

ProcessScope::ProcessScope(const Tracer& tracer, std::string_view metadata, std::string_view type, std::uint32_t retries,
                           const std::optional<SpanContext>& fallback)
    : span_(tracer, std::string(type) + ".process", of_attempt(metadata, fallback)) {
  span_.set("retries", retries);
}

ProcessScope::~ProcessScope() { span_.set("process.success", success_); }

}  // namespace pii::trace
