#include "keyset/timestamp.hpp"

#include <charconv>
#include <chrono>

namespace pii::keyset {
namespace {

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

bool take_date(std::string_view& text) noexcept {
  int year = 0;
  int month = 0;
  int day = 0;
  if (!take_number(text, 4, year) || !take_one_of(text, "-") || !take_number(text, 2, month) ||
      !take_one_of(text, "-") || !take_number(text, 2, day)) {
    return false;
  }
  return std::chrono::year_month_day(std::chrono::year(year),
                                     std::chrono::month(static_cast<unsigned>(month)),
                                     std::chrono::day(static_cast<unsigned>(day)))
      .ok();
}

bool take_time(std::string_view& text) noexcept {
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
  return hour <= 23 && minute <= 59 && second <= 60;  // 60: a leap second
}

bool take_offset(std::string_view& text) noexcept {
  if (take_one_of(text, "Zz")) return true;
  int hour = 0;
  int minute = 0;
  return take_one_of(text, "+-") && take_number(text, 2, hour) && take_one_of(text, ":") &&
         take_number(text, 2, minute) && hour <= 23 && minute <= 59;
}

}  // namespace

bool is_rfc3339(std::string_view text) noexcept {
  return take_date(text) && take_one_of(text, "Tt") && take_time(text) && take_offset(text) && text.empty();
}

bool is_rfc3339_utc(std::string_view text) noexcept { return text.ends_with('Z') && is_rfc3339(text); }

}  // namespace pii::keyset
