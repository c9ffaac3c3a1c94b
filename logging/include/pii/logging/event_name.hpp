#pragma once

#include <cstddef>
#include <source_location>
#include <string_view>

#include "pii/export.hpp"

namespace pii::log {

/// What happened, as a literal: `log.info("payment_processed", …)`. A string made at run time does not compile; what changes from
/// event to event belongs in fields. 1 to 128 printable ASCII characters. It also keeps where the call stands.
class EventName {
 public:
  template <std::size_t N>
  consteval EventName(const char (&literal)[N], std::source_location where = std::source_location::current())  // NOLINT: implicit
      : text_(literal, N - 1), where_(where) {
    if (N < 2 || N > 129) throw "an event name has 1 to 128 characters";
    for (const char c : text_) {
      if (c < 0x20 || c > 0x7E) throw "an event name is printable ASCII";
    }
  }

  std::string_view text() const noexcept { return text_; }
  const std::source_location& where() const noexcept { return where_; }

 private:
  friend PII_EXPORT EventName runtime_event(std::string_view, std::source_location) noexcept;
  EventName(std::source_location where, std::string_view text) noexcept : text_(text), where_(where) {}

  std::string_view text_;
  std::source_location where_;
};

/// The visible exception: an event's name that is known only at run time. It is masked like a field and counted
/// (Stats::runtime_events). The text must live for the call.
PII_EXPORT EventName runtime_event(std::string_view text,
                                   std::source_location where = std::source_location::current()) noexcept;

}  // namespace pii::log
