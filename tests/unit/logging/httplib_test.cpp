// A server of cpp-httplib with a request scope for every request.
#include <gtest/gtest.h>

#include <thread>

#include "pii/logging/adapt/httplib.hpp"
#include "unit/logging/span_kit.hpp"

namespace {

using namespace pii::log;
using pii::kit::SpanSession;

TEST(HttplibAdapter, RequestsHaveTheirScopes) {
  SpanSession session;
  const pii::trace::Tracer tracer;
  httplib::Server server;
  RequestOptions options;
  options.tracer = &tracer;
  options.api_log = true;
  adapt::instrument(server, options);
  server.Post("/pay", [](const httplib::Request& request, httplib::Response& response) {
    adapt::current_request()->authenticated(7);
    get_logger("shop").info("paid", kv("note", request.body));
    response.set_content(R"({"mail":"ada@example.org"})", "application/json");
  });
  server.Get("/fail", [](const httplib::Request&, httplib::Response&) { throw std::runtime_error("no ada@example.org"); });
  const int port = server.bind_to_any_port("127.0.0.1");
  std::thread thread([&] { server.listen_after_bind(); });
  {
    httplib::Client client("127.0.0.1", port);
    const auto paid = client.Post("/pay", {{"traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}, {"X-Correlation-ID", "req-7"}},
                                  "mail ada@example.org", "text/plain");
    ASSERT_TRUE(paid);
    EXPECT_EQ(paid->status, 200);
    EXPECT_EQ(paid->get_header_value("X-Correlation-ID"), "req-7");
    const auto failed = client.Get("/fail");
    ASSERT_TRUE(failed);
    EXPECT_EQ(failed->status, 500);
    EXPECT_EQ(client.Get("/nowhere")->status, 404);
  }
  server.stop();
  thread.join();
  std::vector<std::string> names;
  for (const auto& event : session.events()) names.push_back(event.at("message"));
  EXPECT_EQ(names, (std::vector<std::string>{"INBOUND POST /pay", "paid", "OUTBOUND POST /pay (200)", "INBOUND GET /fail", "unhandled_exception",
                                             "OUTBOUND GET /fail (500)", "INBOUND GET /nowhere", "OUTBOUND GET /nowhere (404)"}));
  const auto paid = session.events().at(1);
  EXPECT_EQ(paid.at("trace").at("id"), "0af7651916cd43dd8448eb211c80319c");
  EXPECT_EQ(paid.at("user").at("id"), 7);
  EXPECT_EQ(session.event_text().find("ada@"), std::string::npos);
  const auto spans = session.spans();
  ASSERT_EQ(spans.size(), 3u);
  EXPECT_EQ(spans[0].at("parent_span_id"), "b7ad6b7169203331");
  EXPECT_EQ(spans[1].at("status"), 2);
  EXPECT_EQ(spans[2].at("attributes").at("http.response.status_code"), 404);
}

}  // namespace
