#include "detect/digits.hpp"
#include "detect/families.hpp"
#include "detect/words.hpp"

namespace pii::detect {

void find_imei(Scan& scan, Level level) {
  if (level != Level::context) return;
  Digits digits;
  std::size_t done = 0;
  for_each_number(scan, [&](const Number& run) {
    const std::size_t begin = run.begin;
    std::size_t end = run.end;
    if (begin < done) return;
    digits.clear();
    if (end - begin == 15) {
      for (const char c : scan.view(begin, end)) digits.push(c);
    } else if (end - begin == 2) {
      end = match_groups(scan, run, "2661", "- ", digits);
    } else {
      return;
    }
    if (end == 0 || !passes_luhn(digits.view()) || all_equal(digits.view())) return;
    if (!scan.stands_free(begin, end) || !scan.has_context(Detector::imei, begin)) return;
    done = end;
    scan.take(begin, end, Detector::imei);
  });
}

void find_iccid(Scan& scan, Level level) {
  if (level != Level::context) return;
  for_each_number(scan, [&](std::size_t begin, std::size_t end) {
    const std::string_view digits = scan.view(begin, end);
    if (digits.size() < 18 || digits.size() > 20 || !digits.starts_with("89")) return;
    // Twenty digits end with one more behind the check digit.
    if (!passes_luhn(digits.size() == 20 ? digits.substr(0, 19) : digits) && !passes_luhn(digits)) return;
    if (!scan.stands_free(begin, end) || !scan.has_context(Detector::iccid, begin)) return;
    scan.take(begin, end, Detector::iccid);
  });
}

void find_vin(Scan& scan, Level level) {
  if (level != Level::context) return;
  const std::string_view text = scan.free_text();
  for (std::size_t i = scan.begin(); i < text.size();) {
    if (!is_alnum(text[i])) {
      ++i;
      continue;
    }
    const std::size_t begin = i;
    while (i < text.size() && is_alnum(text[i])) ++i;
    if (i - begin != 17 || scan.touches(begin - 1) || scan.touches(i)) continue;
    // ISO 3779; the check digit is North America's, so it does not decide.
    std::size_t digits = 0;
    bool plain = true;
    for (const char raw : scan.view(begin, i)) {
      const char c = to_upper(raw);
      digits += is_digit(c) ? 1U : 0U;
      plain = plain && c != 'I' && c != 'O' && c != 'Q';
    }
    if (!plain || digits < 4 || digits == 17 || !scan.stands_free(begin, i)) continue;
    if (scan.has_context(Detector::vin, begin)) scan.take(begin, i, Detector::vin);
  }
}

}  // namespace pii::detect
