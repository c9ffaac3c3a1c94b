#include "clock.hpp"

#include <array>
#include <chrono>

namespace piictl {
namespace {

constexpr std::int64_t kSecondsPerDay = 86400;

// Takes text apart from its front; once something is missing, nothing more is taken.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  int number(std::size_t digits) {
    int value = 0;
    if (rest_.size() < digits) return fail();
    for (const char c : rest_.substr(0, digits)) {
      if (c < '0' || c > '9') return fail();
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(digits);
    return value;
  }
  // The character taken, or 0.
  char one_of(std::string_view choices) {
    if (rest_.empty() || choices.find(rest_.front()) == std::string_view::npos)
      return static_cast<char>(fail());
    const char taken = rest_.front();
    rest_.remove_prefix(1);
    return taken;
  }
  void skip_fraction() {
    if (!rest_.starts_with('.')) return;
    const std::size_t end = rest_.find_first_not_of("0123456789", 1);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end);
  }
  bool good() const { return good_; }
  bool at_end() const { return rest_.empty(); }

 private:
  int fail() {
    good_ = false;
    rest_ = {};
    return 0;
  }

  std::string_view rest_;
  bool good_ = true;
};

}  // namespace

std::string to_rfc3339(std::time_t time) {
  std::tm utc = {};
  ::gmtime_r(&time, &utc);
  std::array<char, 32> text;
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc);
  return std::string(text.data(), size);
}

std::optional<std::time_t> parse_rfc3339(std::string_view text) {
  Reader reader(text);
  const int year = reader.number(4);
  reader.one_of("-");
  const int month = reader.number(2);
  reader.one_of("-");
  const int day = reader.number(2);
  reader.one_of("Tt");
  const int hour = reader.number(2);
  reader.one_of(":");
  const int minute = reader.number(2);
  reader.one_of(":");
  const int second = reader.number(2);
  reader.skip_fraction();
  std::int64_t offset = 0;
  if (const char zone = reader.one_of("Zz+-"); zone == '+' || zone == '-') {
    offset = reader.number(2) * 3600;
    reader.one_of(":");
    offset += reader.number(2) * 60;
    if (zone == '-') offset = -offset;
  }
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!reader.good() || !reader.at_end() || !date.ok() || hour > 23 || minute > 59 || second > 60)
    return std::nullopt;
  const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
  return days * kSecondsPerDay + hour * 3600 + minute * 60 + second - offset;
}

std::optional<std::int64_t> age_in_days(std::string_view created_at, std::time_t now) {
  const auto created = parse_rfc3339(created_at);
  if (!created || *created > now) return std::nullopt;
  return (now - *created) / kSecondsPerDay;
}

}  // namespace piictl
