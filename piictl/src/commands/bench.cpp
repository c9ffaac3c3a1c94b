#include <array>
#include <chrono>
#include <cstdio>

#include "clock.hpp"
#include "commands/bench_mask.hpp"
#include "commands/commands.hpp"
#include "output.hpp"
#include "pii/keyset_document.hpp"
#include "pii/primitive_speed.hpp"
#include "pii/protector.hpp"
#include "pii/tokenizer.hpp"
#include "process.hpp"
#include "text_table.hpp"

namespace piictl {
namespace {

using pii::KeysetUsage;
using pii::Result;

// Keysets that live in this process only, so that nobody's keys are needed.
class BenchProvider final : public pii::KeysetProvider {
 public:
  Result<void> load(KeysetUsage usage) override {
    auto document = pii::make_keyset_document(usage, {"bench", to_rfc3339(std::time(nullptr))});
    if (!document) return std::move(document).error();
    auto keyset = pii::parse_keyset(*document, usage);
    if (!keyset) return std::move(keyset).error();
    cell_for_update(usage).replace(*std::move(keyset));
    return {};
  }
  pii::ProviderHealth health() const override { return {}; }
};

constexpr std::string_view kEmail = "Ada.Lovelace@Example.C";  // 22 bytes, as in docs/performance.md
constexpr std::size_t kBatch = 512;

// One value through each way; returns false when it failed, which would make the figure meaningless.
class Workload {
 public:
  Workload(const std::shared_ptr<pii::KeysetProvider>& provider, const pii::Environment& environment,
           pii::FieldType field)
      : tokenizer_(provider, environment), protector_(provider, environment), field_(std::move(field)) {
    values_.fill(kEmail);
    for (std::size_t i = 0; i < kBatch; ++i) outputs_[i] = tokens_.data() + i * pii::kTokenV1Size;
  }

  bool tokenize_single() {
    return tokenizer_.tokenize_into(field_, kEmail, tokens_.data()) == pii::ErrorCode::ok;
  }
  bool tokenize_batch() {
    const auto failed = tokenizer_.tokenize_batch(field_, values_, outputs_, codes_);
    return failed.has_value() && *failed == 0;
  }
  bool protect() {
    const auto written = protector_.protect_into(field_, kEmail, ciphertext_);
    if (written) sealed_ = *written;
    return written.has_value();
  }
  bool reveal() {
    const auto value = protector_.reveal_into(field_, sealed_, plaintext_);
    return value.has_value() && *value == kEmail;
  }

 private:
  pii::Tokenizer tokenizer_;
  pii::Protector protector_;
  pii::FieldType field_;
  std::array<std::string_view, kBatch> values_;
  std::array<char, kBatch * pii::kTokenV1Size> tokens_;
  std::array<char*, kBatch> outputs_;
  std::array<pii::ErrorCode, kBatch> codes_;
  std::array<char, 256> ciphertext_;
  std::array<char, 256> plaintext_;
  std::string_view sealed_;
};

struct Measurement {
  std::string_view name;
  std::string_view floor_name;
  double nanoseconds = 0;
  double floor = 0;
};

// The quickest of several short runs: what disturbs a run only makes it slower. Ours and its floor take
// turns.
template <class Ours>
Result<void> measure(Measurement& result, pii::Primitive floor, std::size_t values_per_call, Ours ours) {
  using Clock = std::chrono::steady_clock;
  constexpr int kRounds = 12;
  constexpr auto kRound = std::chrono::milliseconds(20);
  for (int round = 0; round < kRounds; ++round) {
    if (stop_requested()) return interrupted_error();
    const auto start = Clock::now();
    Clock::duration elapsed{};
    std::size_t calls = 0;
    for (; elapsed < kRound; elapsed = Clock::now() - start) {
      for (int i = 0; i < 64; ++i, ++calls) {
        if (!ours()) return pii::Error(pii::ErrorCode::internal, "a value failed while it was measured");
      }
    }
    const double values = static_cast<double>(calls * values_per_call);
    const double mine = std::chrono::duration<double, std::nano>(elapsed).count() / values;
    const double bare = pii::time_primitive(floor, kRound);
    if (round == 0 || mine < result.nanoseconds) result.nanoseconds = mine;
    if (round == 0 || bare < result.floor) result.floor = bare;
  }
  return {};
}

std::string number(double value, const char* format) {
  std::array<char, 32> text;
  (void)std::snprintf(text.data(), text.size(), format, value);
  return text.data();
}

std::string to_text(std::span<const Measurement> all, const MaskSpeed& mask) {
  std::vector<std::vector<std::string>> rows = {{"WHAT", "A SECOND", "NS", "BARE", "NS", "RATIO"}};
  for (const Measurement& one : all) {
    rows.push_back({std::string(one.name), number(1e3 / one.nanoseconds, "%.2f M"),
                    number(one.nanoseconds, "%.0f"), std::string(one.floor_name), number(one.floor, "%.0f"),
                    number(one.nanoseconds / one.floor, "%.2f")});
  }
  return "one thread, values of " + std::to_string(kEmail.size()) + " bytes\n" + text_table(rows) +
         "\none thread, events of " + std::to_string(mask.event_bytes) + " bytes\n" +
         text_table({{"WHAT", "MB/S", "EVENTS A SECOND", "COPY, MB/S"},
                     {"mask", number(mask.bytes_per_second / 1e6, "%.0f"),
                      number(mask.bytes_per_second / 1e6 / static_cast<double>(mask.event_bytes), "%.2f M"),
                      number(mask.copied_per_second / 1e6, "%.0f")}});
}

std::string to_json(std::span<const Measurement> all, const MaskSpeed& mask) {
  Json results = Json::array();
  for (const Measurement& one : all) {
    results.push_back({{"name", one.name},
                       {"per_second", 1e9 / one.nanoseconds},
                       {"ns", one.nanoseconds},
                       {"floor", one.floor_name},
                       {"floor_ns", one.floor},
                       {"ratio", one.nanoseconds / one.floor}});
  }
  return to_json_line({{"value_bytes", kEmail.size()},
                       {"results", std::move(results)},
                       {"mask",
                        {{"event_bytes", mask.event_bytes},
                         {"mb_per_second", mask.bytes_per_second / 1e6},
                         {"copy_mb_per_second", mask.copied_per_second / 1e6}}}});
}

class BenchCommand final : public Command {
 public:
  void declare(OptionList&) override {}

  Result<void> run(Session& session) override {
    auto environment = pii::Environment::make("bench");
    if (!environment) return std::move(environment).error();
    auto field = pii::FieldType::make("email");
    if (!field) return std::move(field).error();
    const auto provider = std::make_shared<BenchProvider>();
    const auto work = std::make_unique<Workload>(provider, *environment, *field);

    std::array<Measurement, 4> all = {{{"tokenize, one at a time", "HMAC"},
                                       {"tokenize, in batches", "HMAC, in batches"},
                                       {"protect", "AES-256-GCM seal"},
                                       {"reveal", "AES-256-GCM open"}}};
    Result<void> done = measure(all[0], pii::Primitive::hmac, 1, [&] { return work->tokenize_single(); });
    if (done)
      done = measure(all[1], pii::Primitive::hmac_batch, kBatch, [&] { return work->tokenize_batch(); });
    if (done) done = measure(all[2], pii::Primitive::seal, 1, [&] { return work->protect(); });
    if (done) done = measure(all[3], pii::Primitive::open, 1, [&] { return work->reveal(); });
    if (!done) return done;
    const auto mask = measure_mask(provider, *environment);
    if (!mask) return mask.error();
    return write_to_standard_output(session.flags.json ? to_json(all, *mask) : to_text(all, *mask));
  }
};

}  // namespace

std::unique_ptr<Command> make_bench() { return std::make_unique<BenchCommand>(); }

}  // namespace piictl
