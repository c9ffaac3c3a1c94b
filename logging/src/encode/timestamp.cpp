#include "encode/timestamp.hpp"

#include <cstdint>
#include <cstring>

namespace pii::log {

namespace {

using Time = std::chrono::system_clock::time_point;
constexpr std::size_t kSecond = 20;  // 2025-01-13T10:30:00.

struct SecondText {
  Time begin = Time::max();
  char text[kSecond + 1] = "1970-01-01T00:00:00.";  // for a clock far out of range
};

inline char* write_two(std::uint32_t number, char* out) noexcept {
  out[0] = static_cast<char>('0' + number / 10);
  out[1] = static_cast<char>('0' + number % 10);
  return out + 2;
}

// By the calendar of <chrono>: gmtime_r takes a lock, which a child that is forked meanwhile finds held for ever.
void begin_second(Time time, SecondText& cached) noexcept {
  cached = {};
  if (time < Time::min() + std::chrono::seconds(1)) {  // its second began before any time
    cached.begin = Time::min();
    return;
  }
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  cached.begin = second;
  const auto day = std::chrono::floor<std::chrono::days>(second);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(second - day);
  const int year = static_cast<int>(date.year());
  if (year < 0 || year > 9999) return;
  char* out = write_two(static_cast<std::uint32_t>(year / 100), cached.text);
  out = write_two(static_cast<std::uint32_t>(year % 100), out);
  for (const unsigned part : {static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                              static_cast<unsigned>(clock.hours().count()), static_cast<unsigned>(clock.minutes().count()),
                              static_cast<unsigned>(clock.seconds().count())}) {
    out = write_two(part, out + 1);
  }
}

inline char* write_three(std::uint32_t number, char* out) noexcept {
  out[0] = static_cast<char>('0' + number / 100);
  out[1] = static_cast<char>('0' + number / 10 % 10);
  out[2] = static_cast<char>('0' + number % 10);
  return out + 3;
}

}  // namespace

char* write_timestamp(Time time, int digits, char* out) noexcept {
  thread_local constinit SecondText cached;
  // Unsigned: earlier is much later, and nothing overflows.
  const auto ticks = [](Time of) { return static_cast<std::uint64_t>(of.time_since_epoch().count()); };
  constexpr auto kTicks = static_cast<std::uint64_t>(Time::duration(std::chrono::seconds(1)).count());
  if (ticks(time) - ticks(cached.begin) >= kTicks) begin_second(time, cached);
  const std::uint64_t since = ticks(time) - ticks(cached.begin);
  std::memcpy(out, cached.text, kSecond);
  out = write_three(static_cast<std::uint32_t>(since / (kTicks / 1000)), out + kSecond);
  if (digits != 3) out = write_three(static_cast<std::uint32_t>(since / (kTicks / 1'000'000) % 1000), out);
  *out = 'Z';
  return out + 1;
}

void write_timestamp(Time time, int digits, std::string& out) {
  char text[kTimestampSize];
  out.append(text, write_timestamp(time, digits, text));
}

}  // namespace pii::log
