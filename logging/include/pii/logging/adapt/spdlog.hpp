#pragma once

// For programs that log with spdlog (1.10 or later); header only. Call it before threads log: spdlog's sinks() is not synchronized.
// In asynchronous mode the text lies unmasked in spdlog's own queue, and so it does in an enable_backtrace() buffer.

#include <spdlog/sinks/sink.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <string>
#include <utility>

#include "pii/logging/logger.hpp"
#include "pii/logging/masking.hpp"
#include "pii/logging/sink.hpp"

namespace pii::log::adapt {

inline Level to_level(spdlog::level::level_enum level) noexcept { return static_cast<Level>(static_cast<int>(level)); }
inline spdlog::level::level_enum to_spdlog(Level level) noexcept { return static_cast<spdlog::level::level_enum>(static_cast<int>(level)); }
static_assert(static_cast<int>(Level::critical) == SPDLOG_LEVEL_CRITICAL, "the six levels stand in one order");

/// A sink in front of a sink: it masks the payload and the logger's name, whatever pattern or formatter is set behind it.
class MaskingSink final : public spdlog::sinks::sink {
 public:
  explicit MaskingSink(spdlog::sink_ptr inner) : inner_(std::move(inner)) { set_level(inner_->level()); }
  void log(const spdlog::details::log_msg& message) override {
    const std::string text = masked({message.payload.data(), message.payload.size()});
    const std::string name = masked({message.logger_name.data(), message.logger_name.size()});
    spdlog::details::log_msg copy = message;
    copy.logger_name = spdlog::string_view_t(name.data(), name.size());
    copy.payload = spdlog::string_view_t(text.data(), text.size());
    inner_->log(copy);
  }
  void flush() override { inner_->flush(); }
  void set_pattern(const std::string& pattern) override { inner_->set_pattern(pattern); }
  void set_formatter(std::unique_ptr<spdlog::formatter> formatter) override { inner_->set_formatter(std::move(formatter)); }

 private:
  const spdlog::sink_ptr inner_;
};

/// spdlog's events as ours: the payload is the event's name, the logger's name the logger.
class ForwardingSink final : public spdlog::sinks::sink {
 public:
  void log(const spdlog::details::log_msg& message) override {
    const Logger logger = get_logger({message.logger_name.data(), message.logger_name.size()});
    logger.log(to_level(message.level), runtime_event({message.payload.data(), message.payload.size()}));
  }
  void flush() override {}
  void set_pattern(const std::string&) override {}
  void set_formatter(std::unique_ptr<spdlog::formatter>) override {}
};

/// For loggers that are made later: pass wrap(sink) instead of sink.
inline spdlog::sink_ptr wrap(spdlog::sink_ptr sink) {
  if (dynamic_cast<MaskingSink*>(sink.get()) != nullptr || dynamic_cast<ForwardingSink*>(sink.get()) != nullptr) return sink;
  return std::make_shared<MaskingSink>(std::move(sink));
}
/// Every sink of every registered logger, and of the default one, masks from now on. Twice is once.
inline void protect_spdlog() {
  spdlog::apply_all([](const std::shared_ptr<spdlog::logger>& logger) {
    for (spdlog::sink_ptr& sink : logger->sinks()) sink = wrap(std::move(sink));
  });
}
/// Every registered logger writes ECS lines through the session from now on, instead of to its own sinks.
inline void ecs_spdlog() {
  spdlog::apply_all([](const std::shared_ptr<spdlog::logger>& logger) { logger->sinks() = {std::make_shared<ForwardingSink>()}; });
}

/// An output of ours that is a sink of spdlog's: it gets finished lines; give it the pattern "%v".
class SpdlogOutput final : public Sink {
 public:
  explicit SpdlogOutput(spdlog::sink_ptr inner) : inner_(std::move(inner)) {}
  void write(const MaskedLine& line) noexcept override {
    accepted_.fetch_add(1, std::memory_order_relaxed);
    const std::string_view text = line.text().substr(0, line.text().size() - 1);
    try {
      inner_->log(spdlog::details::log_msg(spdlog::string_view_t(), to_spdlog(line.level()), spdlog::string_view_t(text.data(), text.size())));
    } catch (...) {
      failed_.fetch_add(1, std::memory_order_relaxed);
    }
  }
  bool flush(std::chrono::milliseconds) noexcept override {
    try {
      inner_->flush();
      return true;
    } catch (...) {
      return false;
    }
  }
  SinkCounts counts() const noexcept override {
    SinkCounts counts;
    counts.failed = failed_.load(std::memory_order_relaxed);
    counts.accepted = accepted_.load(std::memory_order_relaxed);
    counts.written = counts.accepted - counts.failed;
    return counts;
  }

 private:
  const spdlog::sink_ptr inner_;
  std::atomic<std::uint64_t> accepted_{0};
  std::atomic<std::uint64_t> failed_{0};
};

}  // namespace pii::log::adapt

namespace pii {
using log::adapt::ecs_spdlog;
using log::adapt::protect_spdlog;
}  // namespace pii
