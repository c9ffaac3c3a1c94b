#include "fields/json_reader.hpp"
#include "pii/logging/request.hpp"
#include "request/headers.hpp"

namespace pii::log {

namespace {

bool one_of(const std::vector<std::string>& names, std::string_view name) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& known) { return same_name(known, name); });
}

// Bodies that are text, and can be masked.
bool readable(std::string_view type) {
  for (const std::string_view known : {"json", "text/", "x-www-form-urlencoded", "xml"}) {
    if (find_no_case(type, known) != std::string_view::npos) return true;
  }
  return false;
}

Value body_value(std::string_view body, const Headers& headers, std::size_t limit, const std::vector<std::string>& without) {
  if (body.empty()) return {};
  if (!readable(header_of(headers, "content-type"))) return Value("[" + std::to_string(body.size()) + " bytes]");
  if (body.size() > limit) return Value("[" + std::to_string(body.size()) + " bytes, too long]");
  auto json = read_json(body);
  if (!json) return Value(std::string(body));
  if (Object* const members = json->object()) {
    for (const std::string& name : without) members->erase(name);
  }
  return *std::move(json);
}

Value header_value(const Headers& headers) {
  Object members;
  for (const auto& [name, value] : headers) members.set(name, Value(value));
  return Value(std::move(members));
}

Level level_of(int status) { return status >= 500 ? Level::error : status >= 400 ? Level::warning : Level::info; }

}  // namespace

RequestScope::RequestScope(const RequestView& request, RequestOptions options)
    : options_(std::move(options)), log_(get_logger(options_.logger)), method_(request.method),
      path_(request.target.substr(0, request.target.find('?'))), route_(request.route), began_(std::chrono::steady_clock::now()),
      exceptions_(std::uncaught_exceptions()), skipped_(one_of(options_.skip_methods, request.method)) {
  if (const std::size_t mark = request.target.find('?'); mark != std::string_view::npos) query_ = request.target.substr(mark + 1);
  begin(request);
  if (options_.api_log && !skipped_) log_inbound(request);
}

void RequestScope::begin(const RequestView& request) {
  const trace::Correlation of_trace = trace::parse_correlation(header_of(request.headers, "traceparent"));
  auto incoming = trace::parse(header_of(request.headers, "traceparent"), header_of(request.headers, "tracestate"));
  if (!incoming && options_.keep_broken_trace_id && of_trace.trace_id) incoming = trace::SpanContext{*of_trace.trace_id, {}, trace::kSampled, {}};
  std::vector<ContextEntry> entries;
  const std::string client = client_address(request.remote_ip, request.headers, options_.trusted_proxies);
  if (!client.empty()) entries.push_back(client_ip(client));
  if (!options_.correlation_header.empty()) {
    const trace::Correlation given = trace::parse_correlation(header_of(request.headers, options_.correlation_header));
    // An id that a stranger sends stands in logs and headers, so it is one of a known form or a new one.
    correlation_id_ = given.span ? trace::to_string(given.span->trace_id)
                      : given.trace_id ? trace::to_string(*given.trace_id)
                                       : given.correlation_id;
    if (correlation_id_.empty()) correlation_id_ = trace::to_string(trace::new_trace_id());
    entries.push_back(log::correlation_id(correlation_id_));
    response_headers_.emplace_back(options_.correlation_header, correlation_id_);
    if (options_.expose_header) response_headers_.emplace_back("Access-Control-Expose-Headers", options_.correlation_header);
  } else if (!of_trace.correlation_id.empty()) {
    correlation_id_ = of_trace.correlation_id;
    entries.push_back(log::correlation_id(correlation_id_));
  }
  if (options_.tracer == nullptr) {
    context_ = incoming ? trace::new_child(*incoming) : trace::new_root();
    entries.push_back(current_span(context_));
  }
  clean_.emplace(Context().with(entries));
  if (options_.tracer != nullptr) {
    trace::SpanOptions span;
    span.kind = trace::Kind::server;
    span.parent = incoming;
    span.root = !incoming;
    span_.emplace(*options_.tracer, method_ + (route_.empty() ? "" : " " + route_), std::move(span));
    context_ = span_->context();
    span_->set("http.request.method", method_).set("url.path", path_);
    if (!route_.empty()) span_->set("http.route", route_);
    if (options_.route_key_attributes) {
      span_->set("request.trace_id", trace::to_string(context_.trace_id)).set("request.span_id", trace::to_string(context_.span_id));
      span_->set("request.route_key", route_);
    }
  }
  if (options_.on_start) options_.on_start(context_);
}

RequestScope::~RequestScope() {
  if (!ended_ && std::uncaught_exceptions() > exceptions_) fail(nullptr);
}

void RequestScope::authenticated(const ValueRef& id) {
  user_.reset();
  user_.emplace(user_id(id));
}

void RequestScope::log_inbound(const RequestView& request) const {
  const Value headers = header_value(request.headers);
  const Value body = body_value(request.body, request.headers, options_.body_limit, {});
  const std::string agent(header_of(request.headers, "user-agent"));
  const std::string words = "INBOUND " + method_ + " " + path_;
  log_.info(runtime_event(words), kv("view", route_),
            kv("event", object(kv("kind", "event"), kv("category", array("web")), kv("type", array("access")))),
            kv("http", object(kv("request", object(kv("method", method_), kv("headers", headers), kv("body", body))))),
            kv("url", object(kv("path", path_), kv("query", query_))), kv("user_agent", object(kv("original", agent))));
}

void RequestScope::log_outbound(int status, std::string_view text, const Headers& headers) const {
  const Value sent = header_value(headers);
  const Value body = body_value(text, headers, options_.body_limit, options_.ignore_response_keys);
  const auto took = std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - began_).count();
  const std::string words = "OUTBOUND " + method_ + " " + path_ + " (" + std::to_string(status) + ")";
  log_.log(level_of(status), runtime_event(words), kv("view", route_),
           kv("event", object(kv("kind", "event"), kv("category", array("web")), kv("type", array("access")),
                              kv("outcome", status < 400 ? "success" : "failure"), kv("duration", took))),
           kv("http", object(kv("request", object(kv("method", method_))),
                             kv("response", object(kv("status_code", status), kv("headers", sent), kv("body", body))))),
           kv("url", object(kv("path", path_), kv("query", query_))));
}

void RequestScope::finish(int status, std::string_view body, const Headers& headers) {
  if (ended_) return;
  ended_ = true;
  if (options_.api_log && !skipped_) log_outbound(status, body, headers);
  if (!span_) return;
  span_->set("http.response.status_code", status);
  // A client's mistake is no failure of the server.
  if (status >= 500) span_->set("error.type", std::to_string(status)).set_error();
}

int RequestScope::fail(const std::exception_ptr& error) {
  if (ended_) return 0;
  int status = 500;
  try {
    if (options_.status_of) status = options_.status_of(error);
    const ErrorField what = error != nullptr ? err(error) : err("left the request's scope", "exception");
    log_.error("unhandled_exception", what, kv("http.request.method", method_), kv("http.response.status_code", status), kv("url.path", path_));
    if (span_) span_->record_exception(error);
    finish(status);
  } catch (...) {
    ended_ = true;  // the resolver itself failed
  }
  return status;
}

}  // namespace pii::log
