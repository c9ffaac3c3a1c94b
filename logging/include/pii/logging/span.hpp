#pragma once

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pii/export.hpp"
#include "pii/logging/context.hpp"
#include "pii/logging/error_field.hpp"
#include "pii/logging/sampler.hpp"

namespace pii::trace {

/// Makes spans. A finished one is masked whole and goes to the session's Configuration::spans. Cheap to copy, usable from any
/// thread; without a session, or without an exporter, spans are made and go nowhere.
class PII_EXPORT Tracer {
 public:
  /// `sampler` null: parent_based(always_on()).
  explicit Tracer(SamplerPtr sampler = nullptr);
  /// With the sampler of the environment. Errors: invalid_setting.
  static Result<Tracer> from_environment(const log::Variables& variables = nullptr);

  struct State;
  const std::shared_ptr<State>& state() const noexcept { return state_; }

 private:
  std::shared_ptr<State> state_;
};

struct SpanOptions {
  Kind kind = Kind::internal;
  std::optional<SpanContext> parent = {};  // absent: the thread's current span; invalid: none
  bool root = false;                       // a new trace, whatever is current
  bool current = true;                     // is the thread's current span until its end, which must be on this thread
  std::vector<SpanContext> links = {};
};

/// Work that takes time, from construction to end(). Not for several threads at once. Nothing throws but the memory's end.
class PII_EXPORT Span {
 public:
  Span(const Tracer& tracer, std::string_view name, SpanOptions options = {});
  Span(const Span&) = delete;
  Span& operator=(const Span&) = delete;
  ~Span();

  const SpanContext& context() const noexcept { return context_; }
  /// Whether attributes are kept.
  bool recording() const noexcept { return data_ != nullptr; }

  /// An attribute: any field. At most 128; equal keys replace.
  Span& set(const log::Field& attribute);
  Span& set(std::string_view key, const log::ValueRef& value) { return set(log::Field{key, value}); }
  void rename(std::string_view name);
  /// Something that happened in it, now. At most 128.
  template <std::convertible_to<log::Field>... Fields>
  void event(std::string_view name, const Fields&... attributes) {
    const log::Value object = log::ValueRef(log::object(attributes...)).to_value();
    add_event(name, object.object() != nullptr ? *object.object() : log::Object());
  }
  /// The event `exception`, with exception.type and exception.message.
  void record_exception(const std::exception& error);
  void record_exception(const std::exception_ptr& error);
  /// The span failed. A later set_ok() has the last word.
  void set_error(std::string_view why = {});
  void set_ok();
  /// Ends it, once. The destructor does; while an exception unwinds, it is an error.
  void end() noexcept;

 private:
  struct Data;
  void add_event(std::string_view name, log::Object attributes);
  void add_exception(const log::ErrorField& error);

  std::shared_ptr<Tracer::State> tracer_;
  SpanContext context_;
  std::unique_ptr<Data> data_;
  std::optional<log::ScopedContext> scope_;
  int exceptions_;
  bool ended_ = false;
};

/// `traceparent` and `tracestate` of the current span, for what is sent to others: `inject([&](name, value) { headers.add(name, value); })`.
template <class Set>
void inject(Set set) {
  const SpanContext& span = log::current_context().span();
  if (!span.valid()) return;
  set(std::string_view("traceparent"), std::string_view(to_traceparent(span)));
  if (!span.state.empty()) set(std::string_view("tracestate"), std::string_view(span.state.to_string()));
}

/// A buffered endpoint, receiving: a span of its own for what is put into a queue. Returns what must be stored with the item: the
/// traceparent that its processing belongs to, even after a restart.
PII_EXPORT std::string receive(const Tracer& tracer, std::string_view name, const std::optional<SpanContext>& parent = {});

/// One attempt to process a buffered item: `TYPE.process`, a child of the receive span, with `retries` and `process.success`.
class PII_EXPORT ProcessScope {
 public:
  /// `metadata`: what receive() returned. Where it is lost, `fallback` (the request's own key) keeps it in the trace.
  ProcessScope(const Tracer& tracer, std::string_view metadata, std::string_view type, std::uint32_t retries,
               const std::optional<SpanContext>& fallback = {});
  ~ProcessScope();
  /// What became of it. Without a word of it: not processed.
  void success(bool processed) noexcept { success_ = processed; }
  Span& span() noexcept { return span_; }

 private:
  Span span_;
  bool success_ = false;
};

}  // namespace pii::trace
