// A log call with six fields: what it costs the caller, what of that is encoding and masking, beside spdlog where it is here.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <memory>
#include <optional>
#include <string>

#include "encode/encoder.hpp"
#include "kit/masking.hpp"
#include "pii/logging/log.hpp"

#ifdef PII_BENCH_SPDLOG
#include <ctime>

#include <nlohmann/json.hpp>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>
#endif

namespace {

using namespace pii::log;

constexpr std::string_view kOrder = "ord-2f7c19";

template <class... More>
void six_fields(const Logger& log, const More&... more) {
  log.info("payment_processed", kv("amount", 100), kv("currency", "KWD"), kv("order_id", kOrder), kv("attempt", 2), kv("ratio", 0.25),
           kv("cached", true), more...);
}

/// Takes lines and forgets them: the caller's cost without the system's.
class NullSink final : public Sink {
 public:
  void write(const MaskedLine& line) noexcept override { benchmark::DoNotOptimize(line.text().data()); }
  bool flush(std::chrono::milliseconds) noexcept override { return true; }
  SinkCounts counts() const noexcept override { return {}; }
};

Session session_with(std::shared_ptr<Sink> sink, pii::MaskKeys keys = {}) {
  Configuration configuration;
  configuration.keys = std::move(keys);
  configuration.outputs = {Output{std::move(sink), Format::ecs, Level::trace, false}};
  auto session = init(std::move(configuration));
  if (!session) std::abort();
  return *std::move(session);
}

void disabled(benchmark::State& state) {
  const Session session = session_with(std::make_shared<NullSink>());
  const Logger log = get_logger("bench");
  for (auto _ : state) log.debug("not_enabled", kv("amount", 100), kv("currency", "KWD"));
}
BENCHMARK(disabled);

void encode_six_fields(benchmark::State& state) {
  const Encoder encoder{Configuration{}};
  EventTree tree;
  std::string line;
  for (auto _ : state) {
    const Field fields[] = {kv("amount", 100), kv("currency", "KWD"), kv("order_id", kOrder), kv("attempt", 2), kv("ratio", 0.25),
                            kv("cached", true)};
    Event event;
    event.time = std::chrono::system_clock::now();
    event.logger = "bench";
    event.name = "payment_processed";
    event.fields = fields;
    line.clear();
    encoder.ecs(event, tree, nullptr, line);
    benchmark::DoNotOptimize(line.data());
  }
  state.counters["line"] = static_cast<double>(line.size());
}
BENCHMARK(encode_six_fields);

void mask_six_fields(benchmark::State& state) {
  const Encoder encoder{Configuration{}};
  EventTree tree;
  std::string line;
  std::string out;
  const Field fields[] = {kv("amount", 100), kv("currency", "KWD"), kv("order_id", kOrder), kv("attempt", 2), kv("ratio", 0.25),
                          kv("cached", true)};
  Event event;
  event.name = "payment_processed";
  event.fields = fields;
  encoder.ecs(event, tree, nullptr, line);
  pii::Masker masker(*pii::MaskPolicy::compile(*pii::PolicySpec::profile("default")), {});
  for (auto _ : state) {
    out.clear();
    masker.mask_lines(line, out);
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(mask_six_fields);

void log_six_fields(benchmark::State& state) {
  const Session session = session_with(std::make_shared<NullSink>());
  const Logger log = get_logger("bench");
  for (auto _ : state) six_fields(log);
}
BENCHMARK(log_six_fields);

void log_six_fields_and_an_email(benchmark::State& state) {
  const Session session = session_with(std::make_shared<NullSink>());
  const Logger log = get_logger("bench");
  for (auto _ : state) six_fields(log, kv("mail", "ada@example.com"));
}
BENCHMARK(log_six_fields_and_an_email);

// A token a line, each of another address, to the same file as the peers.
void log_six_fields_and_other_emails(benchmark::State& state) {
  const Session session = session_with(make_file_sink("/dev/null"), {pii::kit::masking_provider(), pii::kit::test_environment(), false});
  const Logger log = get_logger("bench");
  char mail[] = "ada00000@example.com";
  for (std::uint32_t n = 0; auto _ : state) {
    std::uint32_t rest = ++n;
    for (int i = 7; i > 2; --i, rest /= 10) mail[i] = static_cast<char>('0' + rest % 10);
    six_fields(log, kv("mail", mail));
  }
}
BENCHMARK(log_six_fields_and_other_emails);

void log_six_fields_to_dev_null(benchmark::State& state) {
  const Session session = session_with(make_file_sink("/dev/null"));
  const Logger log = get_logger("bench");
  for (auto _ : state) six_fields(log);
}
BENCHMARK(log_six_fields_to_dev_null);

// What a request's events carry: the logger's own fields, a span, a user, a session; every 16 lines another request.
void log_six_fields_in_requests_to_dev_null(benchmark::State& state) {
  const Session session = session_with(make_file_sink("/dev/null"));
  const Logger log = get_logger("bench").bind(kv("tenant", "acme"), kv("shard", 3));
  std::uint32_t n = 0;
  std::optional<ScopedContext> request;
  for (auto _ : state) {
    if (n++ % 16 == 0) {
      request.reset();
      request.emplace(current_span(pii::trace::new_root()), user_id("u-2041"), session_id("s-77ab"), labels(kv("region", "eu-1")));
    }
    six_fields(log);
  }
}
BENCHMARK(log_six_fields_in_requests_to_dev_null);

#ifdef PII_BENCH_SPDLOG
void peer_spdlog_to_dev_null(benchmark::State& state) {
  const auto sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>("/dev/null");
  spdlog::logger log("bench", sink);
  log.set_pattern(R"({"@timestamp":"%Y-%m-%dT%H:%M:%S.%eZ","log.level":"%l","log.logger":"%n",%v})");
  for (auto _ : state) {
    log.info(R"("message":"payment_processed","amount":{},"currency":"{}","order_id":"{}","attempt":{},"ratio":{},"cached":{})", 100, "KWD",
             kOrder, 2, 0.25, true);
  }
}
BENCHMARK(peer_spdlog_to_dev_null);

// What a program does that has spdlog and wants ECS: a document a line.
void peer_nlohmann_and_spdlog_to_dev_null(benchmark::State& state) {
  const auto sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>("/dev/null");
  spdlog::logger log("bench", sink);
  log.set_pattern("%v");
  for (auto _ : state) {
    char time[32];
    const std::time_t now = std::time(nullptr);
    std::tm utc = {};
    ::gmtime_r(&now, &utc);
    std::strftime(time, sizeof time, "%Y-%m-%dT%H:%M:%S.000Z", &utc);
    const nlohmann::ordered_json line = {
        {"@timestamp", time}, {"log.level", "info"}, {"message", "payment_processed"}, {"log.logger", "bench"}, {"ecs.version", "1.12.0"},
        {"extra", {{"amount", 100}, {"currency", "KWD"}, {"order_id", kOrder}, {"attempt", 2}, {"ratio", 0.25}, {"cached", true}, {"mail", "ada@example.com"}}},
        {"service", {{"name", "app"}, {"version", "0.0.0"}}}, {"project", {{"name", "connect"}}}};
    log.info(line.dump());
  }
}
BENCHMARK(peer_nlohmann_and_spdlog_to_dev_null);
#endif

}  // namespace
