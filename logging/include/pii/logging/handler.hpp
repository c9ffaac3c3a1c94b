#pragma once

#include <chrono>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "pii/logging/dead_letters.hpp"
#include "pii/logging/job.hpp"
#include "pii/logging/logger.hpp"
#include "pii/logging/span.hpp"

namespace pii::log {

/// The id that events of this thread are found by: the correlation id, else the trace id, else empty.
PII_EXPORT std::string current_correlation_id();

/// The base of a domain event: it keeps the id of the request that made it.
struct DomainEvent {
  std::string correlation_id = current_correlation_id();
};

/// Which event is handled, and by whom.
struct Handling {
  std::string_view handler = {};
  std::string_view event_type = {};
  std::string_view entity_id = {};       // what the event is about: an order, a user
  std::string_view correlation_id = {};  // of the request that made the event; empty: whatever is bound
  const trace::Tracer* tracer = nullptr;  // null: no span
};

/// An event's handler as it runs: its type, handler and ids are in every event of the thread until its end, and where there is a tracer
/// it has a span, `handle TYPE`, with `event.type` and `event.entity_id`. While an exception unwinds, the span is an error.
class PII_EXPORT HandlerScope {
 public:
  explicit HandlerScope(const Handling& handling);
  /// The same for an event that keeps its request's id.
  HandlerScope(const DomainEvent& event, Handling handling);
  /// One attempt failed; `last`: and with it the handling.
  void failed(const std::exception_ptr& error, bool last);

 private:
  std::optional<trace::Span> span_;
  std::optional<ScopedContext> scope_;
};

struct HandlerRetries {
  unsigned max = 3;                                // attempts
  std::chrono::milliseconds wait{0};               // before the second; doubles
  ship::DeadLetters* dead_letters = nullptr;       // where an event goes that no attempt could handle
  const trace::Tracer* tracer = nullptr;           // one span for all attempts
  std::string_view entity_id = {};
  std::string_view correlation_id = {};            // the event's; empty: whatever is bound
};

/// Handles an event: `handler()` until it does not throw, at most retries.max times. Each failure is the warning `handler_failed`;
/// after the last one the error `handler_exhausted_retries`, and the event (JSON) is stored. Returns whether it was handled.
template <class Handler>
bool with_retries(const HandlerRetries& retries, std::string_view name, std::string_view event_type, std::string_view event_json,
                  Handler handler) {
  const Logger log = get_logger("handler");
  HandlerScope scope({name, event_type, retries.entity_id, retries.correlation_id, retries.tracer});
  for (unsigned attempt = 1;; ++attempt) {
    std::exception_ptr error;
    try {
      handler();
      return true;
    } catch (...) {
      error = std::current_exception();
    }
    scope.failed(error, attempt >= retries.max);
    const ErrorField what = err(error);
    log.warning("handler_failed", kv("attempt", attempt), what);
    if (attempt >= retries.max) {
      log.error("handler_exhausted_retries", kv("attempts", attempt), what);
      if (retries.dead_letters != nullptr) {
        const Value fields = static_cast<Field>(what).value.to_value();
        const Value* const message = fields.object() != nullptr ? fields.object()->find("message") : nullptr;
        retries.dead_letters->store(event_type, event_json, message != nullptr && message->text() != nullptr ? *message->text() : "",
                                    current_correlation_id(), attempt);
      }
      return false;
    }
    if (retries.wait.count() > 0) std::this_thread::sleep_for(retries.wait * (1u << std::min(attempt - 1, 10u)));
  }
}

/// A job that carries the context of who made it: calling it runs `work` in a job::Scope of that name.
template <class F>
auto wrap_job(std::string name, F work) {
  return [name = std::move(name), snapshot = job::capture(), work = std::move(work)]<class... Args>(Args&&... args) mutable -> decltype(auto) {
    const std::string id = trace::to_string(trace::new_span_id());
    const job::Scope scope(snapshot, {.id = id, .name = name});
    return work(std::forward<Args>(args)...);
  };
}

}  // namespace pii::log
