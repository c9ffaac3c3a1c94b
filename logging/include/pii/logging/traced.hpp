#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <utility>

#include "pii/export.hpp"
#include "pii/logging/span.hpp"

/// Spans around what a program calls: nothing is patched at run time, so each call says so itself.
namespace pii::trace {

/// Runs `work()` in a span of its name. What it throws is recorded, makes the span an error, and goes on.
template <std::invocable Work>
decltype(auto) traced(const Tracer& tracer, std::string_view name, Work&& work, SpanOptions options = {}) {
  Span span(tracer, name, std::move(options));
  try {
    return std::forward<Work>(work)();
  } catch (...) {
    span.record_exception(std::current_exception());
    span.set_error();
    throw;
  }
}

/// A call of a database: a client's span, `OPERATION COLLECTION`, with OpenTelemetry's attributes `db.*`.
struct Query {
  std::string_view system = {};      // postgresql, mysql, sqlite, redis, …
  std::string_view operation = {};   // SELECT, HSET, …
  std::string_view collection = {};  // a table, or whatever holds the data
  std::string_view text = {};        // the statement; without_literals() of it is kept, and masked like everything
};
class PII_EXPORT QuerySpan {
 public:
  QuerySpan(const Tracer& tracer, const Query& query);
  Span& span() noexcept { return span_; }

 private:
  Span span_;
};

/// An SQL statement with `?` in place of every literal (quoted text, numbers) and without comments. What cannot be told apart in
/// every dialect (a backslash in quotes, a quote without an end) is left out with all that follows, as ` …`.
PII_EXPORT std::string without_literals(std::string_view sql);

}  // namespace pii::trace
