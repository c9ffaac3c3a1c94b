#include "commands/bench_mask.hpp"

#include <chrono>
#include <cstring>
#include <string>
#include <string_view>

#include "pii/masker.hpp"
#include "process.hpp"

namespace piictl {
namespace {

// What services log: most of it is of no interest, some of it is.
constexpr std::string_view kEvents =
    R"({"@timestamp":"2026-03-19T02:16:07.777Z","log.level":"info","service":{"name":"pay","version":"7.13.21"},"trace.id":"18072e8c35bf992dc9e9c616612e7696","message":"receipt sent to ada@example.com","user":{"id":"u-48213","name":"Ada Lovelace","email":"ada@example.com"},"event":{"duration":35120441},"http":{"request":{"method":"POST","headers":{"user-agent":"okhttp/4.9.1","content-type":"application/json"}},"response":{"status_code":202}}}
{"@timestamp":"2026-03-19T02:16:08.001Z","log.level":"info","service":{"name":"pay","version":"7.13.21"},"trace.id":"47223179933042598ae9c61661e76961","message":"order A-1748503543 accepted","payload":{"items":[{"sku":"PX-11-83","price":12.5,"count":2},{"sku":"PX-20-07","price":3.75,"count":1}],"total":28.75,"currency":"KWD"},"url":{"path":"/v2/orders","query":"page=2&size=50"}}
{"@timestamp":"2026-03-19T02:16:08.312Z","log.level":"warn","service":{"name":"notify","version":"2.4.0"},"trace.id":"d9ed17e3cc0e95ee8d103ed3cc667e97","message":"otp to +965 9988 7766 was not delivered, attempt 2 of 5","error":{"code":"SMS_TIMEOUT","message":"gateway gw-07 did not answer within 3000 ms"},"host":{"name":"notify-6c9f-x2x7k","ip":"10.12.0.7"}}
{"@timestamp":"2026-03-19T02:16:08.640Z","log.level":"info","service":{"name":"pay","version":"7.13.21"},"trace.id":"a1b2c3d4e5f60718293a4b5c6d7e8f90","message":"card stored","payload":{"card":"5222333444555664","cardholder":"Grace Hopper","expires":"2029-11","attempts":1,"verified":true},"http":{"request":{"method":"PUT","body":{"bytes":412}}}}
)";
constexpr int kCopies = 150;  // about 256 KiB, as in a chunk of piictl mask
constexpr int kRounds = 12;
constexpr auto kRound = std::chrono::milliseconds(20);

// Bytes a second at best: what disturbs a round only makes it slower.
template <class Work>
void measure_round(std::size_t bytes, double& best, Work work) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  Clock::duration elapsed{};
  std::size_t calls = 0;
  for (; elapsed < kRound; elapsed = Clock::now() - start, ++calls) work();
  const double speed = static_cast<double>(calls * bytes) / std::chrono::duration<double>(elapsed).count();
  if (speed > best) best = speed;
}

}  // namespace

pii::Result<MaskSpeed> measure_mask(std::shared_ptr<pii::KeysetProvider> provider,
                                    const pii::Environment& environment) {
  auto policy = pii::MaskPolicy::compile(*pii::PolicySpec::profile("default"));
  if (!policy) return std::move(policy).error();
  pii::Masker masker(*policy, {.provider = std::move(provider), .environment = environment});
  std::string events;
  for (int i = 0; i < kCopies; ++i) events += kEvents;
  std::string masked;
  std::string copied(events.size(), '\0');
  masker.mask_lines(events, masked);
  const pii::MaskCounts counts = masker.counts();
  if (counts.findings() == 0 || counts.failed + counts.redacted_without_key != 0) {
    return pii::Error(pii::ErrorCode::internal, "an event was not masked while that was measured");
  }
  MaskSpeed speed = {.event_bytes = events.size() / counts.events, .found = counts.findings() / kCopies};
  for (int round = 0; round < kRounds; ++round) {
    if (stop_requested()) return interrupted_error();
    measure_round(events.size(), speed.bytes_per_second, [&] {
      masked.clear();
      masker.mask_lines(events, masked);
    });
    measure_round(events.size(), speed.copied_per_second, [&] {
      std::memcpy(copied.data(), events.data(), events.size());
      asm volatile("" : : "r"(copied.data()) : "memory");  // keeps the copy
    });
  }
  return speed;
}

}  // namespace piictl
