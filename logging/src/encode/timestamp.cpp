#include "encode/timestamp.hpp"

#include <cstring>
#include <ctime>

namespace pii::log {

namespace {

constexpr std::size_t kSecond = 19;  // 2025-01-13T10:30:00

struct SecondText {
  std::time_t second = -1;
  char text[64] = {};
};

}  // namespace

char* write_timestamp(std::chrono::system_clock::time_point time, int digits, char* out) noexcept {
  using std::chrono::floor;
  thread_local constinit SecondText cached;
  const auto second = floor<std::chrono::seconds>(time);
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(time - second).count();
  const std::time_t whole = std::chrono::system_clock::to_time_t(second);
  if (cached.second != whole) {
    std::tm utc = {};
    ::gmtime_r(&whole, &utc);
    if (std::strftime(cached.text, sizeof cached.text, "%Y-%m-%dT%H:%M:%S", &utc) != kSecond) {
      std::memcpy(cached.text, "1970-01-01T00:00:00", kSecond + 1);  // a clock far out of range
    }
    cached.second = whole;
  }
  char fraction[8] = {'.', '0', '0', '0', '0', '0', '0', 'Z'};
  auto rest = static_cast<std::uint32_t>(digits == 3 ? micros / 1000 : micros);
  for (int i = digits; i > 0; --i, rest /= 10) fraction[i] = static_cast<char>('0' + rest % 10);
  fraction[1 + digits] = 'Z';
  const std::size_t size = static_cast<std::size_t>(digits) + 2;
  std::memcpy(out, cached.text, kSecond);
  std::memcpy(out + kSecond, fraction, size);
  return out + kSecond + size;
}

void write_timestamp(std::chrono::system_clock::time_point time, int digits, std::string& out) {
  char text[kTimestampSize];
  out.append(text, write_timestamp(time, digits, text));
}

}  // namespace pii::log
