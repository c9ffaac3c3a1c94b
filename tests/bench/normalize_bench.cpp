// normalize() beside its floor (reading and copying the bytes) and its peer (ICU's lower-casing of UTF-8).
// The hostile families run at n and 2n: bytes per second stay the same when the cost is linear.
#include <benchmark/benchmark.h>
#include <unicode/ucasemap.h>

#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "pii/normalize.hpp"

namespace {

const std::string kEmail = "jane.doe42@example.com";
const std::string kEmailCapitals = "Jane.Doe42@Example.COM";
const std::string kEmailUnicode = "J\u00D6RG.M\u00DCLLER@EXAMPLE.DE";
const std::string kPhone = "+1 (415) 555-0132";
const std::string kPhonePlain = "+14155550132";
const std::string kEmailShort = "Jo@Example.com";
const std::string kName = "Jane Mary Doe-Miller";
const std::string kNameUnicode = "J\u00F6rg M\u00FCller-Stra\u00DFe";

void normalize(benchmark::State& state, pii::Normalization rule, const std::string& value) {
  for (auto _ : state) {
    pii::NormalizedValue out;
    std::string_view input = value;
    benchmark::DoNotOptimize(input);
    if (pii::normalize(rule, input, out) != pii::ErrorCode::ok) std::abort();
    benchmark::DoNotOptimize(out.view());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(value.size()));
}

void floor_copy(benchmark::State& state, const std::string& value) {
  char out[256];
  for (auto _ : state) {
    std::string_view input = value;
    benchmark::DoNotOptimize(input);
    std::memcpy(out, input.data(), input.size());
    benchmark::DoNotOptimize(out);
  }
}

void peer_icu(benchmark::State& state, const std::string& value) {
  UErrorCode status = U_ZERO_ERROR;
  UCaseMap* const map = ucasemap_open("", 0, &status);
  char out[256];
  for (auto _ : state) {
    std::string_view input = value;
    benchmark::DoNotOptimize(input);
    const int size =
        ucasemap_utf8ToLower(map, out, sizeof out, input.data(), static_cast<int>(input.size()), &status);
    benchmark::DoNotOptimize(size);
    benchmark::DoNotOptimize(out);
  }
  ucasemap_close(map);
  if (U_FAILURE(status) != 0) std::abort();
}

std::string repeat(const std::string& text, std::size_t bytes) {
  std::string result;
  while (result.size() < bytes) result += text;
  return result;
}

void hostile(benchmark::State& state, pii::Normalization rule, std::string (*make)(std::size_t)) {
  normalize(state, rule, make(static_cast<std::size_t>(state.range(0))));
}
std::string sigmas(std::size_t size) { return repeat("\u03A3", size); }
std::string ignorable_between_sigmas(std::size_t size) {
  return "\u03A3" + repeat("\u0301", size) + "\u03A3";
}
std::string sigmas_in_ignorable(std::size_t size) { return repeat(repeat("\u0301", 1000) + "\u03A3", size); }
std::string growing(std::size_t size) { return repeat("\u0130", size); }
std::string spaces(std::size_t size) { return repeat("\u3000", size); }
std::string digits(std::size_t size) { return repeat("\u0661-", size); }

const auto kStrip = pii::Normalization::strip;
const auto kEmailRule = pii::Normalization::email;
const auto kPhoneRule = pii::Normalization::phone;

BENCHMARK_CAPTURE(floor_copy, email, kEmail);
BENCHMARK_CAPTURE(normalize, email, kEmailRule, kEmail);
BENCHMARK_CAPTURE(normalize, email_capitals, kEmailRule, kEmailCapitals);
BENCHMARK_CAPTURE(peer_icu, email_capitals, kEmailCapitals);
BENCHMARK_CAPTURE(normalize, email_short, kEmailRule, kEmailShort);
BENCHMARK_CAPTURE(normalize, email_unicode, kEmailRule, kEmailUnicode);
BENCHMARK_CAPTURE(peer_icu, email_unicode, kEmailUnicode);
BENCHMARK_CAPTURE(floor_copy, phone, kPhone);
BENCHMARK_CAPTURE(normalize, phone, kPhoneRule, kPhone);
BENCHMARK_CAPTURE(normalize, phone_plain, kPhoneRule, kPhonePlain);
BENCHMARK_CAPTURE(normalize, name, kStrip, kName);
BENCHMARK_CAPTURE(normalize, name_unicode, kStrip, kNameUnicode);

BENCHMARK_CAPTURE(hostile, sigmas, kEmailRule, sigmas)->Arg(100'000)->Arg(200'000);
BENCHMARK_CAPTURE(hostile, ignorable_between_sigmas, kEmailRule, ignorable_between_sigmas)
    ->Arg(100'000)
    ->Arg(200'000);
BENCHMARK_CAPTURE(hostile, sigmas_in_ignorable, kEmailRule, sigmas_in_ignorable)->Arg(100'000)->Arg(200'000);
BENCHMARK_CAPTURE(hostile, growing, kEmailRule, growing)->Arg(100'000)->Arg(200'000);
BENCHMARK_CAPTURE(hostile, spaces, kStrip, spaces)->Arg(100'000)->Arg(200'000);
BENCHMARK_CAPTURE(hostile, digits, kPhoneRule, digits)->Arg(100'000)->Arg(200'000);

}  // namespace
