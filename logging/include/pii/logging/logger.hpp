#pragma once

#include <atomic>
#include <concepts>
#include <memory>
#include <span>
#include <string_view>

#include "pii/export.hpp"
#include "pii/logging/error_field.hpp"
#include "pii/logging/event_name.hpp"
#include "pii/logging/field.hpp"
#include "pii/logging/level.hpp"

namespace pii::log {

/// A name in the tree of loggers and its threshold. Lives for ever.
struct LoggerName;
/// What bind() added.
struct BoundFields;

/// A handle: cheap to copy, usable from any thread, at any time, before init() and after the end. Nothing here throws. Every event is
/// masked whole, its name, fields, context and exceptions, before a byte leaves.
class PII_EXPORT Logger {
  template <class... Fields>
  static constexpr std::size_t places = (std::size_t{0} + ... + (std::same_as<Fields, LocalOnly> ? 0 : 1));

 public:
  bool enabled(Level level) const noexcept { return level >= threshold_->load(std::memory_order_relaxed); }
  std::string_view name() const noexcept;

  /// A logger whose events also carry these fields; equal names replace, objects merge.
  template <std::convertible_to<Field>... Fields>
    requires(!std::same_as<Fields, LocalOnly> && ...)
  Logger bind(const Fields&... fields) const {
    return bound_to(Value(ValueRef(object(fields...)).to_value()));
  }

  template <std::convertible_to<Field>... Fields>
  void log(Level level, EventName event, const Fields&... fields) const noexcept {
    write_fields(level, event, {}, fields...);
  }
  /// Fields that a caller collected.
  void log_list(Level level, EventName event, std::span<const Field> fields) const noexcept {
    if (enabled(level)) write(level, event, fields);
  }
  template <std::convertible_to<Field>... Fields>
  void trace(EventName event, const Fields&... fields) const noexcept { log(Level::trace, event, fields...); }
  template <std::convertible_to<Field>... Fields>
  void debug(EventName event, const Fields&... fields) const noexcept { log(Level::debug, event, fields...); }
  template <std::convertible_to<Field>... Fields>
  void info(EventName event, const Fields&... fields) const noexcept { log(Level::info, event, fields...); }
  template <std::convertible_to<Field>... Fields>
  void warning(EventName event, const Fields&... fields) const noexcept { log(Level::warning, event, fields...); }
  template <std::convertible_to<Field>... Fields>
  void error(EventName event, const Fields&... fields) const noexcept { log(Level::error, event, fields...); }
  template <std::convertible_to<Field>... Fields>
  void critical(EventName event, const Fields&... fields) const noexcept { log(Level::critical, event, fields...); }
  /// At level error, with the exception that is being handled as the field `error`.
  template <std::convertible_to<Field>... Fields>
  void exception(EventName event, const Fields&... fields) const noexcept {
    if (!enabled(Level::error)) return;
    try {
      log(Level::error, event, fields..., ErrorField(std::current_exception()));
    } catch (...) {
      write_without_fields(Level::error, event);
    }
  }
  /// The same with words for people: `log.infof("order_paid", "{} paid {}", kv("customer_name", n), kv("amount", 3))`. The fields are
  /// written as ever; the message is the words with the fields as they stand in the masked line, and the name is `event.action`.
  template <std::convertible_to<Field>... Fields>
  void logf(Level level, EventName event, MessageText<places<Fields...>> words, const Fields&... fields) const noexcept {
    write_fields(level, event, words.text(), fields...);
  }
  template <std::convertible_to<Field>... Fields>
  void debugf(EventName event, MessageText<places<Fields...>> words, const Fields&... fields) const noexcept {
    write_fields(Level::debug, event, words.text(), fields...);
  }
  template <std::convertible_to<Field>... Fields>
  void infof(EventName event, MessageText<places<Fields...>> words, const Fields&... fields) const noexcept {
    write_fields(Level::info, event, words.text(), fields...);
  }
  template <std::convertible_to<Field>... Fields>
  void warningf(EventName event, MessageText<places<Fields...>> words, const Fields&... fields) const noexcept {
    write_fields(Level::warning, event, words.text(), fields...);
  }
  template <std::convertible_to<Field>... Fields>
  void errorf(EventName event, MessageText<places<Fields...>> words, const Fields&... fields) const noexcept {
    write_fields(Level::error, event, words.text(), fields...);
  }

 private:
  friend PII_EXPORT Logger get_logger(std::string_view name);
  explicit Logger(const LoggerName* name) noexcept;

  template <class... Fields>
  void write_fields(Level level, const EventName& event, std::string_view words, const Fields&... fields) const noexcept {
    if (!enabled(level)) return;
    if constexpr (sizeof...(Fields) == 0) {
      write_words(level, event, words, {});
    } else {
      try {
        const Field list[] = {static_cast<Field>(fields)...};
        write_words(level, event, words, list);
      } catch (...) {
        write_without_fields(level, event);
      }
    }
  }
  void write_words(Level level, const EventName& event, std::string_view words, std::span<const Field> fields) const noexcept {
    words.empty() ? write(level, event, fields) : write_worded(level, event, fields, words);
  }
  Logger bound_to(const Value& fields) const;
  void write(Level level, const EventName& event, std::span<const Field> fields) const noexcept;
  void write_worded(Level level, const EventName& event, std::span<const Field> fields, std::string_view words) const noexcept;
  void write_without_fields(Level level, const EventName& event) const noexcept;

  const LoggerName* name_;
  const std::atomic<Level>* threshold_;
  std::shared_ptr<const BoundFields> bound_ = {};
};

/// The logger of a dotted name (`checkout.orders`), the same for equal names.
PII_EXPORT Logger get_logger(std::string_view name);

}  // namespace pii::log
