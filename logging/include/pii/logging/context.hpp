#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "pii/export.hpp"
#include "pii/logging/field.hpp"
#include "pii/logging/trace.hpp"

namespace pii::log {

/// One thing to bind: made by the functions below. What it carries is copied.
class ContextEntry {
 public:
  enum class Part : std::uint8_t { span_id, user_id, client_ip, session_id, orn, pg_code, reference_number, extra, labels,
                                   correlation_id, trace };

  ContextEntry(Part what, Value carried) : part(what), value(std::move(carried)) {}
  explicit ContextEntry(trace::SpanContext context) : part(Part::trace), span(std::move(context)) {}

  Part part;
  Value value = {};
  trace::SpanContext span = {};
};

// Null (nullptr, an empty optional) never clears what is bound; Context::without() does.
inline ContextEntry span_id(const ValueRef& id) { return {ContextEntry::Part::span_id, id.to_value()}; }
inline ContextEntry user_id(const ValueRef& id) { return {ContextEntry::Part::user_id, id.to_value()}; }
/// An address of either family; what is none is forgotten and counted (Stats::invalid_context).
PII_EXPORT ContextEntry client_ip(std::string_view address);
inline ContextEntry session_id(const ValueRef& id) { return {ContextEntry::Part::session_id, id.to_value()}; }
inline ContextEntry orn(const ValueRef& id) { return {ContextEntry::Part::orn, id.to_value()}; }
inline ContextEntry pg_code(const ValueRef& code) { return {ContextEntry::Part::pg_code, code.to_value()}; }
inline ContextEntry reference_number(const ValueRef& id) { return {ContextEntry::Part::reference_number, id.to_value()}; }
/// The id of a request that is no trace id.
inline ContextEntry correlation_id(std::string_view id) { return {ContextEntry::Part::correlation_id, ValueRef(id).to_value()}; }
/// The span that is current: trace.id, span.id and what build_traceparent() sends.
inline ContextEntry current_span(trace::SpanContext span) { return ContextEntry(std::move(span)); }
/// Fields of any kind; they merge deeply with what is bound.
template <std::convertible_to<Field>... Fields>
ContextEntry extra(const Fields&... fields) {
  return {ContextEntry::Part::extra, ValueRef(object(fields...)).to_value()};
}
/// Flat labels; what is no scalar becomes its JSON text.
template <std::convertible_to<Field>... Fields>
ContextEntry labels(const Fields&... fields) {
  return {ContextEntry::Part::labels, ValueRef(object(fields...)).to_value()};
}
/// Ids of one application under its name: `ns("keyloop", kv("store_id", "s1"))`.
template <std::convertible_to<Field>... Fields>
ContextEntry ns(std::string_view name, const Fields&... fields) {
  return extra(kv(name, object(fields...)));
}

/// Fields that `fill` computes, from a database row for one. What it throws becomes the field `log_bind_error` (message, type) beside
/// what it had written, and binding goes on.
PII_EXPORT ContextEntry extra_from(const std::function<void(FieldWriter&)>& fill);

/// What every event of a request carries. Immutable; a copy costs one reference count, so it may go to any thread or queue.
class PII_EXPORT Context {
 public:
  Context() = default;

  bool empty() const noexcept { return data_ == nullptr; }
  /// This context and more. Null never clears; `extra` and `labels` merge deeply.
  Context with(std::span<const ContextEntry> entries) const;
  Context without(ContextEntry::Part part) const;
  Context without_extra(std::string_view name) const;

  /// The current span; invalid when there is none.
  const trace::SpanContext& span() const noexcept;
  /// As an event carries it: trace, span, user, client, payment, session_id, labels, and the members of `extra`. Lives as long
  /// as this context or a copy of it.
  const Object& to_ecs() const noexcept;

  struct Data;
  const Data* data() const noexcept { return data_.get(); }
  explicit Context(std::shared_ptr<const Data> data) noexcept : data_(std::move(data)) {}

 private:
  std::shared_ptr<const Data> data_;
};

/// The context of this thread.
PII_EXPORT const Context& current_context() noexcept;
/// The trace and span to send to others, or empty.
PII_EXPORT std::string build_traceparent();

/// What reset() needs. A plain number: forgetting it costs nothing but the reset.
struct [[nodiscard]] BindToken {
  std::uint64_t id = 0;
};
/// Makes `next` this thread's context until reset.
PII_EXPORT BindToken attach(Context next);
/// Binds more to this thread's context.
template <std::same_as<ContextEntry>... Entries>
BindToken bind(const Entries&... entries) {
  const ContextEntry list[] = {entries...};
  return attach(current_context().with(list));
}
/// Restores what was before that bind, whatever was bound since. A token of another thread or one that was used is ignored;
/// false then.
PII_EXPORT bool reset(BindToken token) noexcept;

/// Binds for a scope of this thread.
class PII_EXPORT ScopedContext {
 public:
  template <std::same_as<ContextEntry>... Entries>
  explicit ScopedContext(const ContextEntry& first, const Entries&... more) : token_(bind(first, more...)) {}
  explicit ScopedContext(Context context) : token_(attach(std::move(context))) {}
  ScopedContext(const ScopedContext&) = delete;
  ScopedContext& operator=(const ScopedContext&) = delete;
  ~ScopedContext() { reset(token_); }

 private:
  BindToken token_;
};

/// What to hand to another thread or a queue.
inline Context capture() { return current_context(); }
/// A callable that runs `work` in `context`, wherever it is called.
template <class F>
auto wrap(Context context, F work) {
  return [context = std::move(context), work = std::move(work)]<class... Args>(Args&&... args) mutable -> decltype(auto) {
    const ScopedContext scope(context);
    return work(std::forward<Args>(args)...);
  };
}

}  // namespace pii::log
