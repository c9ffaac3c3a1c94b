#pragma once

#include <chrono>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pii/export.hpp"
#include "pii/logging/context.hpp"
#include "pii/logging/logger.hpp"
#include "pii/logging/span.hpp"

namespace pii::log {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// What a server framework knows of a request when it begins.
struct RequestView {
  std::string_view method = {};
  std::string_view target = {};     // path and query
  std::string_view route = {};      // the template: /users/{id}; empty: not known
  std::string_view remote_ip = {};  // of the connection
  Headers headers = {};
  std::string_view body = {};       // for api_log
};

struct RequestOptions {
  std::string logger = "http";
  /// Read, made where it is absent or no id, and sent back; empty: none. X-Request-ID is another usual name.
  std::string correlation_header = "X-Correlation-ID";
  bool expose_header = false;  // also Access-Control-Expose-Headers
  /// INBOUND and OUTBOUND events with headers and bodies (JSON, text, forms), masked, of at most body_limit bytes.
  bool api_log = false;
  std::size_t body_limit = 8192;
  std::vector<std::string> ignore_response_keys = {};  // members left out of a JSON response's body
  std::vector<std::string> skip_methods = {"OPTIONS"};
  /// Addresses and networks (10.0.0.0/8) of proxies whose X-Forwarded-For, Forwarded and X-Real-IP are believed.
  std::vector<std::string> trusted_proxies = {};
  const trace::Tracer* tracer = nullptr;  // null: a trace context, and no span
  /// Of a traceparent whose span id is none (some proxies write their connection's number there) the trace id goes on.
  bool keep_broken_trace_id = false;
  bool route_key_attributes = false;      // request.trace_id, request.span_id, request.route_key beside http.*
  std::function<void(const trace::SpanContext&)> on_start = {};
  std::function<int(const std::exception_ptr&)> status_of = {};  // of an exception; absent: 500
};

/// One request of a server: its trace, its ids and its user for every event of the thread until its end, a span where there is a
/// tracer, and what goes back in headers. Nothing that the thread had bound before is in it. Ends on the thread it began on.
class PII_EXPORT RequestScope {
 public:
  explicit RequestScope(const RequestView& request, RequestOptions options = {});
  RequestScope(const RequestScope&) = delete;
  RequestScope& operator=(const RequestScope&) = delete;
  /// Ends it: with what finish() or fail() said; while an exception unwinds, as an unhandled one.
  ~RequestScope();

  /// Who it is, from now on. At any time, so no order of middleware is wrong.
  void authenticated(const ValueRef& user_id);
  void finish(int status, std::string_view body = {}, const Headers& headers = {});
  /// Logs `unhandled_exception` and ends with the exception's status, which it returns.
  int fail(const std::exception_ptr& error);
  const Headers& response_headers() const noexcept { return response_headers_; }
  const std::string& correlation_id() const noexcept { return correlation_id_; }
  const trace::SpanContext& span() const noexcept { return context_; }

 private:
  void begin(const RequestView& request);
  void log_inbound(const RequestView& request) const;
  void log_outbound(int status, std::string_view body, const Headers& headers) const;

  RequestOptions options_;
  Logger log_;
  std::string method_;
  std::string path_;
  std::string query_;
  std::string route_;
  std::string correlation_id_;
  Headers response_headers_;
  trace::SpanContext context_;
  std::chrono::steady_clock::time_point began_;
  int exceptions_;
  bool skipped_ = false;
  bool ended_ = false;
  std::optional<ScopedContext> clean_;
  std::optional<trace::Span> span_;
  std::optional<ScopedContext> user_;
};

/// Runs `handler(scope)` in a request's scope. An exception is logged with its words, and goes on.
template <class Handler>
auto with_request_scope(const RequestView& request, RequestOptions options, Handler handler) {
  RequestScope scope(request, std::move(options));
  try {
    return handler(scope);
  } catch (...) {
    scope.fail(std::current_exception());
    throw;
  }
}

/// The address of who asks: the peer's, or what trusted proxies say of it. Empty when nobody says.
PII_EXPORT std::string client_address(std::string_view peer, const Headers& headers, const std::vector<std::string>& trusted_proxies);

}  // namespace pii::log
