#pragma once

// A RequestScope for every request of a cpp-httplib server (0.11 or later); header only. Its hooks run on the request's own thread.

#include <httplib.h>

#include <memory>
#include <utility>

#include "pii/logging/request.hpp"

namespace pii::log::adapt {

/// The scope of the request that this thread handles: for authenticated(). Null outside of one.
inline std::unique_ptr<RequestScope>& current_request() {
  thread_local std::unique_ptr<RequestScope> scope;
  return scope;
}

inline Headers to_headers(const httplib::Headers& headers) { return {headers.begin(), headers.end()}; }

/// The current span's traceparent and tracestate for a request of httplib::Client; what stood there before is replaced.
inline void inject(httplib::Headers& headers) {
  if (!current_context().span().valid()) return;
  for (const char* name : {"traceparent", "tracestate"}) headers.erase(name);  // a state belongs to its parent
  trace::inject([&](std::string_view name, std::string_view value) { headers.emplace(name, value); });
}

/// Takes the server's pre-routing, post-routing and exception handlers. A body is not there before routing, so INBOUND has none.
/// Handlers that throw are logged and answered with `options.status_of` (500).
inline void instrument(httplib::Server& server, const RequestOptions& options = {}) {
  server.set_pre_routing_handler([options](const httplib::Request& request, httplib::Response& response) {
    RequestView view;
    view.method = request.method;
    view.target = request.target;
    view.remote_ip = request.remote_addr;
    view.headers = to_headers(request.headers);
    current_request().reset();  // of a request whose connection broke
    current_request() = std::make_unique<RequestScope>(view, options);
    for (const auto& [name, value] : current_request()->response_headers()) response.set_header(name, value);
    return httplib::Server::HandlerResponse::Unhandled;
  });
  server.set_exception_handler([](const httplib::Request&, httplib::Response& response, std::exception_ptr error) {
    response.status = current_request() != nullptr ? current_request()->fail(error) : 500;
  });
  server.set_post_routing_handler([](const httplib::Request&, httplib::Response& response) {
    if (current_request() == nullptr) return;
    current_request()->finish(response.status, response.body, to_headers(response.headers));
    current_request().reset();
  });
}

}  // namespace pii::log::adapt
