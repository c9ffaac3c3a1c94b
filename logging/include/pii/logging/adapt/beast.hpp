#pragma once

// A RequestScope for every request of a Boost.Beast server (Boost 1.74 or later); header only. Beast has no hooks: serve() stands where
// a program turns one message into another, in a session's loop or behind a co_await, but not across one: a scope ends on its thread.

#include <boost/beast/http.hpp>

#include <exception>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "pii/logging/request.hpp"

namespace pii::log::adapt {

namespace http = boost::beast::http;

template <class Text>
std::string_view view_of(const Text& text) noexcept { return {text.data(), text.size()}; }

template <class Allocator>
Headers to_headers(const http::basic_fields<Allocator>& fields) {
  Headers headers;
  for (const auto& field : fields) headers.emplace_back(view_of(field.name_string()), view_of(field.value()));
  return headers;
}

/// The body where it lies in memory as text; else empty.
template <class Body>
std::string_view body_of(const typename Body::value_type& body) noexcept {
  if constexpr (std::is_convertible_v<const typename Body::value_type&, std::string_view>) {
    return body;
  } else {
    return {};
  }
}

/// The current span's traceparent and tracestate for a request that is sent; what stood there before is replaced.
template <class Allocator>
void inject(http::basic_fields<Allocator>& fields) {
  if (!current_context().span().valid()) return;
  for (const char* name : {"traceparent", "tracestate"}) fields.erase(name);  // a state belongs to its parent
  trace::inject([&](std::string_view name, std::string_view value) {
    fields.set(boost::beast::string_view(name.data(), name.size()), boost::beast::string_view(value.data(), value.size()));
  });
}

/// The response that `handler(request, scope)` makes, in the request's scope, with its ids in the headers. Who throws is logged and
/// answered with options.status_of (500) and no body. `remote`: the connection's address; `route`: the template, where it is known.
template <class Body, class Allocator, class Handler>
auto serve(const http::request<Body, http::basic_fields<Allocator>>& request, std::string_view remote, const RequestOptions& options,
           Handler handler, std::string_view route = {}) {
  using Response = std::decay_t<std::invoke_result_t<Handler&, decltype(request), RequestScope&>>;
  using ResponseBody = typename Response::body_type;
  RequestView view;
  view.method = view_of(request.method_string());
  view.target = view_of(request.target());
  view.route = route;
  view.remote_ip = remote;
  view.headers = to_headers(request);
  view.body = body_of<Body>(request.body());
  RequestScope scope(view, options);
  const auto with_ids = [&](Response response) {
    for (const auto& [name, value] : scope.response_headers()) response.set(name, value);
    return response;
  };
  try {
    Response response = with_ids(handler(request, scope));
    scope.finish(static_cast<int>(response.result_int()), body_of<ResponseBody>(response.body()), to_headers(response));
    return response;
  } catch (...) {
    const int status = scope.fail(std::current_exception());
    Response response(static_cast<http::status>(status), request.version());
    response.keep_alive(request.keep_alive());
    response.prepare_payload();
    return with_ids(std::move(response));
  }
}

}  // namespace pii::log::adapt
