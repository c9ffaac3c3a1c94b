#include <array>
#include <charconv>
#include <span>

#include "pii/keyset_record.hpp"

namespace pii {
namespace {

constexpr Seconds kHour = 3600;
constexpr Seconds kMinute = 60;
constexpr Seconds kLongestDuration = 36500 * kDay;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// The take_ functions remove what they recognize from the front of `text`.
bool take(std::string_view& text, char letter) noexcept {
  if (!text.starts_with(letter)) return false;
  text.remove_prefix(1);
  return true;
}

// Whole numbers of a duration: no sign, no fraction, small enough that sums stay far from overflow.
bool take_count(std::string_view& text, Seconds& count) noexcept {
  constexpr std::size_t kMostDigits = 9;
  std::size_t digits = 0;
  while (digits < text.size() && is_digit(text[digits])) ++digits;
  if (digits == 0 || digits > kMostDigits) return false;
  std::from_chars(text.data(), text.data() + digits, count);
  text.remove_prefix(digits);
  return true;
}

struct Unit {
  char letter;
  Seconds seconds;
};

// Counts with their units, each unit once and the larger ones first. At least one.
bool take_units(std::string_view& text, std::span<const Unit> units, Seconds& seconds) noexcept {
  bool any = false;
  std::size_t next = 0;
  while (!text.empty() && is_digit(text.front())) {
    Seconds count = 0;
    if (!take_count(text, count) || text.empty()) return false;
    while (next < units.size() && units[next].letter != text.front()) ++next;
    if (next == units.size()) return false;
    seconds += count * units[next++].seconds;
    text.remove_prefix(1);
    any = true;
  }
  return any;
}

constexpr std::array kDateUnits = {Unit{'Y', 365 * kDay}, Unit{'M', 30 * kDay}, Unit{'W', 7 * kDay},
                                   Unit{'D', kDay}};
constexpr std::array kTimeUnits = {Unit{'H', kHour}, Unit{'M', kMinute}, Unit{'S', 1}};

}  // namespace

std::optional<Seconds> parse_duration(std::string_view text) noexcept {
  Seconds seconds = 0;
  if (!take(text, 'P')) return std::nullopt;
  const bool has_days = take_units(text, kDateUnits, seconds);
  if (!text.empty()) {
    if (!take(text, 'T') || !take_units(text, kTimeUnits, seconds) || !text.empty()) return std::nullopt;
  } else if (!has_days) {
    return std::nullopt;
  }
  return seconds <= kLongestDuration ? std::optional(seconds) : std::nullopt;
}

std::string to_duration(Seconds seconds) {
  if (seconds == 0) return "PT0S";
  std::string text = "P";
  if (seconds >= kDay) text += std::to_string(seconds / kDay) + "D";
  if (seconds % kDay == 0) return text;
  text += "T";
  for (const Unit& unit : kTimeUnits) {
    const Seconds count = seconds % (unit.seconds == kHour ? kDay : unit.seconds * 60) / unit.seconds;
    if (count != 0) text += std::to_string(count) + unit.letter;
  }
  return text;
}

}  // namespace pii
