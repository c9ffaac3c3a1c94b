// flush() and shutdown() end at their deadline, whatever a receiver does; and no timer looks at the wall clock.
#include <gtest/gtest.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <thread>

#include "kit/scripted_server.hpp"
#include "pii/logging/receivers.hpp"
#include "unit/logging/logging_session.hpp"
#include "unit/logging/ship_kit.hpp"

namespace {

using namespace pii::ship;
using namespace pii::log;
using namespace std::chrono_literals;
using pii::kit::Bench;
using pii::kit::ScriptedRequest;
using pii::kit::ScriptedResponse;
using pii::kit::ScriptedServer;
using pii::kit::accounted;
using pii::kit::status;

constexpr auto kDeadline = 100ms;
constexpr auto kMore = 50ms;

// A busy machine may delay one end, and even several; what the library itself waits too long, it waits each time.
void expect_at_the_deadline(const std::function<std::chrono::nanoseconds()>& end) {
  std::chrono::nanoseconds least = std::chrono::hours(1);
  for (int attempt = 0; attempt < 20 && least > kDeadline + kMore; ++attempt) {
    const auto took = end();
    EXPECT_GE(took, kDeadline - 5ms) << "something was to be waited for";
    least = std::min(least, took);
  }
  EXPECT_LE(least, kDeadline + kMore);
}

std::chrono::nanoseconds time_of(const std::function<void()>& what) {
  const auto start = std::chrono::steady_clock::now();
  what();
  return std::chrono::steady_clock::now() - start;
}

Options hasty() {
  Options options;
  options.batch.max_age = 1ms;
  options.timeout = 60s;
  return options;
}

/// Logs to `sinks`, and ends the session while what was logged is on its way.
std::chrono::nanoseconds end_of(const std::vector<std::shared_ptr<Sink>>& sinks, std::size_t line = 10, int count = 50) {
  Configuration configuration;
  for (const auto& sink : sinks) configuration.outputs.push_back(Output{sink});
  Session session = pii::kit::start(std::move(configuration));
  const std::string text(line, 'x');
  for (int i = 0; i < count; ++i) get_logger("x").info("e", kv("text", text));
  std::this_thread::sleep_for(20ms);
  return time_of([&] { EXPECT_FALSE(session.shutdown(kDeadline)); });
}

TEST(Deadline, OfAServerThatHangs) {
  ScriptedServer server([](const ScriptedRequest&) { return ScriptedResponse{.delay = 60s}; }, ScriptedServer::Certificate::none);
  expect_at_the_deadline([&] {
    const auto shipper = *http_batch({.url = server.address() + "/"}, hasty());
    const auto took = end_of({shipper});
    EXPECT_TRUE(accounted(shipper->shipping()));
    EXPECT_EQ(shipper->shipping().queued, 0u);
    return took;
  });
}

TEST(Deadline, OfAServerWhoseAnswerDrips) {
  ScriptedServer server([](const ScriptedRequest&) { return ScriptedResponse{.body = std::string(10'000, 'x'), .drip = 20ms}; },
                        ScriptedServer::Certificate::none);
  expect_at_the_deadline([&] { return end_of({*http_batch({.url = server.address() + "/"}, hasty())}); });
}

/// Takes connections and reads nothing.
class DeafServer {
 public:
  DeafServer() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    place_.sin_family = AF_INET;
    place_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof place_;
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&place_), size), 0);
    EXPECT_EQ(::listen(listener_, 64), 0);
    EXPECT_EQ(::getsockname(listener_, reinterpret_cast<sockaddr*>(&place_), &size), 0);
  }
  ~DeafServer() { ::close(listener_); }
  std::uint16_t port() const { return ntohs(place_.sin_port); }

 private:
  int listener_;
  sockaddr_in place_{};
};

TEST(Deadline, OfAReceiverThatReadsNothing) {
  const DeafServer server;
  expect_at_the_deadline([&] { return end_of({*logstash({"127.0.0.1", server.port(), false}, hasty())}, 60'000, 300); });
}

TEST(Deadline, OfAHandshakeThatNeverEnds) {
  const DeafServer server;
  // Its own authority: the system's takes libcurl some 20 ms to load, in which nothing ends it.
  const ScriptedServer authority({}, ScriptedServer::Certificate::good, ScriptedServer::Speaks::nothing);
  Options options = hasty();
  options.tls.ca_path = authority.ca_path();
  expect_at_the_deadline([&] { return end_of({*logstash({"127.0.0.1", server.port(), true}, options)}); });
}

TEST(Deadline, OfAPipeNobodyReadsBesideAServerThatHangs) {
  ScriptedServer server([](const ScriptedRequest&) { return ScriptedResponse{.delay = 60s}; }, ScriptedServer::Certificate::none);
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const std::string full(1 << 20, 'x');
  ::fcntl(ends[1], F_SETFL, O_NONBLOCK);
  while (::write(ends[1], full.data(), full.size()) > 0) {
  }
  expect_at_the_deadline([&] {
    return end_of({make_descriptor_sink(ends[1], {.bytes = 1 << 20, .interval = 1h}), *http_batch({.url = server.address() + "/"}, hasty())});
  });
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(Deadline, FlushReturnsAtItToo) {
  ScriptedServer server([](const ScriptedRequest&) { return ScriptedResponse{.delay = 60s}; }, ScriptedServer::Certificate::none);
  Configuration configuration;
  configuration.outputs = {Output{*http_batch({.url = server.address() + "/"}, hasty())}};
  Session session = pii::kit::start(std::move(configuration));
  get_logger("x").info("e");
  expect_at_the_deadline([&] { return time_of([&] { EXPECT_FALSE(session.flush(kDeadline)); }); });
  session.shutdown(1ms);
}

// Batches, backoff and Retry-After are of the steady clock; the wall clock is in ids and dead letters alone.
TEST(Clocks, JumpsOfTheWallClockChangeNothing) {
  for (const auto jump : {std::chrono::hours(-24 * 3650), std::chrono::hours(24 * 3650)}) {
    Options options;
    options.batch.max_records = 5;
    Bench bench(options);
    bench.script->answers = {status(503), status(429, 20s)};
    bench.write(3);
    bench.clock.jump_wall(jump);
    const Steady begin = bench.clock.now();
    bench.run();
    EXPECT_EQ(bench.counts().sent, 3u);
    EXPECT_LT(bench.clock.now() - begin, 25s);
    EXPECT_GE(bench.clock.now() - begin, 20s);
    bench.write(5);
    bench.clock.jump_wall(-2 * jump);
    bench.shipper->pump();
    EXPECT_EQ(bench.counts().sent, 8u) << "a full batch waits for nothing";
    EXPECT_TRUE(accounted(bench.counts()));
  }
}

}  // namespace
