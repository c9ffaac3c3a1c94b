// Requests that libcurl and cpp-httplib send carry the current span.
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <thread>

#include "pii/logging/adapt/curl.hpp"
#include "pii/logging/adapt/httplib.hpp"
#include "unit/logging/span_kit.hpp"

namespace {

using namespace pii::log;
using pii::kit::SpanSession;

// libcurl's memory, which a test may refuse.
thread_local constinit int copies_left = -1;  // texts that may be copied; -1: any number
const bool initialized = curl_global_init_mem(
                             CURL_GLOBAL_DEFAULT, &std::malloc, &std::free, &std::realloc,
                             [](const char* text) -> char* {
                               if (copies_left == 0) return nullptr;
                               if (copies_left > 0) --copies_left;
                               return ::strdup(text);
                             },
                             &std::calloc) == CURLE_OK;

constexpr const char* kParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

class EchoServer {
 public:
  EchoServer() {
    server_.Get("/.*", [this](const httplib::Request& request, httplib::Response& response) {
      traceparent = request.get_header_value("traceparent");
      tracestate = request.get_header_value("tracestate");
      custom = request.get_header_value("X-Mine");
      response.status = request.path == "/missing" ? 404 : 200;
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();
  }
  ~EchoServer() {
    server_.stop();
    thread_.join();
  }
  int port() const { return port_; }
  std::string address() const { return "http://127.0.0.1:" + std::to_string(port_); }

  std::string traceparent, tracestate, custom;  // of the last request; read after its answer

 private:
  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
};

TEST(CurlAdapter, ATracedTransferIsASpanThatTheServerSees) {
  EchoServer server;
  SpanSession session;
  const pii::trace::Tracer tracer;
  const ScopedContext scope(current_span(*pii::trace::parse(kParent, "a=b")));
  CURL* const handle = curl_easy_init();
  ASSERT_NE(handle, nullptr);
  curl_easy_setopt(handle, CURLOPT_URL, (server.address() + "/ok?mail=ada@example.org").c_str());
  curl_slist* mine = curl_slist_append(nullptr, "X-Mine: 1");
  EXPECT_EQ(adapt::traced_perform(tracer, handle, mine), CURLE_OK);
  EXPECT_EQ(server.custom, "1");
  EXPECT_EQ(server.tracestate, "a=b");
  EXPECT_EQ(mine->next, nullptr) << "the caller's list is as it was";
  curl_easy_setopt(handle, CURLOPT_URL, (server.address() + "/missing").c_str());
  EXPECT_EQ(adapt::traced_perform(tracer, handle, nullptr), CURLE_OK);
  curl_easy_setopt(handle, CURLOPT_URL, "http://127.0.0.1:1/");
  EXPECT_NE(adapt::traced_perform(tracer, handle, nullptr), CURLE_OK);
  curl_easy_cleanup(handle);
  curl_slist_free_all(mine);
  const auto spans = session.spans();
  ASSERT_EQ(spans.size(), 3u);
  EXPECT_EQ(spans[0].at("kind"), 3);
  EXPECT_EQ(spans[0].at("parent_span_id"), "b7ad6b7169203331");
  EXPECT_EQ(spans[0].at("attributes").at("http.response.status_code"), 200);
  EXPECT_EQ(spans[0].at("status"), 0);
  EXPECT_EQ(server.traceparent, "00-0af7651916cd43dd8448eb211c80319c-" + spans[1].at("span_id").get<std::string>() + "-01");
  EXPECT_EQ(spans[1].at("attributes").at("error.type"), "404");
  EXPECT_EQ(spans[1].at("status"), 2);
  EXPECT_EQ(spans[2].at("attributes").at("error.type"), "curl_7");
  EXPECT_EQ(session.text().find("ada@"), std::string::npos);
}

TEST(CurlAdapter, NoRequestIsSentWithoutOneOfItsHeaders) {
  ASSERT_TRUE(initialized);
  EchoServer server;
  SpanSession session;
  const pii::trace::Tracer tracer;
  CURL* const handle = curl_easy_init();
  ASSERT_NE(handle, nullptr);
  curl_easy_setopt(handle, CURLOPT_URL, (server.address() + "/ok").c_str());
  curl_slist* mine = curl_slist_append(curl_slist_append(nullptr, "Authorization: Bearer x"), "X-Mine: 4");
  for (int copies = 0; copies < 3; ++copies) {  // the second of the caller's, or the span's
    copies_left = copies;
    const CURLcode code = adapt::traced_perform(tracer, handle, mine);
    copies_left = -1;
    EXPECT_EQ(code, CURLE_OUT_OF_MEMORY) << copies;
  }
  EXPECT_EQ(server.custom, "") << "nothing came";
  EXPECT_EQ(adapt::traced_perform(tracer, handle, mine), CURLE_OK);
  EXPECT_EQ(server.custom, "4");
  curl_easy_cleanup(handle);
  curl_slist_free_all(mine);
  EXPECT_EQ(session.spans().at(0).at("attributes").at("error.type"), "curl_27");
}

TEST(CurlAdapter, WithoutASpanNothingIsAdded) {
  curl_slist* headers = nullptr;
  EXPECT_TRUE(adapt::inject(headers));
  EXPECT_EQ(headers, nullptr);
}

TEST(HttplibAdapter, AClientSendsTheCurrentSpanOnce) {
  EchoServer server;
  const ScopedContext scope(current_span(*pii::trace::parse(kParent, "a=b")));
  httplib::Headers headers = {{"traceparent", "old"}, {"X-Mine", "2"}};
  adapt::inject(headers);
  EXPECT_EQ(headers.count("traceparent"), 1u);
  httplib::Client client("127.0.0.1", server.port());
  ASSERT_TRUE(client.Get("/ok", headers));
  EXPECT_EQ(server.traceparent, kParent);
  EXPECT_EQ(server.tracestate, "a=b");
  EXPECT_EQ(server.custom, "2");
}

TEST(HttplibAdapter, AStateOfAnotherParentDoesNotStay) {
  const ScopedContext scope(current_span(*pii::trace::parse(kParent)));
  httplib::Headers headers = {{"Traceparent", "old"}, {"tracestate", "old=1"}};
  adapt::inject(headers);
  EXPECT_EQ(headers.size(), 1u);
  EXPECT_EQ(headers.find("traceparent")->second, kParent);
}

TEST(CurlAdapter, TheCallersOwnTraceHeadersAreLeftOut) {
  EchoServer server;
  SpanSession session;
  const pii::trace::Tracer tracer;
  const ScopedContext scope(current_span(*pii::trace::parse(kParent)));
  CURL* const handle = curl_easy_init();
  ASSERT_NE(handle, nullptr);
  curl_easy_setopt(handle, CURLOPT_URL, (server.address() + "/ok").c_str());
  curl_slist* mine = nullptr;
  for (const char* header : {"Traceparent: old", "X-Mine: 3", "tracestate: old=1"}) mine = curl_slist_append(mine, header);
  EXPECT_EQ(adapt::traced_perform(tracer, handle, mine), CURLE_OK);
  curl_easy_cleanup(handle);
  curl_slist_free_all(mine);
  EXPECT_EQ(server.traceparent, "00-0af7651916cd43dd8448eb211c80319c-" + session.spans().at(0).at("span_id").get<std::string>() + "-01");
  EXPECT_EQ(server.tracestate, "");
  EXPECT_EQ(server.custom, "3");
}

}  // namespace
