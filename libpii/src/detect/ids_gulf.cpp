#include "detect/digits.hpp"
#include "detect/families.hpp"

namespace pii::detect {
namespace {

// ISO 3166-1 numeric codes of the states most residents of Qatar come from, and its own.
bool is_qatar_nationality(int code) noexcept {
  static constexpr int kCodes[] = {
      4,   12,  24,  31,  32,  36,  40,  48,  50,  51,  56,  64,  68,  70,  76,  100, 104, 108, 112, 116,
      120, 124, 140, 144, 148, 152, 156, 170, 174, 178, 180, 191, 192, 196, 203, 204, 208, 218, 226, 231,
      232, 233, 246, 250, 262, 266, 268, 270, 275, 276, 288, 300, 320, 324, 332, 340, 348, 352, 356, 360,
      364, 368, 372, 380, 384, 388, 392, 398, 400, 404, 408, 410, 414, 417, 418, 422, 426, 428, 430, 434,
      440, 442, 450, 454, 458, 462, 466, 470, 478, 480, 484, 496, 498, 499, 504, 508, 512, 516, 524, 528,
      554, 558, 562, 566, 578, 586, 591, 600, 604, 608, 616, 620, 634, 642, 643, 646, 682, 686, 688, 694,
      702, 703, 704, 705, 706, 710, 716, 724, 728, 729, 740, 748, 752, 756, 760, 762, 764, 768, 780, 784,
      788, 792, 795, 800, 804, 807, 818, 826, 834, 840, 854, 858, 860, 862, 887, 894};
  for (const int known : kCodes) {
    if (known == code) return true;
  }
  return false;
}

bool is_kw_civil_id(std::string_view digits) noexcept {
  static constexpr int kWeights[] = {2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  const int century = digit_of(digits[0]);
  if (century < 1 || century > 3) return false;
  const int year = 1700 + century * 100 + number_at(digits, 1, 2);
  if (!is_date(year, number_at(digits, 3, 2), number_at(digits, 5, 2))) return false;
  return 11 - weighted_sum(digits, kWeights, 11) % 11 == digit_of(digits[11]);
}

}  // namespace

void find_kw_civil_id(Scan& scan, Level level) {
  for_each_number(scan, [&](std::size_t begin, std::size_t end) {
    if (end - begin != 12 || !is_kw_civil_id(scan.view(begin, end)) || !scan.stands_free(begin, end)) return;
    if (scan.text()[begin] == '1') {
      if (level != Level::context || !scan.has_context(Detector::kw_civil_id, begin)) return;
    } else if (!scan.allows(Detector::kw_civil_id, level, begin)) {
      return;
    }
    scan.take(begin, end, Detector::kw_civil_id);
  });
}

void find_sa_id(Scan& scan, Level level) {
  if (level != Level::context) return;
  for_each_number(scan, [&](std::size_t begin, std::size_t end) {
    const char first = scan.text()[begin];
    if (end - begin != 10 || (first != '1' && first != '2') || !passes_luhn(scan.view(begin, end))) return;
    if (!scan.stands_free(begin, end) || !scan.has_context(Detector::sa_id, begin)) return;
    scan.take(begin, end, Detector::sa_id);
  });
}

void find_ae_eid(Scan& scan, Level level) {
  Digits digits;
  std::size_t done = 0;
  for_each_number(scan, [&](const Number& run) {
    const std::size_t begin = run.begin;
    std::size_t end = run.end;
    if (begin < done || !scan.view(begin, end).starts_with("784")) return;
    const bool grouped = end - begin == 3;
    if (grouped) {
      end = match_groups(scan, run, "3471", "- ", digits);
      if (end == 0) return;
    } else if (end - begin == 15) {
      digits.clear();
      for (const char c : scan.view(begin, end)) digits.push(c);
    } else {
      return;
    }
    const int year = number_at(digits.view(), 3, 4);
    if (year < 1900 || year > 2035) return;
    // The hyphens of the printed form prove it as well as the check digit.
    const bool hyphens = grouped && scan.text()[begin + 3] == '-';
    if (!hyphens && !passes_luhn(digits.view())) return;
    if (!scan.stands_free(begin, end) || !scan.allows(Detector::ae_eid, level, begin)) return;
    done = end;
    scan.take(begin, end, Detector::ae_eid);
  });
}

void find_qa_qid(Scan& scan, Level level) {
  if (level != Level::context) return;
  for_each_number(scan, [&](std::size_t begin, std::size_t end) {
    const std::string_view digits = scan.view(begin, end);
    if (digits.size() != 11 || (digits[0] != '2' && digits[0] != '3')) return;
    if (!is_qatar_nationality(number_at(digits, 3, 3)) || !scan.stands_free(begin, end)) return;
    if (scan.has_context(Detector::qa_qid, begin)) scan.take(begin, end, Detector::qa_qid);
  });
}

void find_bh_cpr(Scan& scan, Level level) {
  if (level != Level::context) return;
  for_each_number(scan, [&](std::size_t begin, std::size_t end) {
    const std::string_view digits = scan.view(begin, end);
    if (digits.size() != 9 || all_equal(digits)) return;
    const int month = number_at(digits, 2, 2);
    if (month < 1 || month > 12 || !scan.stands_free(begin, end)) return;
    if (scan.has_context(Detector::bh_cpr, begin)) scan.take(begin, end, Detector::bh_cpr);
  });
}

void find_om_civil(Scan& scan, Level level) {
  if (level != Level::context) return;
  for_each_number(scan, [&](std::size_t begin, std::size_t end) {
    const std::string_view digits = scan.view(begin, end);
    if (digits.size() < 7 || digits.size() > 9 || digits[0] == '0' || all_equal(digits)) return;
    if (begins_with_date(digits) || !scan.stands_free(begin, end)) return;
    if (scan.has_context(Detector::om_civil, begin)) scan.take(begin, end, Detector::om_civil);
  });
}

}  // namespace pii::detect
