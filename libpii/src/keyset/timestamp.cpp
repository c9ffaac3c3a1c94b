#include "keyset/timestamp.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <ctime>

namespace pii::keyset {
namespace {

constexpr Seconds kHour = 3600;
constexpr Seconds kMinute = 60;
// What four digits can write of years.
constexpr Seconds kFirstDate = -62167219200;
constexpr Seconds kLastDate = 253402300799;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// The take_ functions remove what they recognize from the front of `text`.
bool take_number(std::string_view& text, std::size_t size, int& number) noexcept {
  if (text.size() < size) return false;
  for (std::size_t i = 0; i < size; ++i) {
    if (!is_digit(text[i])) return false;
  }
  std::from_chars(text.data(), text.data() + size, number);
  text.remove_prefix(size);
  return true;
}

bool take_one_of(std::string_view& text, std::string_view choices) noexcept {
  if (text.empty() || choices.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

bool take_date(std::string_view& text, Seconds& seconds) noexcept {
  int year = 0;
  int month = 0;
  int day = 0;
  if (!take_number(text, 4, year) || !take_one_of(text, "-") || !take_number(text, 2, month) ||
      !take_one_of(text, "-") || !take_number(text, 2, day)) {
    return false;
  }
  const std::chrono::year_month_day date(std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  if (!date.ok()) return false;
  seconds = std::chrono::sys_days(date).time_since_epoch().count() * kDay;
  return true;
}

bool take_time(std::string_view& text, Seconds& seconds) noexcept {
  int hour = 0;
  int minute = 0;
  int second = 0;
  if (!take_number(text, 2, hour) || !take_one_of(text, ":") || !take_number(text, 2, minute) ||
      !take_one_of(text, ":") || !take_number(text, 2, second)) {
    return false;
  }
  if (take_one_of(text, ".")) {
    if (text.empty() || !is_digit(text.front())) return false;
    while (!text.empty() && is_digit(text.front())) text.remove_prefix(1);
  }
  seconds += hour * kHour + minute * kMinute + second;
  return hour <= 23 && minute <= 59 && second <= 60;  // 60: a leap second
}

bool take_offset(std::string_view& text, Seconds& seconds) noexcept {
  if (take_one_of(text, "Zz")) return true;
  const bool ahead = text.starts_with('+');
  int hour = 0;
  int minute = 0;
  if (!take_one_of(text, "+-") || !take_number(text, 2, hour) || !take_one_of(text, ":") ||
      !take_number(text, 2, minute) || hour > 23 || minute > 59) {
    return false;
  }
  const Seconds offset = hour * kHour + minute * kMinute;
  seconds += ahead ? -offset : offset;
  return true;
}

}  // namespace

std::optional<Seconds> parse_rfc3339(std::string_view text) noexcept {
  Seconds seconds = 0;
  const bool good = take_date(text, seconds) && take_one_of(text, "Tt") && take_time(text, seconds) &&
                    take_offset(text, seconds) && text.empty();
  return good ? std::optional(seconds) : std::nullopt;
}

bool is_rfc3339(std::string_view text) noexcept { return parse_rfc3339(text).has_value(); }

bool is_rfc3339_utc(std::string_view text) noexcept { return text.ends_with('Z') && is_rfc3339(text); }

std::string to_rfc3339(Seconds seconds) {
  const std::time_t time = std::clamp(seconds, kFirstDate, kLastDate);
  std::tm utc = {};
  ::gmtime_r(&time, &utc);
  std::array<char, 32> text;
  return std::string(text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc));
}

}  // namespace pii::keyset
