// Masking events, beside what reads or parses the same bytes.
#include "mask_bench.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#ifdef PII_BENCH_SIMDJSON
#include <simdjson.h>
#endif

namespace pii::bench {
namespace {

std::string number(std::mt19937_64& random, std::size_t digits) {
  std::string result;
  for (std::size_t i = 0; i < digits; ++i) result += static_cast<char>('0' + random() % 10);
  return result;
}

using Members = std::vector<std::string>;

// In the order given, or in any.
std::string object(Members members, std::mt19937_64* order) {
  if (order != nullptr) std::shuffle(members.begin(), members.end(), *order);
  std::string text;
  for (const std::string& member : members) text += (text.empty() ? "{" : ",") + member;
  return text + "}";
}

// An event of some 1.5 kB of a payment service, with 3 things to mask. `order`: its members stand in another order each time.
std::string event(std::mt19937_64& random, std::mt19937_64* order = nullptr) {
  const std::string id = number(random, 16), mail = "user" + number(random, 6) + "@example.com", phone = "+9659" + number(random, 7);
  const std::string ip = "188.236." + std::to_string(1 + random() % 250) + "." + std::to_string(1 + random() % 250);
  const auto of = [order](Members members) { return object(std::move(members), order); };
  const std::string items = "[" + of({R"("sku":"AB-1")", R"("qty":1)", R"("price":12.5)"}) + "," +
                            of({R"("sku":"AB-2")", R"("qty":2)", R"("price":3.75)"}) + "]";
  const std::string body = of({R"("customer_email":")" + mail + '"', R"("amount":"12.500")", R"("currency":"KWD")", R"("items":)" + items,
                               R"("description":"a mug, blue, and two of something else, see the catalogue of this year for more of them")"});
  const std::string headers = of({R"("content-type":"application/json")", R"("user-agent":"okhttp/4.9.3")", R"("accept":"*/*")"});
  const std::string request = of({R"("method":"POST")", R"("headers":)" + headers, R"("body":)" + body});
  const std::string response = of({R"("status_code":200)", R"("body":)" + of({R"("status":"captured")", R"("phone":")" + phone + '"'})});
  const std::string steps = "[" + of({R"("name":"authorize")", R"("ms":12)"}) + "," + of({R"("name":"capture")", R"("ms":9)"}) + "," +
                            of({R"("name":"notify")", R"("ms":3)"}) + "]";
  const std::string payload =
      of({R"("gateway_name":"knet")", R"("reference":"REF-)" + id + '"',
          R"("note":"customer asked for the receipt to be sent again; sent again by mail, the second time with the right amount and date on it")",
          R"("retries":0)", R"("flags":["a","b","c"])", R"("steps":)" + steps});
  return of({R"("@timestamp":"2026-06-16T17:02:57.)" + number(random, 3) + R"(Z")", R"("log":)" + of({R"("level":"info")", R"("logger":"payments.api")"}),
             R"("service":)" + of({R"("name":"payments")", R"("version":"4.12.1")", R"("environment":"prod")"}),
             R"("trace":{"id":"18072e8c35bf992dc9e9c616612e7696"})", R"("message":"payment captured for order )" + id + R"( in 35ms")",
             R"("event":)" + of({R"("action":"capture")", R"("duration":35120000)", R"("outcome":"success")"}),
             R"("http":)" + of({R"("request":)" + request, R"("response":)" + response}),
             R"("url":)" + of({R"("path":"/v1/payments")", R"("domain":"pay.example")"}), R"("client":{"ip":")" + ip + R"("})",
             R"("labels":)" + of({R"("team":"checkout")", R"("region":"gulf")", R"("shard":"7")", R"("canary":false)"}),
             R"("host":)" + of({R"("name":"pay-7f9c")", R"("os":)" + of({R"("kernel":"5.15.0")", R"("family":"debian")"})}),
             R"("process":)" + of({R"("pid":4123)", R"("thread":)" + of({R"("name":"worker-3")", R"("id":17)"})}),
             R"("payload":)" + payload, R"("tags":["payments","capture"])"}) +
         "\n";
}

std::string all_events(bool in_one_order) {
  std::mt19937_64 random(1), order(2);
  std::string text;
  while (text.size() < 4'000'000) text += event(random, in_one_order ? nullptr : &order);
  return text;
}
const std::string& events() {
  static const std::string all = all_events(true);
  return all;
}
const std::string& events_of_all_shapes() {
  static const std::string all = all_events(false);
  return all;
}

void report_bytes(benchmark::State& state, std::size_t bytes) {
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(bytes));
}

void mask_text(benchmark::State& state, const char* profile, const std::string& text) {
  Masker mask = masker(profile);
  std::string out;
  out.reserve(text.size() * 2);
  for (auto _ : state) {
    out.clear();
    mask.mask_lines(text, out);
    benchmark::DoNotOptimize(out.data());
  }
  report_bytes(state, text.size());
}
void mask_events(benchmark::State& state, const char* profile) { mask_text(state, profile, events()); }
BENCHMARK_CAPTURE(mask_events, default, "default")->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(mask_events, ecsctx_fixed, "ecsctx-fixed")->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(mask_events, default_two, "default")->Threads(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(mask_events, ecsctx_fixed_two, "ecsctx-fixed")->Threads(2)->UseRealTime()->Unit(benchmark::kMillisecond);

// No event has its members in the order of another one: none is of a shape that was learned.
void mask_shuffled(benchmark::State& state, const char* profile) { mask_text(state, profile, events_of_all_shapes()); }
BENCHMARK_CAPTURE(mask_shuffled, default, "default")->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(mask_shuffled, ecsctx_fixed, "ecsctx-fixed")->UseRealTime()->Unit(benchmark::kMillisecond);

void floor_memcpy(benchmark::State& state) {
  const std::string& text = events();
  std::string out(text.size(), '\0');
  for (auto _ : state) {
    std::memcpy(out.data(), text.data(), text.size());
    benchmark::ClobberMemory();
  }
  report_bytes(state, text.size());
}
BENCHMARK(floor_memcpy)->UseRealTime()->Unit(benchmark::kMillisecond);

void floor_newline_count(benchmark::State& state) {
  const std::string& text = events();
  for (auto _ : state) benchmark::DoNotOptimize(std::count(text.begin(), text.end(), '\n'));
  report_bytes(state, text.size());
}
BENCHMARK(floor_newline_count)->UseRealTime()->Unit(benchmark::kMillisecond);

#ifdef PII_BENCH_SIMDJSON
void peer_simdjson_dom(benchmark::State& state) {
  simdjson::dom::parser parser;
  const simdjson::padded_string text(events());
  for (auto _ : state) {
    std::size_t parsed = 0;
    simdjson::dom::document_stream documents;
    if (parser.parse_many(text, std::size_t{1} << 20).get(documents) != simdjson::SUCCESS) return state.SkipWithError("no JSON");
    for (const auto document : documents) parsed += document.error() == simdjson::SUCCESS;
    benchmark::DoNotOptimize(parsed);
  }
  report_bytes(state, events().size());
}
BENCHMARK(peer_simdjson_dom)->UseRealTime()->Unit(benchmark::kMillisecond);
// What the machine itself makes of a second thread.
BENCHMARK(peer_simdjson_dom)->Name("peer_simdjson_dom_two")->Threads(2)->UseRealTime()->Unit(benchmark::kMillisecond);
#endif

}  // namespace
}  // namespace pii::bench
