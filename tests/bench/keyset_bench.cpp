// What a call pays for the keyset in force, beside the ways that need no cell, and what loading a keyset
// costs.
#include <benchmark/benchmark.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>

#include "crypto/hmac.hpp"
#include "keyset/key_table.hpp"
#include "pii/keyset.hpp"
#include "pii/keyset_cell.hpp"
#include "pii/keyset_document.hpp"
#include "pii/names.hpp"

namespace {

using pii::Keyset;
using pii::KeysetUsage;
using pii::SecretBytes;

SecretBytes document(KeysetUsage usage, int keys) {
  auto made = pii::make_keyset_document(usage, {"k1", "2026-01-01T00:00:00Z"}, true);
  for (int i = 2; i <= keys; ++i) {
    made = pii::rotate_keyset_document(*made, {"k" + std::to_string(i), "2026-01-01T00:00:00Z"});
  }
  return *std::move(made);
}

std::shared_ptr<const Keyset> keyset() {
  static const std::shared_ptr<const Keyset> made = *pii::parse_keyset(document(KeysetUsage::token, 2));
  return made;
}

// The floor: a pointer that never changes.
void plain_pointer(benchmark::State& state) {
  static const std::shared_ptr<const Keyset> held = keyset();
  for (auto _ : state) benchmark::DoNotOptimize(held.get());
}
BENCHMARK(plain_pointer)->Threads(1)->Threads(2)->UseRealTime();

void keyset_cell(benchmark::State& state) {
  static pii::KeysetCell cell;
  static const bool filled = (cell.replace(keyset()), true);
  benchmark::DoNotOptimize(filled);
  for (auto _ : state) benchmark::DoNotOptimize(cell.read());
}
BENCHMARK(keyset_cell)->Threads(1)->Threads(2)->UseRealTime();

void atomic_shared_ptr(benchmark::State& state) {
  static std::atomic<std::shared_ptr<const Keyset>> held{keyset()};
  for (auto _ : state) {
    const std::shared_ptr<const Keyset> read = held.load(std::memory_order_acquire);
    benchmark::DoNotOptimize(read.get());
  }
}
BENCHMARK(atomic_shared_ptr)->Threads(1)->Threads(2)->UseRealTime();

void mutex_shared_ptr(benchmark::State& state) {
  static std::mutex mutex;
  static const std::shared_ptr<const Keyset> held = keyset();
  for (auto _ : state) {
    std::shared_ptr<const Keyset> read;
    {
      const std::lock_guard lock(mutex);
      read = held;
    }
    benchmark::DoNotOptimize(read.get());
  }
}
BENCHMARK(mutex_shared_ptr)->Threads(1)->Threads(2)->UseRealTime();

// The state of a context that is in the cache.
void token_state(benchmark::State& state) {
  const std::shared_ptr<const Keyset> held = keyset();
  const auto field = *pii::FieldType::make("email");
  pii::crypto::HmacState scratch;
  for (auto _ : state) {
    benchmark::DoNotOptimize(&held->impl().token_state(held->impl().primary_index, "production", field.name(),
                                                       field.hash(), scratch));
  }
}
BENCHMARK(token_state)->Threads(1)->Threads(2)->UseRealTime();

// The same for one that found the cache full.
void token_state_beyond_capacity(benchmark::State& state) {
  const std::shared_ptr<const Keyset> held = *pii::parse_keyset(document(KeysetUsage::token, 1));
  pii::crypto::HmacState scratch;
  for (int i = 0; i < 300; ++i)
    held->impl().token_state(0, "production", "f" + std::to_string(i), 0, scratch);
  const auto field = *pii::FieldType::make("email");
  for (auto _ : state) {
    benchmark::DoNotOptimize(&held->impl().token_state(0, "production", field.name(), field.hash(), scratch));
  }
}
BENCHMARK(token_state_beyond_capacity);

void parse(benchmark::State& state) {
  const auto usage = state.range(0) == 0 ? KeysetUsage::token : KeysetUsage::reveal;
  const SecretBytes text = document(usage, static_cast<int>(state.range(1)));
  for (auto _ : state) benchmark::DoNotOptimize(pii::parse_keyset(text).has_value());
  state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) * state.iterations());
}
BENCHMARK(parse)
    ->ArgNames({"reveal", "keys"})
    ->ArgsProduct({{0, 1}, {1, 4, 64}})
    ->Unit(benchmark::kMicrosecond);

}  // namespace
