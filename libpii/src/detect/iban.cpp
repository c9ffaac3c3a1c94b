#include <algorithm>

#include "detect/country_table.hpp"
#include "detect/families.hpp"
#include "detect/iban_table.hpp"

namespace pii::detect {
namespace {

const IbanFormat* format_of(char first, char second) noexcept {
  const char code[2] = {to_upper(first), to_upper(second)};
  const auto found = std::lower_bound(
      std::begin(kIbanFormats), std::end(kIbanFormats), std::string_view(code, 2),
      [](const IbanFormat& format, std::string_view wanted) { return format.country < wanted; });
  return found != std::end(kIbanFormats) && found->country == std::string_view(code, 2) ? found : nullptr;
}

bool fits(char kind, char c) noexcept {
  return kind == 'n' ? is_digit(c) : kind == 'a' ? is_letter(c) : is_alnum(c);
}

// Reads an IBAN at `begin`, blanks or hyphens between the groups left out; returns its end or 0.
std::size_t read_iban(const Scan& scan, std::size_t begin, const IbanFormat& format) noexcept {
  std::size_t i = begin + 4;
  // Country and check digits go last.
  unsigned rest = 0;
  const auto feed = [&](char c) {
    if (is_digit(c)) {
      rest = (rest * 10 + static_cast<unsigned>(digit_of(c))) % 97;
    } else {
      rest = (rest * 100 + static_cast<unsigned>(to_upper(c) - 'A' + 10)) % 97;
    }
  };
  char separator = '\0';
  for (const char* part = format.parts; *part != '\0';) {
    const char kind = *part++;
    int count = 0;
    while (is_digit(*part)) count = count * 10 + digit_of(*part++);
    for (; count > 0; --count) {
      char c = scan.at(i);
      if ((c == ' ' || c == '-') && (separator == '\0' || separator == c) && !scan.is_wall(i)) {
        separator = c;
        c = scan.at(++i);
      }
      if (!fits(kind, c) || scan.is_wall(i)) return 0;
      feed(c);
      ++i;
    }
  }
  for (std::size_t j = 0; j < 4; ++j) feed(scan.at(begin + j));
  return rest == 1 && !scan.touches(i) ? i : 0;
}

}  // namespace

void find_iban(Scan& scan, Level level) {
  const std::string_view text = scan.free_text();
  for (const Number& run : scan.numbers()) {
    // The check digits begin a run of digits.
    if (run.begin < scan.begin() + 2 || run.end - run.begin < 2) continue;
    const std::size_t i = run.begin - std::size_t{2};
    if (i + 15 > scan.end()) break;
    if (!is_letter(text[i]) || !is_letter(text[i + 1])) continue;
    if (scan.touches(i - 1) || (scan.at(i - 1) == '-' && scan.touches(i - 2))) continue;
    // Check digits of 97 - x run from 02 to 98.
    if (text[i + 2] == '0' && text[i + 3] < '2') continue;
    if (text[i + 2] == '9' && text[i + 3] == '9') continue;
    const IbanFormat* format = format_of(text[i], text[i + 1]);
    if (format == nullptr) continue;
    const std::size_t end = read_iban(scan, i, *format);
    if (end == 0 || (scan.at(end) == '-' && scan.touches(end + 1))) continue;
    if (!scan.allows(Detector::iban, level, i)) continue;
    scan.take(i, end, Detector::iban);
  }
}

void find_swift_bic(Scan& scan, Level level) {
  if (level != Level::context) return;
  const std::string_view text = scan.free_text();
  for (std::size_t i = scan.begin(); i < scan.end();) {
    if (!is_class(text[i], kUpper) || scan.touches(i - 1)) {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < scan.end() && is_class(text[end], kUpper | kDigit)) ++end;
    const std::string_view code = text.substr(i, end - i);
    const std::size_t begin = i;
    i = end;
    if ((code.size() != 8 && code.size() != 11) || scan.touches(end)) continue;
    if (!std::all_of(code.begin(), code.begin() + 6, [](char c) { return is_class(c, kUpper); })) continue;
    if (!is_country(code.substr(4, 2)) || !scan.has_context(Detector::swift_bic, begin)) continue;
    scan.take(begin, end, Detector::swift_bic);
  }
}

}  // namespace pii::detect
