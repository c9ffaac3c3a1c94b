// Queue, batches, retries and accounts of a shipper, on virtual time and with an endpoint that does as it is told.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <thread>

#include "ship/backoff.hpp"
#include "ship/gzip.hpp"
#include "unit/logging/ship_kit.hpp"

#include <zlib.h>

namespace {

using namespace pii::ship;
using namespace std::chrono_literals;
using pii::kit::Bench;
using pii::kit::accounted;
using pii::kit::failure;
using pii::kit::status;

TEST(Shipper, SendsWhenABatchIsFullOrOld) {
  Options options;
  options.batch.max_records = 3;
  options.batch.max_age = 30s;
  Bench bench(options);
  bench.write(7);
  bench.shipper->pump();
  bench.shipper->pump();
  EXPECT_EQ(bench.counts().sent, 6u);
  bench.shipper->pump();
  EXPECT_EQ(bench.counts().sent, 6u);
  EXPECT_EQ(bench.counts().queued, 1u);
  bench.clock.advance(30s);
  bench.shipper->pump();
  EXPECT_EQ(bench.counts().sent, 7u);
  ASSERT_EQ(bench.script->bodies.size(), 3u);
  EXPECT_EQ(pii::kit::line_count(bench.script->bodies[0]), 3u);
  EXPECT_NE(bench.script->bodies[2].find("\"m6\""), std::string::npos);
}

TEST(Shipper, ABatchIsBoundedByBytes) {
  Options options;
  options.batch.max_bytes = 1000;
  Bench bench(options);
  bench.write(100);
  bench.run();
  for (const std::string& body : bench.script->bodies) EXPECT_LE(body.size(), 1000u);
  EXPECT_EQ(bench.counts().sent, 100u);
  bench.shipper->write(bench.lines.make(std::string(2000, 'x')));
  EXPECT_EQ(bench.counts().dropped_oversize, 1u);
  EXPECT_TRUE(accounted(bench.counts()));
}

TEST(Shipper, AFullQueueDropsWhatItsPolicySays) {
  for (const Overflow policy : {Overflow::drop_new, Overflow::drop_old}) {
    Options options;
    options.queue.max_records = 10;
    options.queue.on_full = policy;
    Bench bench(options);
    bench.write(25);
    EXPECT_EQ(bench.counts().queued, 10u);
    EXPECT_EQ(bench.counts().dropped_full, 15u);
    EXPECT_TRUE(accounted(bench.counts()));
    bench.run();
    const std::string& body = bench.script->bodies.front();
    EXPECT_EQ(body.find("\"m0\"") != std::string::npos, policy == Overflow::drop_new);
    EXPECT_TRUE(accounted(bench.counts()));
  }
}

TEST(Shipper, WhatIsOnItsWayCountsAgainstTheBounds) {
  Options options;
  options.queue.max_records = 10;
  Bench bench(options);
  bench.script->otherwise = status(503);
  bench.write(10);
  bench.shipper->pump();
  bench.write(20);
  EXPECT_LE(bench.counts().queued, 10u);
  EXPECT_TRUE(accounted(bench.counts()));
}

struct Rule {
  Response response;
  bool retried;
};

TEST(Shipper, EachAnswerHasItsRule) {
  const std::vector<Rule> rules = {{status(400), false}, {status(401), true},  {status(403), true},  {status(404), true},
                                   {status(408), true},  {status(413), false}, {status(422), false}, {status(429), true},
                                   {status(500), true},  {status(501), false}, {status(502), true},  {status(503), true},
                                   {status(504), true},  {status(302), true},  {failure(Failure::no_host), true},
                                   {failure(Failure::broken), true}, {failure(Failure::tls), true}, {failure(Failure::timeout), true},
                                   {failure(Failure::no_connection), true}, {failure(Failure::unusable), true}};
  for (const Rule& rule : rules) {
    Bench bench;
    bench.script->answers = {rule.response};
    bench.write();
    bench.run();
    const Counts counts = bench.counts();
    EXPECT_EQ(counts.sent, rule.retried ? 1u : 0u) << rule.response.status;
    EXPECT_EQ(counts.rejected, rule.retried ? 0u : 1u) << rule.response.status;
    EXPECT_EQ(counts.requests, rule.retried ? 2u : 1u) << rule.response.status;
    EXPECT_NE(counts.last_error, "");
    EXPECT_TRUE(accounted(counts));
  }
}

TEST(Shipper, OtlpHasFewerStatusesToTryAgain) {
  for (const auto& [code, retried] : {std::pair(408, false), {500, false}, {401, false}, {429, true}, {502, true}, {503, true}, {504, true}}) {
    Bench bench({}, otlp_logs_protocol({}));
    bench.script->answers = {status(code)};
    bench.write();
    bench.run();
    EXPECT_EQ(bench.counts().sent, retried ? 1u : 0u) << code;
    EXPECT_TRUE(accounted(bench.counts()));
  }
}

TEST(Shipper, ATooLargeBatchIsHalvedUntilItFits) {
  Bench bench;
  bench.script->answer = [](std::string_view body) { return pii::kit::line_count(body) > 3 ? status(413) : status(200); };
  bench.write(16);
  bench.run();
  EXPECT_EQ(bench.counts().sent, 16u);
  std::string order;
  for (const std::string& body : bench.script->bodies) {
    if (pii::kit::line_count(body) <= 3) order += body;
  }
  for (int i = 0; i + 1 < 16; ++i) {
    EXPECT_LT(order.find("\"m" + std::to_string(i) + "\""), order.find("\"m" + std::to_string(i + 1) + "\""));
  }
}

TEST(Shipper, RetryAfterIsWaitedForAtLeast) {
  Bench bench;
  bench.chance = 0;
  bench.script->answers = {status(429, 20s)};
  bench.write();
  bench.clock.advance(1s);
  const Steady due = bench.shipper->pump();
  EXPECT_EQ(due - bench.clock.now(), 20s);
  bench.run();
  EXPECT_EQ(bench.counts().sent, 1u);
}

TEST(Shipper, RetryAfterComesInSecondsAndAsADate) {
  const Wall now = Wall(std::chrono::seconds(1'795'597'811));  // Wed, 25 Nov 2026 09:10:11 GMT
  EXPECT_EQ(parse_retry_after("120", now), 120s);
  EXPECT_EQ(parse_retry_after("Wed, 25 Nov 2026 09:10:41 GMT", now), 30s);
  EXPECT_EQ(parse_retry_after("Wed, 25 Nov 2026 09:00:00 GMT", now), 0ms);
  EXPECT_EQ(parse_retry_after("Wed, 25 Nov 2027 09:00:00 GMT", now), 24h);
  for (const char* bad : {"", "-1", "soon", "1.5", "Wed, 31 Feb 2026 09:10:11 GMT"}) EXPECT_FALSE(parse_retry_after(bad, now)) << bad;
}

TEST(Backoff, HasFullJitterAndACap) {
  const RetryPolicy policy;
  std::uint64_t seed = 1;
  const Chance chance = [&] { return seed = seed * 6364136223846793005u + 1442695040888963407u, seed >> 20; };
  const double ceilings[] = {1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000};
  for (unsigned attempt = 1; attempt <= 8; ++attempt) {
    double sum = 0, low = 1e9, high = 0;
    constexpr int kSamples = 4000;
    for (int i = 0; i < kSamples; ++i) {
      const auto wait = static_cast<double>(backoff(policy, attempt, {}, chance).count());
      sum += wait;
      low = std::min(low, wait);
      high = std::max(high, wait);
    }
    const double ceiling = ceilings[attempt - 1];
    EXPECT_LE(high, ceiling);
    EXPECT_GT(high, 0.98 * ceiling);
    EXPECT_LT(low, 0.02 * ceiling);
    EXPECT_NEAR(sum / kSamples, ceiling / 2, ceiling * 0.03);
  }
  EXPECT_EQ(backoff(policy, 1000, 90s, chance), 90s);
}

TEST(Shipper, GivesUpAfterTooLongAndGoesOn) {
  Options options;
  options.batch.max_records = 5;
  Bench bench(options);
  bench.script->otherwise = status(503);
  bench.write(5);
  const Steady start = bench.clock.now();
  bench.run();
  EXPECT_EQ(bench.counts().dropped_exhausted, 5u);
  EXPECT_LE(bench.clock.now() - start, 301s);
  EXPECT_GT(bench.counts().requests, 10u);
  bench.script->otherwise = status(200);
  bench.write(5);
  bench.run();
  EXPECT_EQ(bench.counts().sent, 5u);
  EXPECT_TRUE(accounted(bench.counts()));
}

TEST(Shipper, AttemptsCanBeLimited) {
  Options options;
  options.retry.max_attempts = 3;
  Bench bench(options);
  bench.script->otherwise = failure(Failure::no_connection);
  bench.write(2);
  bench.run();
  EXPECT_EQ(bench.counts().requests, 3u);
  EXPECT_EQ(bench.counts().dropped_exhausted, 2u);
  EXPECT_EQ(bench.counts().retried, 4u);
}

TEST(Shipper, LocalLinesAreNotAccepted) {
  Bench bench;
  bench.shipper->write(bench.lines.make("secret plan", true));
  EXPECT_EQ(bench.counts().accepted, 0u);
  EXPECT_TRUE(bench.shipper->remote());
}

TEST(Shipper, OldestAgeIsTold) {
  Bench bench;
  bench.write();
  bench.clock.advance(700ms);
  EXPECT_EQ(bench.counts().oldest_age, 700ms);
}

TEST(Bulk, ItemsAreSettledOneByOne) {
  Bench bench({}, bulk_protocol("logs-a-b"));
  bench.script->answers = {{Failure::none, 200, R"({"took":1,"errors":true,"items":[{"create":{"status":201}},
    {"create":{"status":400,"error":{"type":"mapper_parsing_exception","reason":"value 'x' of y"}}},{"create":{"status":429}},
    {"create":{"status":409}}]})", {}},
                           {Failure::none, 200, R"({"errors":false,"items":[{"create":{"status":201}}]})", {}}};
  bench.write(4);
  bench.run();
  const Counts counts = bench.counts();
  EXPECT_EQ(counts.sent, 3u);
  EXPECT_EQ(counts.duplicates, 1u);
  EXPECT_EQ(counts.rejected, 1u);
  EXPECT_EQ(counts.retried, 1u);
  EXPECT_TRUE(accounted(counts));
  EXPECT_EQ(counts.last_error.find("value"), std::string::npos) << "a reason may quote values";
  ASSERT_EQ(bench.script->bodies.size(), 2u);
  EXPECT_NE(bench.script->bodies[1].find("\"m2\""), std::string::npos);
  // The same record has the same id, whenever it is sent.
  const auto id_of = [](const std::string& body, std::size_t at) { return body.substr(body.find("\"_id\":\"", at) + 7, 26); };
  const std::size_t third = bench.script->bodies[0].rfind("{\"create\"", bench.script->bodies[0].find("\"m2\""));
  EXPECT_EQ(id_of(bench.script->bodies[0], third), id_of(bench.script->bodies[1], 0));
}

TEST(Bulk, AnAnswerThatIsNoneIsTriedAgain) {
  for (const char* body : {"", "{}", "[]", "<html>", R"({"errors":true})", R"({"errors":true,"items":[]})", R"({"errors":true,"items":[1]})"}) {
    Bench bench({}, bulk_protocol("x"));
    bench.script->answers = {{Failure::none, 200, body, {}}};
    bench.script->otherwise = {Failure::none, 200, R"({"errors":false})", {}};
    bench.write();
    bench.run();
    EXPECT_EQ(bench.counts().requests, 2u) << body;
    EXPECT_EQ(bench.counts().sent, 1u) << body;
  }
}

TEST(Otlp, RefusedRecordsAreCounted) {
  const std::string proto("\x0a\x04\x08\x02\x12\x00", 6);  // partial_success { rejected_log_records: 2, error_message: "" }
  for (const bool json : {false, true}) {
    Otlp target;
    target.json = json;
    Bench bench({}, otlp_logs_protocol(target));
    bench.script->answers = {{Failure::none, 200, json ? R"({"partialSuccess":{"rejectedLogRecords":"2"}})" : proto, {}}};
    bench.write(5);
    bench.run();
    EXPECT_EQ(bench.counts().sent, 3u);
    EXPECT_EQ(bench.counts().rejected, 2u);
    EXPECT_EQ(bench.counts().requests, 1u) << "what was refused in part must not be sent again";
    EXPECT_TRUE(accounted(bench.counts()));
  }
}

TEST(Ulid, SortsByTimeAndIsCrockford) {
  const Ulid a = Ulid::make(Wall(std::chrono::milliseconds(1469918176385)));
  EXPECT_EQ(a.text().substr(0, 10), "01ARYZ6S41");  // the example of the specification
  EXPECT_EQ(a.text().size(), 26u);
  EXPECT_LT(a.text(), Ulid::make(Wall(std::chrono::milliseconds(1469918176386))).text());
  EXPECT_EQ((Ulid{{255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255}}).text(), "7ZZZZZZZZZZZZZZZZZZZZZZZZZ");
}

TEST(Gzip, IsReadByZlib) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{100'000}}) {
    std::string text, packed;
    for (std::size_t i = 0; i < size; ++i) text += static_cast<char>('a' + i * i % 23);
    ASSERT_TRUE(gzip(text, packed));
    std::string plain(size + 10, '\0');
    z_stream stream = {};
    ASSERT_EQ(inflateInit2(&stream, 16 + MAX_WBITS), Z_OK);
    stream.next_in = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = reinterpret_cast<Bytef*>(plain.data());
    stream.avail_out = static_cast<uInt>(plain.size());
    EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
    plain.resize(stream.total_out);
    inflateEnd(&stream);
    EXPECT_EQ(plain, text);
  }
}

TEST(Threads, BlockWaitsForRoomAtMostAsLongAsTold) {
  auto script = std::make_shared<pii::kit::Script>();
  std::atomic<bool> open{false};
  script->answer = [&](std::string_view) {
    while (!open) std::this_thread::sleep_for(1ms);
    return status(200);
  };
  QueueShipper::Parts parts;
  parts.options.queue = {.max_records = 4, .on_full = Overflow::block, .block_timeout = 50ms};
  parts.protocol = json_lines_protocol();
  parts.transport = [&] { return std::make_unique<pii::kit::ScriptedTransport>(script); };
  QueueShipper shipper(std::move(parts));
  pii::kit::Lines lines;
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 100; ++i) shipper.write(lines.make("x"));
  const auto took = std::chrono::steady_clock::now() - start;
  EXPECT_GE(took, 50ms);
  EXPECT_LT(took, 1s) << "one wait a second, not one a line";
  EXPECT_FALSE(shipper.flush(20ms));
  open = true;
  EXPECT_TRUE(shipper.flush(5s));
  EXPECT_EQ(shipper.shipping().sent, 4u);
  EXPECT_TRUE(accounted(shipper.shipping()));
}

TEST(Threads, ManyWritersAndEveryLineIsAccounted) {
  auto script = std::make_shared<pii::kit::Script>();
  std::atomic<std::size_t> received{0};
  script->answer = [&](std::string_view body) {
    script->bodies.clear();
    received += pii::kit::line_count(body);
    return status(200);
  };
  QueueShipper::Parts parts;
  parts.options.queue.max_records = 500;
  parts.options.batch.max_records = 50;
  parts.protocol = json_lines_protocol();
  parts.transport = [&] { return std::make_unique<pii::kit::ScriptedTransport>(script); };
  QueueShipper shipper(std::move(parts));
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      pii::kit::Lines lines;
      for (int i = 0; i < 2000; ++i) shipper.write(lines.make("x"));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(shipper.flush(10s));
  shipper.end({});
  const Counts counts = shipper.shipping();
  EXPECT_EQ(counts.accepted, 8000u);
  EXPECT_EQ(counts.sent, received);
  EXPECT_EQ(counts.queued, 0u);
  EXPECT_TRUE(accounted(counts));
  pii::kit::Lines lines;
  shipper.write(lines.make("late"));
  EXPECT_EQ(shipper.shipping().dropped_ended, 1u);
  EXPECT_TRUE(shipper.flush(1ms));
}

// Whoever flushes beside the end has a deadline of his own.
TEST(QueueShipper, TheEndHasItsOwnDeadline) {
  struct Finishing final : Transport {
    explicit Finishing(std::chrono::milliseconds& into) : given(into) {}
    Response send(std::string_view) override { return status(200); }
    void cancel() noexcept override {}
    void finish(std::chrono::milliseconds deadline) noexcept override { given = deadline; }
    std::chrono::milliseconds& given;
  };
  for (const auto& [left, expected] : {std::pair(5000ms, 5000ms), std::pair(0ms, 0ms), std::pair(3'600'000ms, 60'000ms)}) {
    std::chrono::milliseconds given(-1);
    const pii::kit::VirtualClock clock;
    QueueShipper::Parts parts;
    parts.protocol = json_lines_protocol();
    parts.transport = [&] { return std::make_unique<Finishing>(given); };
    parts.clock = &clock;
    parts.threaded = false;
    QueueShipper shipper(std::move(parts));
    pii::kit::Lines lines;
    shipper.write(lines.make("m"));
    EXPECT_FALSE(shipper.flush(0ms));
    shipper.pump();
    EXPECT_TRUE(shipper.flush(30s));
    shipper.end(left);
    EXPECT_EQ(given, expected);
  }
}

}  // namespace
