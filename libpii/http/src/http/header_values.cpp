#include "http/header_values.hpp"

#include <array>
#include <charconv>

namespace pii::http {
namespace {

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::optional<int> number(std::string_view digits) {
  int value = 0;
  const char* end = digits.data() + digits.size();
  const auto [stopped, failure] = std::from_chars(digits.data(), end, value);
  if (digits.empty() || digits[0] == '-' || failure != std::errc() || stopped != end) return std::nullopt;
  return value;
}

}  // namespace

bool HeaderLine::is(std::string_view lower) const noexcept {
  if (name.size() != lower.size()) return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i] >= 'A' && name[i] <= 'Z' ? static_cast<char>(name[i] - 'A' + 'a') : name[i];
    if (c != lower[i]) return false;
  }
  return true;
}

std::optional<HeaderLine> split_header(std::string_view line) noexcept {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  return HeaderLine{line.substr(0, colon), trim(line.substr(colon + 1))};
}

std::optional<std::chrono::seconds> parse_retry_after(std::string_view value) {
  constexpr int kDay = 86'400;
  const auto seconds = number(value);
  if (!seconds || *seconds > kDay) return std::nullopt;
  return std::chrono::seconds(*seconds);
}

std::optional<std::chrono::system_clock::time_point> parse_http_date(std::string_view value) {
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (value.size() != 29 || !value.ends_with(" GMT") || value[3] != ',') return std::nullopt;
  const auto day = number(value.substr(5, 2));
  const auto year = number(value.substr(12, 4));
  const auto hour = number(value.substr(17, 2));
  const auto minute = number(value.substr(20, 2));
  const auto second = number(value.substr(23, 2));
  if (!day || !year || !hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60) {
    return std::nullopt;
  }
  for (unsigned month = 0; month < kMonths.size(); ++month) {
    if (value.substr(8, 3) != kMonths[month]) continue;
    const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(month + 1),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
           std::chrono::seconds(*second);
  }
  return std::nullopt;
}

}  // namespace pii::http
