#include <algorithm>

#include "detect/digits.hpp"
#include "detect/families.hpp"
#include "detect/words.hpp"

namespace pii::detect {
namespace {

// A number of `size` digits, bare or in the groups given; check(digits, grouped) decides.
template <typename Check>
void find_grouped_id(Scan& scan, Detector detector, std::size_t size, std::string_view groups,
                     std::string_view separators, Check check) {
  Digits digits;
  std::size_t done = 0;
  for_each_number(scan, [&](const Number& run) {
    const std::size_t begin = run.begin;
    std::size_t end = run.end;
    if (begin < done) return;
    digits.clear();
    if (end - begin == size) {
      for (const char c : scan.view(begin, end)) digits.push(c);
    } else if (!groups.empty() && end - begin == static_cast<std::size_t>(digit_of(groups[0]))) {
      end = match_groups(scan, run, groups, separators, digits);
      if (end == 0) return;
    } else {
      return;
    }
    if (!check(digits.view()) || !scan.stands_free(begin, end) || !scan.has_context(detector, begin)) return;
    done = end;
    scan.take(begin, end, detector);
  });
}

bool is_palindrome(std::string_view digits) noexcept {
  return std::equal(digits.begin(), digits.end(), digits.rbegin());
}

// Governorates of Egypt, and 88 for those born abroad.
bool is_governorate(int code) noexcept {
  return (code >= 1 && code <= 4) || (code >= 11 && code <= 19) || (code >= 21 && code <= 29) ||
         (code >= 31 && code <= 35) || code == 88;
}

}  // namespace

void find_in_aadhaar(Scan& scan, Level level) {
  if (level != Level::context) return;
  find_grouped_id(scan, Detector::in_aadhaar, 12, "444", " -", [](std::string_view digits) {
    return digits[0] >= '2' && passes_verhoeff(digits) && !is_palindrome(digits);
  });
}

void find_in_pan(Scan& scan, Level level) {
  if (level != Level::context) return;
  for_each_code(scan, "LLLLLddddL", [&](std::size_t begin, std::size_t end, std::string_view code) {
    if (end - begin != code.size()) return;
    if (std::string_view("PCHFATBLJG").find(code[3]) == std::string_view::npos || code.substr(5, 4) == "0000")
      return;
    if (scan.has_context(Detector::in_pan, begin)) scan.take(begin, end, Detector::in_pan);
  });
}

void find_pk_cnic(Scan& scan, Level level) {
  if (level != Level::context) return;
  find_grouped_id(scan, Detector::pk_cnic, 13, "571", "- ", [](std::string_view digits) {
    return digits[0] >= '1' && digits[0] <= '8' && digits[1] != '0' && !all_equal(digits);
  });
}

void find_eg_nid(Scan& scan, Level level) {
  if (level != Level::context) return;
  find_grouped_id(scan, Detector::eg_nid, 14, "", "", [](std::string_view digits) {
    const int century = digit_of(digits[0]);
    if (century != 2 && century != 3) return false;
    const int year = 1700 + century * 100 + number_at(digits, 1, 2);
    return is_date(year, number_at(digits, 3, 2), number_at(digits, 5, 2)) &&
           is_governorate(number_at(digits, 7, 2));
  });
}

}  // namespace pii::detect
