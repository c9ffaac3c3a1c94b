// A service of another team: 16 threads tokenize, and with full access protect and reveal, while the test
// does things to the server. It is told by standard input ("report", "quit") and answers one JSON line each.

#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <iostream>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "pii/providers/configuration.hpp"
#include "pii/providers/vault_provider.hpp"

namespace {

constexpr int kThreads = 16;

struct Counts {
  std::atomic<long> calls{0};
  std::atomic<long> failed{0};
  std::atomic<long> waited{0};  // took over a millisecond and slept in it: for a lock, or for the network
};

long voluntary_switches() {
  rusage usage{};
  getrusage(RUSAGE_THREAD, &usage);
  return usage.ru_nvcsw;
}

template <class Call>
void count(Counts& counts, Call&& call) {
  const long before = voluntary_switches();
  const auto start = std::chrono::steady_clock::now();
  const bool good = call();
  const bool slow = std::chrono::steady_clock::now() - start > std::chrono::milliseconds(1);
  ++counts.calls;
  if (!good) ++counts.failed;
  if (slow && voluntary_switches() != before) ++counts.waited;
}

std::string text(const std::optional<std::uint64_t>& number) {
  return number ? std::to_string(*number) : "null";
}

class CountingObserver final : public pii::Observer {
 public:
  void on_event(const pii::ProviderEvent& event) noexcept override {
    using Kind = pii::ProviderEvent::Kind;
    if (event.kind == Kind::loaded) ++loaded;
    if (event.kind == Kind::reload_failed) ++reload_failed;
  }
  std::atomic<int> loaded{0};
  std::atomic<int> reload_failed{0};
};

template <class Facade>
void report(const Facade& pii, const Counts& counts, const Counts& control, const CountingObserver& events) {
  const auto health = pii.health();
  std::cout << "{\"calls\":" << counts.calls << ",\"failed\":" << counts.failed
            << ",\"waited\":" << counts.waited << ",\"control_waited\":" << control.waited
            << ",\"token_revision\":" << text(health.token.revision)
            << ",\"reveal_revision\":" << text(health.reveal.revision) << ",\"primary\":\""
            << health.token.primary_kid << "\",\"error\":\""
            << (health.token.last_error ? health.token.last_error->message() : "")
            << "\",\"loaded\":" << events.loaded << ",\"reload_failed\":" << events.reload_failed << "}"
            << std::endl;
}

template <class Facade, class Work>
void serve(const Facade& pii, const Facade& still, const CountingObserver& events, const Work& work) {
  Counts counts;
  Counts control;
  std::atomic<bool> stop{false};
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      // A thread's first call makes what the thread keeps, and sixteen do so at once: not the refresh's
      // doing.
      if (!work(pii) || !work(still)) ++counts.failed;
      while (!stop) {
        for (int n = 0; n < 10; ++n) {
          count(counts, [&] { return work(pii); });
          count(control, [&] { return work(still); });
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
      }
    });
  }
  for (std::string line; std::getline(std::cin, line) && line != "quit";)
    report(pii, counts, control, events);
  stop = true;
  for (std::thread& thread : threads) thread.join();
  report(pii, counts, control, events);
}

int fail(const pii::Error& error) {
  std::cout << "{\"code\":" << static_cast<int>(error.code()) << ",\"message\":\"" << error.message() << "\"}"
            << std::endl;
  return pii::error_class(error.code());
}

}  // namespace

int main() {
  const auto configuration = pii::providers::configuration_from_environment();
  if (!configuration) return fail(configuration.error());
  const auto events = std::make_shared<CountingObserver>();
  const auto environment = pii::Environment::make(configuration->environment);
  const auto still = pii::providers::VaultProvider::make({configuration->vault, false, nullptr});
  if (!environment || !still) return 1;
  (void)(*still)->load(pii::KeysetUsage::token);
  if (configuration->access == pii::providers::Access::tokenize) {
    const auto pii = pii::providers::make_pii(*configuration, events);
    if (!pii) return fail(pii.error());
    if (const auto first = pii->tokenize("email", "ada@example.com"); !first) return fail(first.error());
    report(*pii, Counts(), Counts(), *events);
    serve(*pii, pii::Pii(*still, *environment), *events,
          [](const pii::Pii& facade) { return facade.tokenize("email", "ada@example.com").has_value(); });
    return 0;
  }
  const auto pii = pii::providers::make_full_pii(*configuration, events);
  if (!pii) return fail(pii.error());
  const auto sealed = pii->protect("email", "ada@example.com");
  if (!sealed) return fail(sealed.error());
  report(*pii, Counts(), Counts(), *events);
  serve(*pii, pii::FullPii(*still, *environment), *events, [&sealed](const pii::FullPii& facade) {
    const auto revealed = facade.reveal("email", *sealed);
    return facade.tokenize("email", "ada@example.com").has_value() && revealed &&
           revealed->expose() == "ada@example.com";
  });
  return 0;
}
