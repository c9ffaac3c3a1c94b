#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "pii/export.hpp"

namespace pii::log {

/// Where a call stands: std::source_location, which clang 14 does not have. The texts live for ever.
struct SourceLocation {
  const char* file = "";
  const char* function = "";
  std::uint_least32_t line = 0;  // 0: nowhere
};

/// What happened, as a literal: `log.info("payment_processed", …)`. A string made at run time does not compile; what changes from
/// event to event belongs in fields. 1 to 128 printable ASCII characters. It also keeps where the call stands.
class EventName {
 public:
  template <std::size_t N>
  consteval EventName(const char (&literal)[N], const char* file = __builtin_FILE(),  // NOLINT: implicit
                      const char* function = __builtin_FUNCTION(), std::uint_least32_t line = __builtin_LINE())
      : text_(literal, N - 1), where_{file, function, line} {
    if (N < 2 || N > 129) throw "an event name has 1 to 128 characters";
    for (const char c : text_) {
      if (c < 0x20 || c > 0x7E) throw "an event name is printable ASCII";
    }
  }

  std::string_view text() const noexcept { return text_; }
  const SourceLocation& where() const noexcept { return where_; }

 private:
  friend PII_EXPORT EventName runtime_event(std::string_view, const char*, const char*, std::uint_least32_t) noexcept;
  EventName(std::string_view text, SourceLocation where) noexcept : text_(text), where_(where) {}

  std::string_view text_;
  SourceLocation where_;
};

/// What a person is told, with a `{}` for each of `N` fields (`{{` and `}}` are braces): a literal whose count does not fit does not
/// compile. See Logger::infof().
template <std::size_t N>
class MessageText {
 public:
  template <std::size_t Size>
  consteval MessageText(const char (&literal)[Size]) : text_(literal, Size - 1) {  // NOLINT: implicit
    std::size_t places = 0;
    for (std::size_t i = 0; i < text_.size(); ++i) {
      if (text_[i] != '{' && text_[i] != '}') continue;
      const char next = i + 1 < text_.size() ? text_[i + 1] : ' ';
      if (text_[i] == '{' && next == '}') {
        ++places;
      } else if (text_[i] != next) {
        throw "a place is {}, a brace is doubled";
      }
      ++i;
    }
    if (places != N) throw "one {} for each field";
  }
  std::string_view text() const noexcept { return text_; }

 private:
  std::string_view text_;
};

/// The visible exception: an event's name that is known only at run time. It is masked like a field and counted
/// (Stats::runtime_events). The text must live for the call.
PII_EXPORT EventName runtime_event(std::string_view text, const char* file = __builtin_FILE(),
                                   const char* function = __builtin_FUNCTION(),
                                   std::uint_least32_t line = __builtin_LINE()) noexcept;

}  // namespace pii::log
