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

namespace pii::log {

/// The id that events of this thread are found by: the correlation id, else the trace id, else empty.
PII_EXPORT std::string current_correlation_id();

/// The base of a domain event: it keeps the id of the request that made it.
struct DomainEvent {
  std::string correlation_id = current_correlation_id();
};

struct HandlerRetries {
  unsigned max = 3;                                // attempts
  std::chrono::milliseconds wait{0};               // before the second; doubles
  ship::DeadLetters* dead_letters = nullptr;       // where an event goes that no attempt could handle
};

/// Handles an event: `handler()` until it does not throw, at most retries.max times. Each failure is the warning `handler_failed`;
/// after the last one the error `handler_exhausted_retries`, and the event (JSON) is stored. Returns whether it was handled.
template <class Handler>
bool with_retries(const HandlerRetries& retries, std::string_view name, std::string_view event_type, std::string_view event_json,
                  Handler handler) {
  const Logger log = get_logger("handler");
  const ScopedContext scope(extra(kv("event_type", event_type), kv("handler", name)));
  for (unsigned attempt = 1;; ++attempt) {
    std::exception_ptr error;
    try {
      handler();
      return true;
    } catch (...) {
      error = std::current_exception();
    }
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
