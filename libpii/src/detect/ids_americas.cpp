#include "detect/digits.hpp"
#include "detect/families.hpp"

namespace pii::detect {
namespace {

bool is_ssn(std::string_view digits) noexcept {
  const int area = number_at(digits, 0, 3);
  if (area == 0 || area == 666 || area >= 900) return false;
  if (number_at(digits, 3, 2) == 0 || number_at(digits, 5, 4) == 0) return false;
  return digits != "078051120" && digits != "219099999";
}

bool is_itin(std::string_view digits) noexcept {
  const int group = number_at(digits, 3, 2);
  return digits[0] == '9' && ((group >= 50 && group <= 65) || (group >= 70 && group <= 88) ||
                              (group >= 90 && group <= 92) || (group >= 94 && group <= 99));
}

// 3-2-4 proves itself with hyphens; with other separators, or bare, it needs context.
template <typename Check>
void find_us_number(Scan& scan, Level level, Detector detector, Check is_one) {
  Digits digits;
  std::size_t done = 0;
  for_each_number(scan, [&](const Number& run) {
    const std::size_t begin = run.begin;
    std::size_t end = run.end;
    if (begin < done || (end - begin != 3 && end - begin != 9) || !scan.is_worth_reading(level, detector, begin)) return;
    bool strong = false;
    if (end - begin == 3) {
      end = match_groups(scan, run, "324", "- .", digits);
      if (end == 0 || !is_one(digits.view())) return;
      strong = scan.text()[begin + 3] == '-';
    } else if (!is_one(scan.view(begin, end))) {
      return;
    }
    if (!scan.stands_free(begin, end)) return;
    if (strong ? !scan.allows(detector, level, begin)
               : level != Level::context || !scan.has_context(detector, begin))
      return;
    done = end;
    scan.take(begin, end, detector);
  });
}

// The two check digits of Brazil's numbers: weights run down to 2 and, for long numbers, begin again at 9.
bool passes_br(std::string_view digits, int longest_weight) noexcept {
  for (std::size_t count = digits.size() - 2; count < digits.size(); ++count) {
    int sum = 0;
    int weight = 2;
    for (std::size_t i = count; i-- > 0;) {
      sum += digit_of(digits[i]) * weight;
      weight = weight == longest_weight ? 2 : weight + 1;
    }
    const int rest = sum % 11;
    if (digit_of(digits[count]) != (rest < 2 ? 0 : 11 - rest)) return false;
  }
  return !all_equal(digits);
}

// Reads digits through a shape such as "ddd.ddd.ddd-dd"; returns the end or 0.
std::size_t match_shape(const Scan& scan, std::size_t begin, std::string_view shape,
                        Digits& digits) noexcept {
  digits.clear();
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const char c = scan.at(begin + i);
    if (shape[i] == 'd' ? !is_digit(c) : c != shape[i]) return 0;
    if (shape[i] == 'd') digits.push(c);
  }
  return begin + shape.size();
}

void find_br_number(Scan& scan, Level level, Detector detector, std::string_view shape, std::size_t size,
                    int longest_weight) {
  Digits digits;
  std::size_t done = 0;
  for_each_number(scan, [&](std::size_t begin, std::size_t end) {
    if (begin < done) return;
    const bool bare = end - begin == size;
    if (bare) {
      if (level != Level::context || !passes_br(scan.view(begin, end), longest_weight)) return;
      if (!scan.has_context(detector, begin)) return;
    } else {
      end = match_shape(scan, begin, shape, digits);
      if (end == 0 || !passes_br(digits.view(), longest_weight) || !scan.allows(detector, level, begin))
        return;
    }
    if (!scan.stands_free(begin, end)) return;
    done = end;
    scan.take(begin, end, detector);
  });
}

}  // namespace

void find_us_ssn(Scan& scan, Level level) { find_us_number(scan, level, Detector::us_ssn, is_ssn); }
void find_us_itin(Scan& scan, Level level) { find_us_number(scan, level, Detector::us_itin, is_itin); }
void find_br_cpf(Scan& scan, Level level) {
  find_br_number(scan, level, Detector::br_cpf, "ddd.ddd.ddd-dd", 11, 12);
}
void find_br_cnpj(Scan& scan, Level level) {
  find_br_number(scan, level, Detector::br_cnpj, "dd.ddd.ddd/dddd-dd", 14, 9);
}

}  // namespace pii::detect
