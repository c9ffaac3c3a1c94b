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

// An event of some 1.4 kB of a payment service, with 3 or 4 things to mask.
std::string event(std::mt19937_64& random) {
  const std::string id = number(random, 16);
  std::string text = R"({"@timestamp":"2026-06-16T17:02:57.)" + number(random, 3) + R"(Z","log":{"level":"info","logger":"payments.api"},)"
      R"("service":{"name":"payments","version":"4.12.1","environment":"prod"},"trace":{"id":"18072e8c35bf992dc9e9c616612e7696"},)"
      R"("message":"payment captured for order )" + id + R"( in 35ms","event":{"action":"capture","duration":35120000,"outcome":"success"},)"
      R"("http":{"request":{"method":"POST","headers":{"content-type":"application/json","user-agent":"okhttp/4.9.3","accept":"*/*"},)"
      R"("body":{"customer_email":"user)" + number(random, 6) + R"(@example.com","amount":"12.500","currency":"KWD","items":[{"sku":"AB-1",)"
      R"("qty":1,"price":12.5},{"sku":"AB-2","qty":2,"price":3.75}],"description":"a mug, blue, and two of something else, see the )"
      R"(catalogue of this year for more of them"}},"response":{"status_code":200,"body":{"status":"captured","phone":"+9659)" +
      number(random, 7) + R"("}}},"url":{"path":"/v1/payments","domain":"pay.example"},"client":{"ip":"188.236.)" +
      std::to_string(1 + random() % 250) + "." + std::to_string(1 + random() % 250) + R"("},"labels":{"team":"checkout","region":"gulf",)"
      R"("shard":"7","canary":false},"host":{"name":"pay-7f9c","os":{"kernel":"5.15.0","family":"debian"}},"process":{"pid":4123,)"
      R"("thread":{"name":"worker-3","id":17}},"payload":{"gateway_name":"knet","reference":"REF-)" + id + R"(","note":"customer asked )"
      R"(for the receipt to be sent again; sent again by mail, the second time with the right amount and date on it","retries":0,)"
      R"("flags":["a","b","c"],"steps":[{"name":"authorize","ms":12},{"name":"capture","ms":9},{"name":"notify","ms":3}]},)"
      R"("tags":["payments","capture"]})" "\n";
  return text;
}

const std::string& events() {
  static const std::string all = [] {
    std::mt19937_64 random(1);
    std::string text;
    while (text.size() < 4'000'000) text += event(random);
    return text;
  }();
  return all;
}

void report_bytes(benchmark::State& state, std::size_t bytes) {
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(bytes));
}

void mask_events(benchmark::State& state, const char* profile) {
  Masker mask = masker(profile);
  const std::string& text = events();
  std::string out;
  out.reserve(text.size() * 2);
  for (auto _ : state) {
    out.clear();
    mask.mask_lines(text, out);
    benchmark::DoNotOptimize(out.data());
  }
  report_bytes(state, text.size());
}
BENCHMARK_CAPTURE(mask_events, default, "default")->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(mask_events, ecsctx_fixed, "ecsctx-fixed")->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(mask_events, default_two, "default")->Threads(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(mask_events, ecsctx_fixed_two, "ecsctx-fixed")->Threads(2)->UseRealTime()->Unit(benchmark::kMillisecond);

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
#endif

}  // namespace
}  // namespace pii::bench
