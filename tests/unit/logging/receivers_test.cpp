// Receivers over real sockets: what goes over the wire, what every answer does, and that nothing waits longer than it may.
#include <gtest/gtest.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <sstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "kit/effort.hpp"
#include "kit/scripted_server.hpp"
#include "pii/logging/receivers.hpp"
#include "unit/logging/logging_session.hpp"
#include "unit/logging/ship_kit.hpp"

namespace {

using namespace pii::ship;
using namespace pii::log;
using namespace std::chrono_literals;
using pii::kit::ScriptedRequest;
using pii::kit::ScriptedResponse;
using pii::kit::ScriptedServer;
using pii::kit::accounted;
using nlohmann::json;

std::string gunzip(const std::string& packed) {
  std::string out(1 << 20, '\0');
  z_stream stream = {};
  EXPECT_EQ(inflateInit2(&stream, 16 + MAX_WBITS), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}
std::string body_of(const ScriptedRequest& request) {
  const auto encoding = request.headers.find("content-encoding");
  return encoding != request.headers.end() && encoding->second == "gzip" ? gunzip(request.body) : request.body;
}

Options quick(Options options = {}) {
  options.batch.max_age = 10ms;
  options.retry.initial = 5ms;
  options.retry.max = 20ms;
  options.timeout = 5s;
  return options;
}

Session session_of(const std::shared_ptr<Shipper>& shipper) {
  Configuration configuration;
  configuration.outputs = {Output{shipper}};
  return pii::kit::start(std::move(configuration));
}

std::shared_ptr<Shipper> made(pii::Result<std::shared_ptr<Shipper>> shipper) {
  EXPECT_TRUE(shipper) << (shipper ? "" : shipper.error().message());
  return *std::move(shipper);
}

std::string bulk_answer(const ScriptedRequest& request, std::size_t) {
  json items = json::array();
  const std::string body = body_of(request);
  for (std::size_t i = 0; i < pii::kit::line_count(body) / 2; ++i) items.push_back({{"create", {{"status", 201}}}});
  return json{{"took", 1}, {"errors", false}, {"items", items}}.dump();
}

TEST(Elasticsearch, CreatesMaskedDocumentsWithIdsOfOurs) {
  ScriptedServer server([](const ScriptedRequest& request) { return ScriptedResponse{200, bulk_answer(request, 0)}; });
  Options options = quick();
  options.tls.ca_path = server.ca_path();
  auto shipper = made(elasticsearch({.url = server.address() + "/", .credentials = Credentials::api_key("bXkta2V5"),
                                     .stream = "logs-shop-production", .pipeline = "common logs"}, options));
  {
    Session session = session_of(shipper);
    for (int i = 0; i < 5; ++i) get_logger("shop").info("paid", kv("i", i), kv("note", "mail ada@example.org"));
    get_logger("shop").info("stays_here", kv("x", 1), local_only);
    EXPECT_TRUE(session.flush(5s));
    EXPECT_EQ(shipper->shipping().sent, 5u);
    EXPECT_EQ(session.stats().outputs[0].written, 5u);
    EXPECT_EQ(session.stats().accepted, 6u);
  }
  ASSERT_FALSE(server.requests().empty());
  std::set<std::string> ids;
  std::size_t documents = 0;
  for (const ScriptedRequest& request : server.requests()) {
    EXPECT_EQ(request.path, "/_bulk?pipeline=common%20logs");
    EXPECT_EQ(request.headers.at("authorization"), "ApiKey bXkta2V5");
    EXPECT_EQ(request.headers.at("content-type"), "application/x-ndjson");
    EXPECT_EQ(request.headers.at("content-encoding"), "gzip");
    std::istringstream lines(body_of(request));
    for (std::string action, document; std::getline(lines, action) && std::getline(lines, document); ++documents) {
      const json create = json::parse(action).at("create");
      EXPECT_EQ(create.at("_index"), "logs-shop-production");
      ids.insert(create.at("_id").get<std::string>());
      const json event = json::parse(document);
      EXPECT_EQ(event.at("message"), "paid");
      EXPECT_EQ(document.find("ada@"), std::string::npos);
    }
  }
  EXPECT_EQ(documents, 5u);
  EXPECT_EQ(ids.size(), 5u);
}

TEST(Elasticsearch, CloudIdsAreAddresses) {
  // host$es$kibana; with a port; with a port of the Elasticsearch alone.
  EXPECT_EQ(*parse_cloud_id("my-deployment:dXMtZWFzdC0xLmF3cy5mb3VuZC5pbyRhYmMkZGVm"), "https://abc.us-east-1.aws.found.io:443");
  EXPECT_EQ(*parse_cloud_id("x:ZXhhbXBsZS5jb206OTI0MyRhYmMkZGVm"), "https://abc.example.com:9243");
  EXPECT_EQ(*parse_cloud_id("x:ZXhhbXBsZS5jb20kYWJjOjkyNDQ="), "https://abc.example.com:9244");
  for (const char* bad : {"", "x:", "x:!!!!", "x:YWJj", "x:JGFiYw", "x:YSRiIGM", "name"}) EXPECT_FALSE(parse_cloud_id(bad)) << bad;
}

TEST(Receivers, RefuseAddressesThatAreNone) {
  const auto code = [](const pii::Result<std::shared_ptr<Shipper>>& result) {
    return result ? pii::ErrorCode::internal : result.error().code();
  };
  const auto wrong = pii::ErrorCode::invalid_setting;
  for (const char* url : {"", "ftp://x", "https://", "https://a b", "https://u:p@host", "http://host\n"}) {
    EXPECT_EQ(code(http_batch({.url = url})), wrong) << url;
  }
  EXPECT_EQ(code(http_batch({.url = "http://logs.example/", .credentials = Credentials::bearer("t")})), wrong) << "shows the token";
  EXPECT_EQ(code(elasticsearch({.url = "https://x"})), wrong) << "no stream";
  EXPECT_EQ(code(elasticsearch({.stream = "x"})), wrong) << "no address";
  EXPECT_EQ(code(logstash({})), wrong);
  EXPECT_EQ(code(otlp_logs({.url = "https://x", .headers = {{"X", "a\r\nY: b"}}})), wrong);
  EXPECT_TRUE(http_batch({.url = "http://127.0.0.1:1/ingest", .credentials = Credentials::bearer("t")}));
  EXPECT_EQ(Credentials::bearer("a\nb").authorization(), nullptr);
  const Credentials aladdin = Credentials::basic("Aladdin", "open sesame");
  const auto* basic = aladdin.authorization();
  ASSERT_NE(basic, nullptr);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(basic->expose().data()), basic->size()), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

TEST(HttpBatch, LogiscoutsPayloadGroupsByRequest) {
  ScriptedServer server([](const ScriptedRequest&) { return ScriptedResponse{}; }, ScriptedServer::Certificate::none);
  auto shipper = made(http_batch({.url = server.address() + "/ingest", .credentials = Credentials::bearer("tok")}, quick(http_batch_options())));
  {
    Session session = session_of(shipper);
    {
      const ScopedContext scope(correlation_id("req-1"));
      get_logger("shop").info("begin", kv("http", object(kv("request", object(kv("method", "POST"))))), kv("url", object(kv("path", "/pay"))));
      get_logger("shop").error("failed", err("no money", "PaymentError"), kv("http.response.status_code", 402), kv("event.duration", 1500000));
    }
    const ScopedContext scope(correlation_id("req-2"));
    get_logger("shop").info("other");
    EXPECT_TRUE(session.flush(5s));
  }
  json all = json::array();
  for (const ScriptedRequest& request : server.requests()) {
    EXPECT_EQ(request.headers.at("authorization"), "Bearer tok");
    const json body = json::parse(body_of(request));
    for (const json& payload : body.at("payloads")) all.push_back(payload);
    EXPECT_EQ(body.at("batch_metadata").at("total_requests"), body.at("payloads").size());
    EXPECT_TRUE(body.at("batch_metadata").contains("flushed_at"));
  }
  json first;
  std::size_t logs = 0;
  for (const json& payload : all) {
    logs += payload.at("logs").size();
    if (payload.at("correlationId") == "req-1" && !payload.at("request").at("statusCode").is_null()) first = payload;
  }
  EXPECT_EQ(logs, 3u) << all;
  ASSERT_TRUE(first.is_object()) << all;
  EXPECT_EQ(first.at("request").at("statusCode"), 402);
  EXPECT_EQ(first.at("durationMS"), 1.5);
  const json& failed = first.at("logs").back();
  EXPECT_EQ(failed.at("message"), "failed");
  EXPECT_EQ(failed.at("level"), "error");
  EXPECT_EQ(failed.at("logger_name"), "shop");
  EXPECT_EQ(failed.at("exception").at("type"), "PaymentError");
}

TEST(HttpBatch, ARequestThatGoesOnHasNoEndAndALaterPayloadEndsIt) {
  const auto payload_of = [](const std::string& line) {
    const pii::ship::Record record{1, {}, line + "\n"};
    std::string body;
    logiscout_protocol()->encode({&record, 1}, body);
    return json::parse(body).at("payloads").at(0);
  };
  const json begun = payload_of(R"({"@timestamp":"2026-01-02T03:04:05.000Z","message":"INBOUND","http":{"request":{"method":"GET"}},)"
                                R"("url":{"path":"/pay"},"extra":{"correlation_id":"req-1"}})");
  EXPECT_EQ(begun.at("correlationId"), "req-1");
  EXPECT_EQ(begun.at("startedAt"), "2026-01-02T03:04:05.000Z");
  EXPECT_EQ(begun.at("request").at("method"), "GET");
  for (const char* open : {"endedAt", "durationMS"}) EXPECT_TRUE(begun.at(open).is_null()) << open;
  EXPECT_TRUE(begun.at("request").at("statusCode").is_null());
  const json ended = payload_of(R"({"@timestamp":"2026-01-02T03:04:05.250Z","message":"OUTBOUND","event":{"duration":250000000},)"
                                R"("http":{"response":{"status_code":200}},"extra":{"correlation_id":"req-1"}})");
  EXPECT_EQ(ended.at("correlationId"), "req-1");
  EXPECT_EQ(ended.at("endedAt"), "2026-01-02T03:04:05.250Z");
  EXPECT_EQ(ended.at("durationMS"), 250.0);
  EXPECT_EQ(ended.at("request").at("statusCode"), 200);
}

TEST(Logstash, ALineAnEventOverTcpAndTls) {
  for (const auto certificate : {ScriptedServer::Certificate::none, ScriptedServer::Certificate::good}) {
    ScriptedServer server({}, certificate, ScriptedServer::Speaks::nothing);
    Options options = quick();
    const bool tls = certificate == ScriptedServer::Certificate::good;
    if (tls) options.tls.ca_path = server.ca_path();
    auto shipper = made(logstash({"127.0.0.1", static_cast<std::uint16_t>(server.port()), tls}, options));
    Session session = session_of(shipper);
    for (int i = 0; i < 200; ++i) get_logger("shop").info("line", kv("i", i));
    EXPECT_TRUE(session.flush(5s)) << shipper->shipping().last_error;
    for (int i = 0; i < 500 && pii::kit::line_count(server.received()) < 200; ++i) std::this_thread::sleep_for(5ms);
    // The connection breaks, and the next line comes over another.
    server.break_connections();
    std::this_thread::sleep_for(20ms);
    get_logger("shop").info("again");
    EXPECT_TRUE(session.flush(5s)) << shipper->shipping().last_error;
    for (int i = 0; i < 500 && pii::kit::line_count(server.received()) < 201; ++i) std::this_thread::sleep_for(5ms);
    std::istringstream lines(server.received());
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line); ++count) EXPECT_TRUE(json::accept(line)) << line;
    EXPECT_EQ(count, 201u);
    EXPECT_TRUE(accounted(shipper->shipping()));
  }
}

// TLS tickets lie unread in the sender's socket then: the system resets such a connection when the process ends, and forgets what it has
// not sent yet.
TEST(Logstash, WhatWasSentArrivesThoughTheReceiverIsSlowAndTheProcessEnds) {
  if (pii::kit::kSanitized) GTEST_SKIP() << pii::kit::kNoForkOfThreads;  // the server's, and the child starts one
  ScriptedServer server([](const ScriptedRequest&) { return ScriptedResponse{.delay = 2ms}; }, ScriptedServer::Certificate::good,
                        ScriptedServer::Speaks::nothing);
  const pid_t child = ::fork();
  if (child == 0) {
    Options options = quick();
    options.tls.ca_path = server.ca_path();
    const auto shipper = made(logstash({"127.0.0.1", static_cast<std::uint16_t>(server.port()), true}, options));
    Session session = session_of(shipper);
    std::string text;
    for (int i = 0; i < 3000; ++i) text += "word ";
    for (int i = 0; i < 200; ++i) get_logger("shop").info("line", kv("i", i), kv("text", text));
    ::_exit(session.shutdown(10s) && shipper->shipping().sent == 200 ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  for (int i = 0; i < 500 && pii::kit::line_count(server.received()) < 200; ++i) std::this_thread::sleep_for(5ms);
  EXPECT_EQ(pii::kit::line_count(server.received()), 200u);
}

TEST(Network, UntrustedCertificatesAreNotSpokenTo) {
  for (const auto certificate : {ScriptedServer::Certificate::expired, ScriptedServer::Certificate::wrong_name, ScriptedServer::Certificate::good}) {
    ScriptedServer server([](const ScriptedRequest&) { return ScriptedResponse{}; }, certificate);
    Options options = quick();
    options.retry.max_attempts = 2;
    if (certificate != ScriptedServer::Certificate::good) options.tls.ca_path = server.ca_path();  // the good one is of an unknown authority
    auto shipper = made(http_batch({.url = server.address() + "/"}, options));
    Session session = session_of(shipper);
    get_logger("x").info("e");
    EXPECT_TRUE(session.flush(5s));
    EXPECT_EQ(shipper->shipping().dropped_exhausted, 1u);
    EXPECT_EQ(shipper->shipping().last_error, "no trusted TLS connection");
    EXPECT_TRUE(server.requests().empty());
  }
}

TEST(Network, FaultsAreTriedAgainAndEachLineArrives) {
  std::atomic<int> count{0};
  ScriptedServer server(
      [&](const ScriptedRequest&) {
        switch (count++) {
          case 0: return ScriptedResponse{.reset = true};
          case 1: return ScriptedResponse{.status = 200, .body = "cut short", .cut_at = 3};
          case 2: return ScriptedResponse{.status = 503};
          case 3: return ScriptedResponse{.status = 429, .headers = {"Retry-After: 0"}};
          case 4: return ScriptedResponse{.status = 500, .filler = 20 << 20};
          default: return ScriptedResponse{};
        }
      },
      ScriptedServer::Certificate::none);
  auto shipper = made(http_batch({.url = server.address() + "/", .form = BatchForm::ndjson}, quick()));
  Session session = session_of(shipper);
  for (int i = 0; i < 10; ++i) get_logger("x").info("e", kv("i", i));
  EXPECT_TRUE(session.flush(10s)) << shipper->shipping().last_error;
  const Counts counts = shipper->shipping();
  EXPECT_EQ(counts.sent, 10u);
  EXPECT_GE(counts.failed_requests, 5u);
  EXPECT_TRUE(accounted(counts));
}

TEST(Network, NobodyThereAndNoSuchHost) {
  for (const char* url : {"http://127.0.0.1:1/", "http://no-such-host.invalid/"}) {
    Options options = quick();
    options.retry.max_attempts = 2;
    auto shipper = made(http_batch({.url = url}, options));
    Session session = session_of(shipper);
    get_logger("x").info("e");
    EXPECT_TRUE(session.flush(20s));
    EXPECT_EQ(shipper->shipping().dropped_exhausted, 1u) << shipper->shipping().last_error;
  }
}

// The caller never waits for the network, flush is truthful and bounded, and so is the end.
TEST(Network, AHangingServerHoldsNobody) {
  ScriptedServer server([](const ScriptedRequest&) { return ScriptedResponse{.delay = 60s}; }, ScriptedServer::Certificate::none);
  Options options = quick();
  options.timeout = 60s;
  options.queue.max_records = 1000;
  auto shipper = made(http_batch({.url = server.address() + "/"}, options));
  Session session = session_of(shipper);
  std::vector<std::chrono::nanoseconds> calls;
  for (int i = 0; i < 5000; ++i) {
    const auto start = std::chrono::steady_clock::now();
    get_logger("x").info("e", kv("i", i));
    calls.push_back(std::chrono::steady_clock::now() - start);
  }
  std::sort(calls.begin(), calls.end());
  EXPECT_LT(calls[calls.size() * 99 / 100], 2ms);
  EXPECT_LE(shipper->shipping().queued, 1000u);
  EXPECT_GE(shipper->shipping().dropped_full, 3000u);
  auto start = std::chrono::steady_clock::now();
  EXPECT_FALSE(session.flush(200ms));
  EXPECT_LT(std::chrono::steady_clock::now() - start, 700ms);
  start = std::chrono::steady_clock::now();
  EXPECT_FALSE(session.shutdown(200ms));
  EXPECT_LT(std::chrono::steady_clock::now() - start, 1s);
  EXPECT_TRUE(accounted(shipper->shipping()));
  EXPECT_EQ(shipper->shipping().queued, 0u);
}

// A server that takes the connection and reads nothing.
TEST(Network, AReceiverOfLinesThatReadsNothing) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof place;
  ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&place), size), 0);
  ASSERT_EQ(::listen(listener, 1), 0);
  ASSERT_EQ(::getsockname(listener, reinterpret_cast<sockaddr*>(&place), &size), 0);
  Options options = quick();
  options.timeout = 60s;
  auto shipper = made(logstash({"127.0.0.1", ntohs(place.sin_port), false}, options));
  Session session = session_of(shipper);
  const std::string text(60'000, 'x');
  for (int i = 0; i < 300; ++i) get_logger("x").info("e", kv("text", text));
  const auto start = std::chrono::steady_clock::now();
  EXPECT_FALSE(session.shutdown(300ms));
  EXPECT_LT(std::chrono::steady_clock::now() - start, 1500ms);
  EXPECT_TRUE(accounted(shipper->shipping()));
  ::close(listener);
}

TEST(Network, DropsAreToldInTheLog) {
  ScriptedServer server([](const ScriptedRequest&) { return ScriptedResponse{.delay = 60s}; }, ScriptedServer::Certificate::none);
  const pii::kit::TemporaryFolder folder;
  Options options = quick();
  options.queue.max_records = 2;
  auto shipper = made(http_batch({.url = server.address() + "/"}, options));
  Configuration configuration;
  configuration.outputs = {Output{shipper}, file(folder / "log")};
  Session session = pii::kit::start(std::move(configuration));
  for (int i = 0; i < 50; ++i) get_logger("x").info("e");
  std::string text;
  for (int i = 0; i < 100 && text.find("log_records_dropped") == std::string::npos; ++i) {
    std::this_thread::sleep_for(50ms);
    session.flush(0ms);
    text = pii::kit::read_file(folder / "log");
  }
  const std::size_t at = text.find("log_records_dropped");
  ASSERT_NE(at, std::string::npos);
  EXPECT_EQ(text.find("log_records_dropped", at + 1), std::string::npos) << "told once in ten seconds";
  EXPECT_NE(text.find("\"dropped\":", at), std::string::npos);
  session.shutdown(10ms);
}

TEST(Network, AForkedChildSendsItsOwnAndTheParentsOnce) {
  if (pii::kit::kSanitized) GTEST_SKIP() << pii::kit::kNoForkOfThreads;
  std::mutex mutex;
  std::string all;
  ScriptedServer server(
      [&](const ScriptedRequest& request) {
        const std::lock_guard lock(mutex);
        all += body_of(request);
        return ScriptedResponse{};
      },
      ScriptedServer::Certificate::none);
  auto shipper = made(http_batch({.url = server.address() + "/", .form = BatchForm::ndjson}, quick()));
  Session session = session_of(shipper);
  std::atomic<bool> stop{false};
  std::atomic<int> said{0};
  std::thread busy([&] {
    while (!stop) {
      get_logger("x").info("parent", kv("n", said++));
      std::this_thread::sleep_for(1ms);
    }
  });
  for (int i = 0; i < 10; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      const auto start = std::chrono::steady_clock::now();
      get_logger("x").info("child", kv("n", i));
      const bool sent = session.flush(10s);
      const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
      if (!sent || took > 2s) {
        const Counts counts = shipper->shipping();
        std::fprintf(stderr, "child %d: %lld ms, %llu requests, %llu failed, %s\n", i, static_cast<long long>(took.count()),
                     static_cast<unsigned long long>(counts.requests), static_cast<unsigned long long>(counts.failed_requests),
                     counts.last_error.c_str());
      }
      ::_exit(sent ? 0 : 1);
    }
    int result = 0;
    ::waitpid(child, &result, 0);
    EXPECT_EQ(result, 0);
  }
  stop = true;
  busy.join();
  EXPECT_TRUE(session.shutdown(10s));
  EXPECT_TRUE(accounted(shipper->shipping()));
  std::map<std::string, int> seen;
  std::istringstream lines(all);
  for (std::string line; std::getline(lines, line);) {
    const json event = json::parse(line);
    ++seen[event.at("message").get<std::string>() + std::to_string(event.at("extra").at("n").get<int>())];
  }
  EXPECT_EQ(seen.size(), static_cast<std::size_t>(said) + 10);
  for (const auto& [name, count] : seen) EXPECT_EQ(count, 1) << name;
}

}  // namespace
