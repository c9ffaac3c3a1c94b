// What a log call costs its caller while the receiver takes connections and reads nothing: not the average but the worst of them, beside
// spdlog's asynchronous logger in front of a sink that hangs. Each call is timed by itself; an empty one is the clock's share.
#include <benchmark/benchmark.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <vector>

#include "pii/logging/log.hpp"
#include "pii/logging/receivers.hpp"

#ifdef PII_BENCH_SPDLOG
#include <spdlog/async.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#endif

namespace {

using namespace pii::log;

constexpr int kCalls = 1'000'000;

template <class Call>
void time_each(benchmark::State& state, Call call) {
  std::vector<std::chrono::nanoseconds::rep> took;
  took.reserve(kCalls);
  for (auto _ : state) {
    const auto start = std::chrono::steady_clock::now();
    call();
    took.push_back(std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - start).count());
  }
  std::sort(took.begin(), took.end());
  const auto part = [&](double share) { return static_cast<double>(took[static_cast<std::size_t>(share * static_cast<double>(took.size() - 1))]); };
  state.counters["p50"] = part(0.5);
  state.counters["p99"] = part(0.99);
  state.counters["p99.9"] = part(0.999);
  state.counters["max"] = part(1);
}

/// A listener whose connections nobody reads.
class DeafServer {
 public:
  DeafServer() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof place;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&place), size) != 0 || ::listen(listener_, 8) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&place), &size) != 0) {
      std::abort();
    }
    port_ = ntohs(place.sin_port);
  }
  ~DeafServer() { ::close(listener_); }
  std::uint16_t port() const { return port_; }

 private:
  int listener_;
  std::uint16_t port_ = 0;
};

void clock_alone(benchmark::State& state) {
  time_each(state, [] {});
}
BENCHMARK(clock_alone)->Iterations(kCalls);

void receiver_hangs(benchmark::State& state) {
  const DeafServer server;
  pii::ship::Options options;
  options.timeout = std::chrono::hours(1);
  Configuration configuration;
  configuration.outputs = {Output{*pii::ship::logstash({"127.0.0.1", server.port(), false}, options)}};
  auto session = init(std::move(configuration));
  if (!session) std::abort();
  const Logger log = get_logger("bench");
  time_each(state, [&] {
    log.info("payment_processed", kv("amount", 100), kv("currency", "KWD"), kv("order_id", "ord-2f7c19"), kv("attempt", 2), kv("ratio", 0.25),
             kv("cached", true));
  });
  const SinkCounts counts = session->stats().outputs[0];
  state.counters["dropped"] = static_cast<double>(counts.dropped);
  session->shutdown(std::chrono::milliseconds(0));
}
BENCHMARK(receiver_hangs)->Iterations(kCalls);

#ifdef PII_BENCH_SPDLOG
/// Takes the first message and keeps its thread until it is let go.
class HangingSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  void let_go() {
    const std::lock_guard lock(gate_);
    open_ = true;
    changed_.notify_all();
  }

 private:
  void sink_it_(const spdlog::details::log_msg&) override {
    std::unique_lock lock(gate_);
    changed_.wait(lock, [&] { return open_; });
  }
  void flush_() override {}
  std::mutex gate_;
  std::condition_variable changed_;
  bool open_ = false;
};

void peer_spdlog_hangs(benchmark::State& state) {
  const auto sink = std::make_shared<HangingSink>();
  const auto pool = std::make_shared<spdlog::details::thread_pool>(100'000, 1);
  spdlog::async_logger log("bench", sink, pool, spdlog::async_overflow_policy::overrun_oldest);
  time_each(state, [&] {
    log.info(R"("message":"payment_processed","amount":{},"currency":"{}","order_id":"{}","attempt":{},"ratio":{},"cached":{})", 100, "KWD",
             "ord-2f7c19", 2, 0.25, true);
  });
  sink->let_go();
}
BENCHMARK(peer_spdlog_hangs)->Iterations(kCalls);
#endif

}  // namespace
