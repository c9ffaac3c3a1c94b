// A server and a client of Boost.Beast over loopback: a scope for every request, and its span on the way out.
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <thread>

#include "pii/logging/adapt/beast.hpp"
#include "unit/logging/span_kit.hpp"

namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using tcp = boost::asio::ip::tcp;
using namespace pii::log;
using pii::kit::SpanSession;
using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;

Response handle(const Request& request, RequestScope& scope) {
  if (request.target() == "/fail") throw std::runtime_error("no ada@example.org");
  scope.authenticated(7);
  get_logger("shop").info("paid", kv("note", request.body()));
  Response response(http::status::created, request.version());
  response.set(http::field::content_type, "application/json");
  response.body() = R"({"mail":"ada@example.org"})";
  response.prepare_payload();
  return response;
}

/// Serves one connection until it ends.
void serve_connection(tcp::socket socket, const RequestOptions& options) {
  beast::flat_buffer buffer;
  beast::error_code failed;
  const std::string remote = socket.remote_endpoint().address().to_string();
  for (;;) {
    Request request;
    http::read(socket, buffer, request, failed);
    if (failed) return;
    const Response response = adapt::serve(request, remote, options, handle, request.target() == "/pay" ? "/pay" : "");
    http::write(socket, response, failed);
    if (failed) return;
  }
}

Response exchange(tcp::socket& socket, Request request) {
  request.set(http::field::host, "localhost");
  request.prepare_payload();
  http::write(socket, request);
  beast::flat_buffer buffer;
  Response response;
  http::read(socket, buffer, response);
  return response;
}

TEST(BeastAdapter, RequestsHaveTheirScopes) {
  SpanSession session;
  const pii::trace::Tracer tracer;
  RequestOptions options;
  options.tracer = &tracer;
  options.api_log = true;
  boost::asio::io_context io;
  tcp::acceptor acceptor(io, {boost::asio::ip::make_address("127.0.0.1"), 0});
  std::thread server([&] { serve_connection(acceptor.accept(), options); });
  {
    tcp::socket socket(io);
    socket.connect(acceptor.local_endpoint());
    Request pay(http::verb::post, "/pay", 11);
    pay.set(http::field::content_type, "text/plain");
    pay.set("X-Correlation-ID", "req-7");
    pay.body() = "mail ada@example.org";
    std::string sent;
    {
      // What the client sends is the span it is in, and not what stood there before.
      pay.set("traceparent", "00-11111111111111111111111111111111-2222222222222222-01");
      const ScopedContext scope(current_span(*pii::trace::parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "a=b")));
      adapt::inject(pay);
    }
    EXPECT_EQ(pay.count("traceparent"), 1u);
    EXPECT_EQ(pay["tracestate"], "a=b");
    const Response paid = exchange(socket, pay);
    EXPECT_EQ(paid.result(), http::status::created);
    EXPECT_EQ(paid["X-Correlation-ID"], "req-7");
    const Response failed = exchange(socket, Request(http::verb::get, "/fail", 11));
    EXPECT_EQ(failed.result_int(), 500u);
    EXPECT_EQ(failed["X-Correlation-ID"].size(), 32u);
    EXPECT_TRUE(failed.keep_alive());
    EXPECT_EQ(exchange(socket, Request(http::verb::get, "/again", 11)).result(), http::status::created) << "the connection goes on";
  }
  server.join();
  std::vector<std::string> names;
  for (const auto& event : session.events()) names.push_back(event.at("message"));
  EXPECT_EQ(names, (std::vector<std::string>{"INBOUND POST /pay", "paid", "OUTBOUND POST /pay (201)", "INBOUND GET /fail", "unhandled_exception",
                                             "OUTBOUND GET /fail (500)", "INBOUND GET /again", "paid", "OUTBOUND GET /again (201)"}));
  const auto paid = session.events().at(1);
  EXPECT_EQ(paid.at("trace").at("id"), "0af7651916cd43dd8448eb211c80319c");
  EXPECT_EQ(paid.at("user").at("id"), 7);
  EXPECT_EQ(paid.at("client").at("ip").get<std::string>().empty(), false);
  EXPECT_EQ(session.event_text().find("ada@"), std::string::npos);
  const auto spans = session.spans();
  ASSERT_EQ(spans.size(), 3u);
  EXPECT_EQ(spans[0].at("message"), "POST /pay");
  EXPECT_EQ(spans[0].at("parent_span_id"), "b7ad6b7169203331");
  EXPECT_EQ(spans[0].at("attributes").at("http.response.status_code"), 201);
  EXPECT_EQ(spans[1].at("status"), 2);
}

TEST(BeastAdapter, AStateOfAnotherParentDoesNotStay) {
  Request request(http::verb::get, "/", 11);
  request.set("traceparent", "old");
  request.set("tracestate", "old=1");
  adapt::inject(request);
  EXPECT_EQ(request["tracestate"], "old=1") << "without a span nothing is replaced";
  const std::string parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const ScopedContext scope(current_span(*pii::trace::parse(parent)));
  adapt::inject(request);
  EXPECT_EQ(request["traceparent"], parent);
  EXPECT_EQ(request.count("tracestate"), 0u);
}

TEST(BeastAdapter, BodiesThatAreNoTextAreLeftAlone) {
  SpanSession session;
  RequestOptions options;
  options.api_log = true;
  const auto empty = [](const auto& request, RequestScope&) { return http::response<http::empty_body>(http::status::no_content, request.version()); };
  const auto response = adapt::serve(http::request<http::empty_body>(http::verb::delete_, "/x", 11), "127.0.0.1", options, empty);
  EXPECT_EQ(response.result(), http::status::no_content);
  EXPECT_EQ(session.events().at(1).at("message"), "OUTBOUND DELETE /x (204)");
}

}  // namespace
