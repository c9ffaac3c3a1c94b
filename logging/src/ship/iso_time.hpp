#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace pii::ship {

/// Nanoseconds since 1970 of `2025-01-13T10:30:00[.fraction]Z`; nullopt for anything else, and before 1970.
inline std::optional<std::uint64_t> parse_iso_nanoseconds(std::string_view text) noexcept {
  const auto number = [&](std::size_t at, std::size_t size) {
    int value = 0;
    for (const char c : text.substr(at, size)) {
      if (c < '0' || c > '9') return -1;
      value = value * 10 + (c - '0');
    }
    return value;
  };
  if (text.size() < 20 || text.size() > 30 || text.back() != 'Z' || text[4] != '-' || text[7] != '-' || text[10] != 'T' ||
      text[13] != ':' || text[16] != ':') {
    return std::nullopt;
  }
  const int year = number(0, 4), month = number(5, 2), day = number(8, 2), hour = number(11, 2), minute = number(14, 2),
            second = number(17, 2);
  const std::size_t digits = text.size() - 20;  // of the fraction and its point
  const int fraction = digits < 2 ? 0 : number(20, digits - 1);
  if (year < 1970 || year > 2500 || month < 1 || day < 1 || hour < 0 || minute < 0 || second < 0 || fraction < 0 || hour > 23 || minute > 59 ||
      second > 60 || digits == 1 || (digits > 1 && text[19] != '.')) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  auto nanoseconds = static_cast<std::uint64_t>(fraction);
  for (std::size_t i = digits == 0 ? 0 : digits - 1; i < 9; ++i) nanoseconds *= 10;
  const auto days = std::chrono::sys_days(date).time_since_epoch().count();
  const auto seconds = static_cast<std::uint64_t>(days) * 86'400 + static_cast<std::uint64_t>(hour * 3600 + minute * 60 + second);
  return seconds * 1'000'000'000 + nanoseconds;
}

}  // namespace pii::ship
