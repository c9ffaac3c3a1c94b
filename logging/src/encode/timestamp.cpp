#include "encode/timestamp.hpp"

#include <cstdint>
#include <cstring>
#include <ctime>

namespace pii::log {

namespace {

using Time = std::chrono::system_clock::time_point;
constexpr std::size_t kSecond = 20;  // 2025-01-13T10:30:00.

struct SecondText {
  Time begin = Time::max();
  char text[64] = "1970-01-01T00:00:00.";  // for a clock far out of range
};

void begin_second(Time time, SecondText& cached) noexcept {
  if (time < Time::min() + std::chrono::seconds(1)) {  // its second began before any time
    cached = {};
    cached.begin = Time::min();
    return;
  }
  cached.begin = std::chrono::floor<std::chrono::seconds>(time);
  const std::time_t whole = std::chrono::system_clock::to_time_t(cached.begin);
  std::tm utc = {};
  ::gmtime_r(&whole, &utc);
  if (std::strftime(cached.text, sizeof cached.text, "%Y-%m-%dT%H:%M:%S.", &utc) != kSecond) {
    std::memcpy(cached.text, SecondText().text, kSecond + 1);
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
  const auto micros = static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::microseconds>(time - cached.begin).count());
  std::memcpy(out, cached.text, kSecond);
  out = write_three(micros / 1000, out + kSecond);
  if (digits != 3) out = write_three(micros % 1000, out);
  *out = 'Z';
  return out + 1;
}

void write_timestamp(Time time, int digits, std::string& out) {
  char text[kTimestampSize];
  out.append(text, write_timestamp(time, digits, text));
}

}  // namespace pii::log
