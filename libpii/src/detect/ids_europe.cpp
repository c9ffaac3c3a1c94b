#include <algorithm>

#include "detect/digits.hpp"
#include "detect/families.hpp"
#include "detect/words.hpp"

namespace pii::detect {

void find_uk_nhs(Scan& scan, Level level) {
  if (level != Level::context) return;
  static constexpr int kWeights[] = {10, 9, 8, 7, 6, 5, 4, 3, 2};
  Digits digits;
  std::size_t done = 0;
  for_each_number(scan, [&](const Number& run) {
    const std::size_t begin = run.begin;
    std::size_t end = run.end;
    if (begin < done) return;
    digits.clear();
    if (end - begin == 3) {
      end = match_groups(scan, run, "334", " -", digits);
    } else if (end - begin == 10) {
      for (const char c : scan.view(begin, end)) digits.push(c);
    } else {
      return;
    }
    if (end == 0 || all_equal(digits.view())) return;
    if ((11 - weighted_sum(digits.view(), kWeights, 9) % 11) % 11 != digits[9]) return;
    if (!scan.stands_free(begin, end) || !scan.has_context(Detector::uk_nhs, begin)) return;
    done = end;
    scan.take(begin, end, Detector::uk_nhs);
  });
}

void find_uk_nino(Scan& scan, Level level) {
  if (level != Level::context) return;
  for_each_code(scan, "LLddddddL", [&](std::size_t begin, std::size_t end, std::string_view code) {
    static constexpr std::string_view kNever[] = {"BG", "GB", "NK", "KN", "NT", "TN", "ZZ"};
    if (std::string_view("DFIQUV").find(code[0]) != std::string_view::npos) return;
    if (std::string_view("DFIQUVO").find(code[1]) != std::string_view::npos || code[8] > 'D') return;
    if (std::find(std::begin(kNever), std::end(kNever), code.substr(0, 2)) != std::end(kNever)) return;
    if (scan.has_context(Detector::uk_nino, begin)) scan.take(begin, end, Detector::uk_nino);
  });
}

void find_es_dni(Scan& scan, Level level) {
  if (level != Level::context) return;
  constexpr std::string_view kLetters = "TRWAGMYFPDXBNJZSQVHLCKE";
  const auto check = [&](std::size_t begin, std::size_t end, std::string_view code) {
    int number = 0;
    for (const char c : code.substr(0, 8)) number = number * 10 + (is_digit(c) ? digit_of(c) : c - 'X');
    if (kLetters[static_cast<std::size_t>(number % 23)] != code[8]) return;
    if (scan.has_context(Detector::es_dni, begin)) scan.take(begin, end, Detector::es_dni);
  };
  for_each_code(scan, "XdddddddL", check);
}

void find_it_cf(Scan& scan, Level level) {
  // Values of characters in odd places; digits as the letters A to J.
  static constexpr int kOdd[] = {1,  0,  5, 7, 9, 13, 15, 17, 19, 21, 2,  4,  18,
                                 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};
  for_each_code(scan, "LLLLLLooLooLoooL", [&](std::size_t begin, std::size_t end, std::string_view code) {
    if (std::string_view("ABCDEHLMPRST").find(code[8]) == std::string_view::npos) return;
    int sum = 0;
    for (std::size_t i = 0; i < 15; ++i) {
      const int value = is_digit(code[i]) ? digit_of(code[i]) : code[i] - 'A';
      sum += i % 2 == 0 ? kOdd[value] : value;
    }
    if ('A' + sum % 26 != code[15] || !scan.allows(Detector::it_cf, level, begin)) return;
    scan.take(begin, end, Detector::it_cf);
  });
}

}  // namespace pii::detect
