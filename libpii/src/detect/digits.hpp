#pragma once

#include <cstddef>
#include <string_view>

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
  std::string_view view() const noexcept { return {text, size}; }
  int operator[](std::size_t i) const noexcept { return digit_of(text[i]); }
};

/// Calls visit(begin, end) for each run of digits that lies in the window and touches no word before it.
template <typename Visit>
void for_each_number(Scan& scan, Visit visit) {
  const std::size_t end = scan.end();
  for (const Number& run : scan.numbers()) {
    if (run.end > end) break;
    if (run.begin >= scan.begin() && !scan.touches(run.begin - std::size_t{1})) visit(run.begin, run.end);
  }
}

/// Reads groups of digits of the sizes given ("4444") with one and the same separator out of `separators`
/// between them. Returns the end, 0 when the text differs.
std::size_t match_groups(const Scan& scan, std::size_t begin, std::string_view sizes,
                         std::string_view separators, Digits& digits) noexcept;

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
