#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "front/masking_stage.hpp"
#include "ship/protocols.hpp"
#include "ship/queue_shipper.hpp"

namespace pii::kit {

/// A line as the masking stage makes it, of a text that needs no masking.
class Lines {
 public:
  const log::MaskedLine& make(std::string_view message, bool local = false) {
    bool failed = false;
    const std::string json = R"({"@timestamp":"2026-01-02T03:04:05.678Z","log.level":"info","message":")" + std::string(message) + "\"}\n";
    line_ = stage_.mask(json, log::Level::info, local, failed);
    return line_;
  }

 private:
  class Identity final : public log::LineMasker {
    void mask(std::string_view line, std::string& out) override { out += line; }
  };
  static log::MaskedLine first(log::MaskingStage& stage) {
    bool failed = false;
    return stage.mask("{}\n", log::Level::info, false, failed);
  }
  log::MaskingStage stage_{std::make_unique<Identity>()};
  log::MaskedLine line_ = first(stage_);
};

class VirtualClock final : public ship::Clock {
 public:
  ship::Steady now() const noexcept override { return now_; }
  ship::Wall wall() const noexcept override { return ship::Wall(std::chrono::seconds(1'700'000'000)) + (now_ - ship::Steady()) + jump_; }
  void advance(std::chrono::nanoseconds by) { now_ += std::chrono::duration_cast<ship::Steady::duration>(by); }
  void go_to(ship::Steady then) { now_ = std::max(now_, then); }
  void jump_wall(std::chrono::seconds by) { jump_ += by; }

 private:
  ship::Steady now_{std::chrono::hours(1000)};
  std::chrono::seconds jump_{0};
};

/// Answers as told, in order; then with `otherwise`. Keeps what was sent.
struct Script {
  std::deque<ship::Response> answers = {};
  ship::Response otherwise = {ship::Failure::none, 200, {}, {}};
  std::vector<std::string> bodies = {};
  std::function<ship::Response(std::string_view)> answer = {};
};
class ScriptedTransport final : public ship::Transport {
 public:
  explicit ScriptedTransport(std::shared_ptr<Script> script) : script_(std::move(script)) {}
  ship::Response send(std::string_view body) override {
    script_->bodies.emplace_back(body);
    if (script_->answer) return script_->answer(body);
    if (script_->answers.empty()) return script_->otherwise;
    ship::Response response = std::move(script_->answers.front());
    script_->answers.pop_front();
    return response;
  }
  void cancel() noexcept override {}

 private:
  std::shared_ptr<Script> script_;
};

inline ship::Response status(long code, std::optional<std::chrono::milliseconds> retry_after = {}) {
  return {ship::Failure::none, code, {}, retry_after};
}
inline ship::Response failure(ship::Failure what) { return {what, 0, {}, {}}; }

/// A shipper without a thread, on virtual time.
class Bench {
 public:
  explicit Bench(ship::Options options = {}, std::unique_ptr<const ship::Protocol> protocol = ship::json_lines_protocol()) {
    ship::QueueShipper::Parts parts;
    parts.options = std::move(options);
    parts.protocol = std::move(protocol);
    parts.transport = [script = script] { return std::make_unique<ScriptedTransport>(script); };
    parts.clock = &clock;
    parts.chance = [this] { return chance; };
    parts.threaded = false;
    shipper = std::make_unique<ship::QueueShipper>(std::move(parts));
  }

  void write(int count = 1) {
    for (int i = 0; i < count; ++i) shipper->write(lines.make("m" + std::to_string(written++)));
  }
  /// Works, and lets the time pass that it waits for, until nothing is left to do or `limit` is over.
  void run(std::chrono::nanoseconds limit = std::chrono::hours(1)) {
    const ship::Steady end = clock.now() + std::chrono::duration_cast<ship::Steady::duration>(limit);
    for (;;) {
      const ship::Steady next = shipper->pump();
      if (next == ship::Steady::max() || next > end) return;
      clock.go_to(next);
    }
  }
  ship::Counts counts() const { return shipper->shipping(); }

  VirtualClock clock;
  Lines lines;
  std::shared_ptr<Script> script = std::make_shared<Script>();
  std::uint64_t chance = ~std::uint64_t{0} / 2;
  int written = 0;
  std::unique_ptr<ship::QueueShipper> shipper;
};

inline bool accounted(const ship::Counts& c) {
  return c.accepted == c.sent + c.queued + c.spooled + c.dropped() + c.rejected + c.dead_lettered;
}
inline std::size_t line_count(std::string_view text) { return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')); }

}  // namespace pii::kit
