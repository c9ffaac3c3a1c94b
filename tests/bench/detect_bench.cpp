// What looking at a leaf costs, beside its floor (one pass of memchr) and for texts made to cost most.
#include <benchmark/benchmark.h>

#include <cstring>
#include <string>

#include "detect/canonical.hpp"
#include "detect/leaf_class_implementations.hpp"
#include "detect/scanner.hpp"

namespace {

using namespace pii;
using namespace pii::detect;

// The default profile.
const Settings& settings() {
  static const Settings made = [] {
    Settings all;
    for (int i = 1; i < static_cast<int>(Detector::person_name); ++i)
      all.enabled.insert(static_cast<Detector>(i));
    for (const Detector off :
         {Detector::swift_bic, Detector::uk_nhs, Detector::uk_nino, Detector::es_dni, Detector::it_cf,
          Detector::in_pan, Detector::mac, Detector::btc, Detector::eth, Detector::imei, Detector::iccid,
          Detector::vin, Detector::br_cpf, Detector::br_cnpj}) {
      all.enabled.erase(off);
    }
    all.regions = *Regions::make({"KW", "SA", "AE", "BH", "QA", "OM", "US"});
    return all;
  }();
  return made;
}

void count_bytes(benchmark::State& state, std::size_t size) {
  state.SetBytesProcessed(static_cast<std::int64_t>(size) * state.iterations());
}

void floor_memchr(benchmark::State& state, const std::string& text) {
  for (auto _ : state) benchmark::DoNotOptimize(std::memchr(text.data(), '\x7F', text.size()));
  count_bytes(state, text.size());
}

void classify(benchmark::State& state, const std::string& text, std::size_t which) {
  const auto all = leaf_implementations();
  const auto& implementation = all[which < all.size() ? which : all.size() - 1];
  for (auto _ : state) benchmark::DoNotOptimize(implementation.classify(text));
  count_bytes(state, text.size());
}

void scan(benchmark::State& state, const std::string& text) {
  Spans spans;
  for (auto _ : state) {
    spans.clear();
    const LeafClass leaf = classify_leaf(text);
    scan_strong(text, leaf, settings(), {}, spans);
    scan_with_context(text, leaf, settings(), {}, spans);
    benchmark::DoNotOptimize(spans.size());
  }
  count_bytes(state, text.size());
}

void canonical_phone(benchmark::State& state) {
  std::string out;
  for (auto _ : state) {
    out.clear();
    append_canonical(Detector::phone, "+965 9988 7766", settings().regions, out);
    benchmark::DoNotOptimize(out.data());
  }
}

std::string repeated(std::string_view piece, std::size_t size) {
  std::string text;
  while (text.size() < size) text += piece;
  return text;
}

const std::string kPlain = "authorized";
const std::string kMessage = "payment authorized for order ORD-20260812-000123 in 35ms";
const std::string kFound = "could not deliver receipt to yousef_alrashidi@example.co.uk, call +965 9988 7766";

BENCHMARK_CAPTURE(floor_memchr, message, kMessage);
BENCHMARK_CAPTURE(classify, portable_message, kMessage, 0);
BENCHMARK_CAPTURE(classify, dispatched_plain, kPlain, 1);
BENCHMARK_CAPTURE(classify, dispatched_message, kMessage, 1);
BENCHMARK_CAPTURE(scan, plain, kPlain);
BENCHMARK_CAPTURE(scan, message, kMessage);
BENCHMARK_CAPTURE(scan, uuid, std::string("47223179-9330-4259-8123-123412341234"));
BENCHMARK_CAPTURE(scan, timestamp, std::string("2026-03-19T02:16:07.777Z"));
BENCHMARK_CAPTURE(scan, found, kFound);
BENCHMARK(canonical_phone);
// time(2n) / time(n) of each pair.
BENCHMARK_CAPTURE(scan, hostile_dots_64k, repeated("a.", 1 << 16));
BENCHMARK_CAPTURE(scan, hostile_dots_128k, repeated("a.", 1 << 17));
BENCHMARK_CAPTURE(scan, hostile_ats_64k, repeated("a@", 1 << 16));
BENCHMARK_CAPTURE(scan, hostile_ats_128k, repeated("a@", 1 << 17));
BENCHMARK_CAPTURE(scan, hostile_groups_64k, repeated("4111 ", 1 << 16));
BENCHMARK_CAPTURE(scan, hostile_groups_128k, repeated("4111 ", 1 << 17));
BENCHMARK_CAPTURE(scan, hostile_plus_64k, repeated("+1 ", 1 << 16));
BENCHMARK_CAPTURE(scan, hostile_plus_128k, repeated("+1 ", 1 << 17));
BENCHMARK_CAPTURE(scan, hostile_jwt_64k, repeated("eyJ.", 1 << 16));
BENCHMARK_CAPTURE(scan, hostile_jwt_128k, repeated("eyJ.", 1 << 17));
BENCHMARK_CAPTURE(scan, hostile_phones_64k, repeated("phone 99887766 ", 1 << 16));
BENCHMARK_CAPTURE(scan, hostile_phones_128k, repeated("phone 99887766 ", 1 << 17));

}  // namespace
