#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>

#include "detect/scan.hpp"

// Numbers in text, bare or in groups, and their check digits.
namespace pii::detect {

/// The digits of a candidate, separators left out.
struct Digits {
  static constexpr std::size_t kMax = 32;
  char text[kMax];
  std::size_t size = 0;
  void clear() noexcept { size = 0; }
  void push(char digit) noexcept { text[size++] = digit; }
  /// Those of `count` runs on end; no more than there is room for.
  void set(std::string_view of, const Number* runs, std::size_t count) noexcept {
    clear();
    for (const Number* run = runs; run != runs + count; ++run) {
      for (std::size_t i = run->begin; i < run->end && size < kMax; ++i) push(of[i]);
    }
  }
  std::string_view view() const noexcept { return {text, size}; }
  int operator[](std::size_t i) const noexcept { return digit_of(text[i]); }
};

/// Calls visit(begin, end), or visit(run) where it takes that, for each run of digits that lies in the window and touches no word
/// before it.
template <typename Visit>
void for_each_number(Scan& scan, Visit visit) {
  const std::size_t end = scan.end();
  for (const Number& run : scan.numbers()) {
    if (run.end > end) break;
    if (run.begin < scan.begin() || scan.touches(run.begin - std::size_t{1})) continue;
    if constexpr (std::is_invocable_v<Visit, const Number&>) {
      visit(run);
    } else {
      visit(run.begin, run.end);
    }
  }
}

/// How many groups of digits, `most` at most, begin with the run (one of scan.numbers()), with one and the same separator of one byte
/// between them, in the window.
std::size_t count_groups(const Scan& scan, const Number& run, std::size_t most) noexcept;
/// Reads groups of digits of the sizes given ("4444") with one and the same separator out of `separators` between them; the run, one of
/// scan.numbers(), is as long as the first. Returns the end, 0 when the text differs.
std::size_t match_groups(const Scan& scan, const Number& run, std::string_view sizes, std::string_view separators, Digits& digits) noexcept;

bool passes_luhn(std::string_view digits) noexcept;
bool passes_verhoeff(std::string_view digits) noexcept;
bool all_equal(std::string_view digits) noexcept;
/// Sum of digit times weight.
int weighted_sum(std::string_view digits, const int* weights, std::size_t count) noexcept;
/// The number in digits[offset, offset + count).
int number_at(std::string_view digits, std::size_t offset, std::size_t count) noexcept;
/// Whether the date exists (Gregorian).
bool is_date(int year, int month, int day) noexcept;
/// Whether eight digits or more begin with a date YYYYMMDD of 1970 to 2099.
bool begins_with_date(std::string_view digits) noexcept;

}  // namespace pii::detect
