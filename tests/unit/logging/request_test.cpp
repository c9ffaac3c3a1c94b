// Request scopes, handlers and jobs: ids in and out, users, exceptions, access events, proxies.
#include <gtest/gtest.h>

#include <stdexcept>

#include "pii/logging/handler.hpp"
#include "pii/logging/request.hpp"
#include "unit/logging/span_kit.hpp"

namespace {

using namespace pii::log;
using pii::kit::SpanSession;
using nlohmann::json;

constexpr const char* kTraceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

RequestView post(Headers headers = {}) {
  RequestView view;
  view.method = "POST";
  view.target = "/payments?card=1";
  view.route = "/payments";
  view.remote_ip = "203.0.113.9";
  view.headers = std::move(headers);
  return view;
}

TEST(RequestScope, GivesEveryEventItsIdsAndNothingOfBefore) {
  SpanSession session;
  const ScopedContext before(extra(kv("merchant_id", "other")), user_id(7));
  const pii::trace::Tracer tracer;
  {
    RequestOptions options;
    options.tracer = &tracer;
    RequestScope scope(post({{"Traceparent", kTraceparent}, {"x-correlation-id", "req-1"}}), options);
    get_logger("x").info("early");
    scope.authenticated(42);
    get_logger("x").info("late");
    EXPECT_EQ(scope.correlation_id(), "req-1");
    EXPECT_EQ(current_correlation_id(), "req-1");
    EXPECT_EQ(scope.response_headers(), (Headers{{"X-Correlation-ID", "req-1"}}));
    scope.finish(201);
  }
  EXPECT_NE(current_context().to_ecs().find("user"), nullptr) << "what was before is back";
  const auto events = session.events();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].at("trace").at("id"), "0af7651916cd43dd8448eb211c80319c");
  EXPECT_FALSE(events[0].contains("user"));
  EXPECT_FALSE(events[0].contains("merchant_id"));
  EXPECT_EQ(events[1].at("user").at("id"), 42);
  EXPECT_EQ(events[1].at("client").contains("ip"), true);
  const json span = session.spans().at(0);
  EXPECT_EQ(span.at("message"), "POST /payments");
  EXPECT_EQ(span.at("parent_span_id"), "b7ad6b7169203331");
  EXPECT_EQ(span.at("kind"), 2);
  EXPECT_EQ(span.at("status"), 0);
  EXPECT_EQ(span.at("attributes").at("http.response.status_code"), 201);
  EXPECT_EQ(span.at("attributes").at("http.route"), "/payments");
}

TEST(RequestScope, StrangeIdsAreReplaced) {
  SpanSession session;
  for (const std::string& id : {std::string(), std::string("a b"), std::string("x\r\nSet-Cookie: y"), std::string(129, 'a'), std::string("<script>")}) {
    const RequestScope scope(post({{"X-Correlation-ID", id}}));
    EXPECT_EQ(scope.correlation_id().size(), 32u);
    EXPECT_NE(scope.correlation_id(), id);
  }
  RequestOptions options;
  options.correlation_header = "X-Request-ID";
  options.expose_header = true;
  const RequestScope scope(post({{"X-Request-ID", "abc"}}), options);
  EXPECT_EQ(scope.response_headers(), (Headers{{"X-Request-ID", "abc"}, {"Access-Control-Expose-Headers", "X-Request-ID"}}));
}

TEST(RequestScope, AnExceptionIsLoggedWithItsRequest) {
  SpanSession session;
  const pii::trace::Tracer tracer;
  RequestOptions options;
  options.tracer = &tracer;
  options.status_of = [](const std::exception_ptr&) { return 503; };
  EXPECT_THROW(with_request_scope(post(), options, [](RequestScope&) -> int { throw std::runtime_error("mail ada@example.org"); }),
               std::runtime_error);
  const json event = session.events().at(0);
  EXPECT_EQ(event.at("message"), "unhandled_exception");
  EXPECT_EQ(event.at("error").at("type"), "std::runtime_error");
  EXPECT_EQ(event.at("http").at("request").at("method"), "POST");
  EXPECT_EQ(event.at("http").at("response").at("status_code"), 503);
  EXPECT_EQ(event.at("url").at("path"), "/payments");
  EXPECT_EQ(session.event_text().find("ada@"), std::string::npos);
  const json span = session.spans().at(0);
  EXPECT_EQ(span.at("status"), 2);
  EXPECT_EQ(span.at("events").at(0).at("message"), "exception");
  try {
    const RequestScope scope(post());
    throw 1;
  } catch (int) {
  }
  EXPECT_EQ(session.events().at(1).at("http").at("response").at("status_code"), 500);
}

TEST(RequestScope, AccessEventsAreMaskedAndBounded) {
  SpanSession session;
  RequestOptions options;
  options.api_log = true;
  options.ignore_response_keys = {"token"};
  RequestView view = post({{"Content-Type", "application/json"}, {"Authorization", "Bearer s3cret-s3cret-s3cret"}, {"User-Agent", "curl/8"}});
  view.body = R"({"customer_name":"Ada Lovelace","amount":5})";
  {
    RequestScope scope(view, options);
    scope.finish(404, R"({"token":"t0psecret","ok":false})", {{"Content-Type", "application/json"}});
  }
  auto events = session.events();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].at("message"), "INBOUND POST /payments");
  EXPECT_EQ(events[0].at("http").at("request").at("body").at("amount"), 5);
  EXPECT_EQ(events[0].at("user_agent").at("original"), "curl/8");
  EXPECT_EQ(events[0].at("event").at("category"), json::array({"web"}));
  EXPECT_EQ(events[1].at("message"), "OUTBOUND POST /payments (404)");
  EXPECT_EQ(events[1].at("log.level"), "warning");
  EXPECT_EQ(events[1].at("event").at("outcome"), "failure");
  EXPECT_EQ(events[1].at("http").at("response").at("body"), json::parse(R"({"ok":false})"));
  for (const char* seed : {"Ada", "s3cret-s3cret", "t0psecret"}) EXPECT_EQ(session.event_text().find(seed), std::string::npos) << seed;
  view.method = "OPTIONS";
  { const RequestScope scope(view, options); }
  EXPECT_EQ(session.events().size(), 2u);
  view.method = "POST";
  const std::string long_body(10'000, 'x');
  view.body = long_body;
  { const RequestScope scope(view, options); }
  EXPECT_EQ(session.events().at(2).at("http").at("request").at("body"), "[10000 bytes, too long]");
}

TEST(ClientAddress, IsBelievedOfTrustedProxiesAlone) {
  const std::vector<std::string> proxies = {"10.0.0.0/8", "2001:db8::1"};
  const Headers forwarded = {{"X-Forwarded-For", "1.2.3.4, 198.51.100.7, 10.1.1.1"}};
  EXPECT_EQ(client_address("203.0.113.9", forwarded, proxies), "203.0.113.9") << "not a proxy of ours";
  EXPECT_EQ(client_address("10.9.9.9", forwarded, proxies), "198.51.100.7") << "the last that is none of ours";
  EXPECT_EQ(client_address("10.9.9.9", {}, proxies), "10.9.9.9");
  EXPECT_EQ(client_address("10.9.9.9", {{"x-real-ip", "198.51.100.8"}}, proxies), "198.51.100.8");
  EXPECT_EQ(client_address("2001:db8::1", {{"Forwarded", "for=192.0.2.60;proto=http, For=\"[2001:db8:cafe::17]:4711\""}}, proxies), "2001:db8:cafe::17");
  EXPECT_EQ(client_address("10.9.9.9", {{"X-Forwarded-For", "rubbish"}}, proxies), "10.9.9.9");
  EXPECT_EQ(client_address("10.9.9.9", {{"X-Forwarded-For", "198.51.100.7:443"}}, proxies), "198.51.100.7");
}

TEST(Handlers, AreTriedAndThenTheEventIsKept) {
  SpanSession session;
  const pii::kit::TemporaryFolder folder;
  pii::ship::DeadLetters letters({folder / "dlq"});
  int calls = 0;
  EXPECT_TRUE(with_retries({.max = 3}, "send_mail", "OrderPlaced", "{}", [&] {
    if (++calls < 3) throw std::runtime_error("not yet");
  }));
  EXPECT_EQ(calls, 3);
  const ScopedContext scope(correlation_id("req-9"));
  EXPECT_FALSE(with_retries({.max = 2, .dead_letters = &letters}, "send_mail", "OrderPlaced", R"({"mail":"ada@example.org"})",
                            [&] { throw std::runtime_error("no server for ada@example.org"); }));
  std::vector<std::string> names;
  for (const json& event : session.events()) names.push_back(event.at("message"));
  EXPECT_EQ(names, (std::vector<std::string>{"handler_failed", "handler_failed", "handler_failed", "handler_failed", "handler_exhausted_retries"}));
  EXPECT_EQ(session.events().at(1).at("extra").at("attempt"), 2);
  EXPECT_EQ(session.events().at(1).at("extra").at("handler"), "send_mail");
  const auto all = pii::ship::DeadLetterFolder(folder / "dlq").read();
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 1u);
  EXPECT_EQ(all->front().correlation_id, "req-9");
  EXPECT_EQ(all->front().retry_count, 2u);
  EXPECT_EQ(all->front().event_data.find("ada@"), std::string::npos);
  EXPECT_EQ(all->front().error_message.find("ada@"), std::string::npos);
  EXPECT_EQ(DomainEvent{}.correlation_id, "req-9");
}

TEST(Handlers, AWrappedJobHasItsMakersTraceAndASpanOfItsOwn) {
  SpanSession session;
  pii::trace::SpanContext made_in;
  auto job = [&] {
    const ScopedContext scope(current_span(pii::trace::new_root()), extra(kv("merchant_id", "acme")));
    made_in = current_context().span();
    return wrap_job("send_mail", [](int n) {
      get_logger("job").info("sent");
      return n + 1;
    });
  }();
  EXPECT_EQ(job(1), 2);
  const json event = session.events().at(0);
  EXPECT_EQ(event.at("trace").at("id"), pii::trace::to_string(made_in.trace_id));
  EXPECT_NE(event.at("span").at("id"), pii::trace::to_string(made_in.span_id));
  EXPECT_EQ(event.at("merchant_id"), "acme");
  EXPECT_EQ(event.at("extra").at("job").at("name"), "send_mail");
}

TEST(Inject, SendsTheCurrentSpan) {
  const ScopedContext scope(current_span(*pii::trace::parse(kTraceparent, "a=b")));
  Headers headers;
  pii::trace::inject([&](std::string_view name, std::string_view value) { headers.emplace_back(name, value); });
  EXPECT_EQ(headers, (Headers{{"traceparent", kTraceparent}, {"tracestate", "a=b"}}));
}

}  // namespace
