#include "clock.hpp"

#include <array>
#include <chrono>
#include <cstdio>

namespace piictl {
namespace {

constexpr std::int64_t kSecondsPerDay = 86400;

// "Z", "+02:00" or "-02:00" in seconds.
std::optional<std::int64_t> parse_offset(const std::string& text) {
  if (text == "Z" || text == "z") return 0;
  char sign = 0;
  unsigned hours = 0, minutes = 0;
  int used = 0;
  if (std::sscanf(text.c_str(), "%c%2u:%2u%n", &sign, &hours, &minutes, &used) != 3) return std::nullopt;
  if ((sign != '+' && sign != '-') || static_cast<std::size_t>(used) != text.size()) return std::nullopt;
  const auto seconds = static_cast<std::int64_t>(hours * 3600 + minutes * 60);
  return sign == '+' ? seconds : -seconds;
}

}  // namespace

std::string to_rfc3339(std::time_t time) {
  std::tm utc = {};
  ::gmtime_r(&time, &utc);
  std::array<char, 32> text;
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc);
  return std::string(text.data(), size);
}

std::optional<std::time_t> parse_rfc3339(std::string_view text) {
  const std::string copy(text);
  int year = 0, used = 0;
  unsigned month = 0, day = 0, hour = 0, minute = 0, second = 0;
  char separator = 0;
  if (std::sscanf(copy.c_str(), "%4d-%2u-%2u%c%2u:%2u:%2u%n", &year, &month, &day, &separator, &hour, &minute,
                  &second, &used) != 7 ||
      (separator != 'T' && separator != 't')) {
    return std::nullopt;
  }
  auto rest = static_cast<std::size_t>(used);
  if (rest < copy.size() && copy[rest] == '.') rest = copy.find_first_not_of("0123456789", rest + 1);
  if (rest == std::string::npos) return std::nullopt;
  const auto offset = parse_offset(copy.substr(rest));
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                         std::chrono::day{day}};
  if (!offset || !date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
  return static_cast<std::time_t>(days * kSecondsPerDay + hour * 3600 + minute * 60 + second - *offset);
}

std::optional<std::int64_t> age_in_days(std::string_view created_at, std::time_t now) {
  const auto created = parse_rfc3339(created_at);
  if (!created || *created > now) return std::nullopt;
  return (now - *created) / kSecondsPerDay;
}

}  // namespace piictl
