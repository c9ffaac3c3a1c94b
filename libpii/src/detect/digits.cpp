#include "detect/digits.hpp"

#include <bit>
#include <cstdint>
#include <cstring>

namespace pii::detect {

std::size_t count_groups(const Scan& scan, const Number& run, std::size_t most) noexcept {
  const std::string_view text = scan.free_text();
  const Number* const end = scan.numbers().data() + scan.numbers().size();
  std::size_t count = 1;
  for (const Number* next = &run + 1; count < most && next != end && next->begin == next[-1].end + 1 && next->end <= text.size(); ++next, ++count) {
    if (text[next[-1].end] != text[run.end]) break;
  }
  return count;
}

std::size_t match_groups(const Scan& scan, const Number& run, std::string_view sizes, std::string_view separators, Digits& digits) noexcept {
  const Number* const runs = &run;
  if (count_groups(scan, run, sizes.size()) != sizes.size() || separators.find(scan.text()[run.end]) == std::string_view::npos) return 0;
  for (std::size_t i = 1; i < sizes.size(); ++i) {
    if (runs[i].end - runs[i].begin != static_cast<std::uint32_t>(digit_of(sizes[i]))) return 0;
  }
  digits.set(scan.text(), runs, sizes.size());
  return runs[sizes.size() - 1].end;
}

namespace {

// Of eight digits, of which the second, fourth, sixth and eighth stand as they are and the others are doubled.
int luhn_sum_of_eight(const char* digits) noexcept {
  constexpr std::uint64_t kLow = 0x000F000F000F000F, kOnes = 0x0001000100010001;
  std::uint64_t bytes;
  std::memcpy(&bytes, digits, 8);
  const std::uint64_t doubled = bytes & kLow, single = bytes >> 8 & kLow;
  const std::uint64_t above_four = (doubled + 3 * kOnes) >> 3 & kOnes;  // a product of two digits counts 9 less
  return static_cast<int>(((single + 2 * doubled - 9 * above_four) * kOnes) >> 48);
}

}  // namespace

bool passes_luhn(std::string_view digits) noexcept {
  static constexpr int kDoubled[] = {0, 2, 4, 6, 8, 1, 3, 5, 7, 9};
  int sum = 0;
  std::size_t i = digits.size();
  if constexpr (std::endian::native == std::endian::little) {
    for (; i >= 8; i -= 8) sum += luhn_sum_of_eight(digits.data() + i - 8);
  }
  for (; i >= 2; i -= 2) sum += digit_of(digits[i - 1]) + kDoubled[digit_of(digits[i - 2])];
  if (i == 1) sum += digit_of(digits[0]);
  return sum % 10 == 0;
}

bool passes_verhoeff(std::string_view digits) noexcept {
  static constexpr unsigned char kProduct[10][10] = {
      {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 2, 3, 4, 0, 6, 7, 8, 9, 5}, {2, 3, 4, 0, 1, 7, 8, 9, 5, 6},
      {3, 4, 0, 1, 2, 8, 9, 5, 6, 7}, {4, 0, 1, 2, 3, 9, 5, 6, 7, 8}, {5, 9, 8, 7, 6, 0, 4, 3, 2, 1},
      {6, 5, 9, 8, 7, 1, 0, 4, 3, 2}, {7, 6, 5, 9, 8, 2, 1, 0, 4, 3}, {8, 7, 6, 5, 9, 3, 2, 1, 0, 4},
      {9, 8, 7, 6, 5, 4, 3, 2, 1, 0}};
  static constexpr unsigned char kPermutation[8][10] = {
      {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 5, 7, 6, 2, 8, 3, 0, 9, 4}, {5, 8, 0, 3, 7, 9, 6, 1, 4, 2},
      {8, 9, 1, 6, 0, 4, 3, 5, 2, 7}, {9, 4, 5, 3, 1, 2, 6, 8, 7, 0}, {4, 2, 8, 6, 5, 7, 3, 9, 0, 1},
      {2, 7, 9, 3, 8, 0, 6, 4, 1, 5}, {7, 0, 4, 6, 9, 1, 3, 2, 5, 8}};
  unsigned char check = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    check = kProduct[check][kPermutation[i % 8][digit_of(digits[digits.size() - 1 - i])]];
  }
  return check == 0;
}

bool all_equal(std::string_view digits) noexcept {
  return digits.find_first_not_of(digits.front()) == std::string_view::npos;
}

int weighted_sum(std::string_view digits, const int* weights, std::size_t count) noexcept {
  int sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += digit_of(digits[i]) * weights[i];
  return sum;
}

int number_at(std::string_view digits, std::size_t offset, std::size_t count) noexcept {
  int number = 0;
  for (std::size_t i = 0; i < count; ++i) number = number * 10 + digit_of(digits[offset + i]);
  return number;
}

bool is_date(int year, int month, int day) noexcept {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12 || day < 1) return false;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= kDays[month - 1] + (month == 2 && leap ? 1 : 0);
}

bool begins_with_date(std::string_view digits) noexcept {
  if (digits.size() < 8) return false;
  const int year = number_at(digits, 0, 4);
  return year >= 1970 && year <= 2099 && is_date(year, number_at(digits, 4, 2), number_at(digits, 6, 2));
}

}  // namespace pii::detect
