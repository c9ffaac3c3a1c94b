#include "pii/logging/logger.hpp"

#include <map>
#include <mutex>
#include <string>

#include "front/pipeline.hpp"

namespace pii::log {

struct LoggerName {
  std::string name;
  std::atomic<Level> threshold{Level::info};
};

namespace {

std::atomic<std::uint64_t> runtime_events{0};

struct Tree {
  std::mutex mutex;
  std::map<std::string, std::unique_ptr<LoggerName>, std::less<>> names;
  Level level = Level::info;
  std::map<std::string, Level, std::less<>> levels;

  // The longest name of `levels` that is this one or above it.
  Level level_of(std::string_view name) const {
    for (;;) {
      if (const auto found = levels.find(name); found != levels.end()) return found->second;
      const std::size_t dot = name.rfind('.');
      if (dot == std::string_view::npos) return level;
      name = name.substr(0, dot);
    }
  }
};

// Never destroyed: loggers are used until the process is gone.
Tree& tree() {
  static Tree& all = *new Tree;
  return all;
}

}  // namespace

void apply_levels(const Configuration& configuration) {
  Tree& all = tree();
  const std::lock_guard lock(all.mutex);
  all.level = configuration.level;
  all.levels = configuration.levels;
  for (auto& [name, logger] : all.names) logger->threshold.store(all.level_of(name), std::memory_order_relaxed);
}

void lock_loggers() noexcept { tree().mutex.lock(); }
void unlock_loggers() noexcept { tree().mutex.unlock(); }

std::uint64_t runtime_event_count() noexcept { return runtime_events.load(std::memory_order_relaxed); }

EventName runtime_event(std::string_view text, const char* file, const char* function, std::uint_least32_t line) noexcept {
  runtime_events.fetch_add(1, std::memory_order_relaxed);
  return {text, {file, function, line}};
}

Logger get_logger(std::string_view name) {
  Tree& all = tree();
  const std::lock_guard lock(all.mutex);
  auto found = all.names.find(name);
  if (found == all.names.end()) {
    auto made = std::make_unique<LoggerName>();
    made->name = name;
    made->threshold.store(all.level_of(name), std::memory_order_relaxed);
    found = all.names.emplace(std::string(name), std::move(made)).first;
  }
  return Logger(found->second.get());
}

Logger::Logger(const LoggerName* name) noexcept : name_(name), threshold_(&name->threshold) {}

std::string_view Logger::name() const noexcept { return name_->name; }

Logger Logger::bound_to(const Value& fields) const {
  Logger child = *this;
  Object all = bound_ == nullptr ? Object{} : bound_->fields;
  if (fields.object() != nullptr) all.merge(*fields.object());
  child.bound_ = std::make_shared<BoundFields>(std::move(all));
  return child;
}

// The event is put together here, in its place: what is handed on in pieces and copied at once waits for its own stores.
void Logger::write(Level level, const EventName& name, std::span<const Field> fields) const noexcept {
  Event event(level, name_->name, name, fields, bound_.get(), {});
  Pipeline::current().write(event);
}

void Logger::write_worded(Level level, const EventName& name, std::span<const Field> fields, std::string_view words) const noexcept {
  Event event(level, name_->name, name, fields, bound_.get(), words);
  Pipeline::current().write(event);
}

void Logger::write_without_fields(Level level, const EventName& event) const noexcept {
  Pipeline::current().count_encode_failure();
  write(level, event, {});
}

}  // namespace pii::log
