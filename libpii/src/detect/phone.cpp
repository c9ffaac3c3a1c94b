#include <algorithm>

#include "detect/digits.hpp"
#include "detect/families.hpp"
#include "detect/phone_number.hpp"

namespace pii::detect {
namespace {

constexpr std::size_t kMaxDigits = 18;

// Digits of a number as people group them: single separators, parentheses.
struct Reading {
  char digits[kMaxDigits];
  std::size_t ends[kMaxDigits];  // where the text of the first n + 1 digits ends
  char separators[kMaxDigits];   // what stands before the digit; NUL: another digit
  std::size_t size = 0;
  bool runs_on = false;  // more digits follow than a number has
  std::string_view first(std::size_t count) const noexcept { return {digits, count}; }
};

// Size of the separator at `i`, or 0: a blank, '-', '.', '/', or a hyphen or dash of Unicode.
std::size_t separator_size(const Scan& scan, std::size_t i) noexcept {
  const char c = scan.at(i);
  if (c == ' ' || c == '-' || c == '.' || c == '/') return 1;
  if (c == '\xE2' && scan.at(i + 1) == '\x80') {
    const unsigned char last = static_cast<unsigned char>(scan.at(i + 2));
    return last >= 0x90 && last <= 0x95 ? 3 : 0;
  }
  return 0;
}

// Where the next digit of a number stands, over what may separate it from those before `i`; `i` where none does. `parenthesis`: one is
// open.
std::size_t next_digit(const Scan& scan, std::size_t i, bool& parenthesis) noexcept {
  std::size_t next = i;
  if (parenthesis && scan.at(next) == ')') {
    parenthesis = false;
    ++next;
  }
  next += separator_size(scan, next);
  if (!parenthesis && scan.at(next) == '(') {
    // "(0)" between code and number is not dialled.
    if (scan.at(next + 1) == '0' && scan.at(next + 2) == ')') {
      next += 3;
      next += separator_size(scan, next);
    } else {
      parenthesis = true;
      ++next;
    }
  }
  return is_digit(scan.at(next)) ? next : i;
}

// Reads no further when the digits behind the first `prefix` turn out to begin with no country code; npos: whatever they are.
void read_number(const Scan& scan, std::size_t i, bool parenthesis, std::size_t prefix, Reading& out) noexcept {
  constexpr std::size_t kLongestCode = 3;
  const std::size_t code_end = prefix == std::string_view::npos ? prefix : prefix + kLongestCode;
  out.size = 0;
  out.runs_on = false;
  char separator = '\0';
  for (;;) {
    const char c = scan.at(i);
    if (is_digit(c)) {
      if (out.size == kMaxDigits) {
        out.runs_on = true;
        return;
      }
      out.separators[out.size] = separator;
      out.digits[out.size] = c;
      out.ends[out.size++] = ++i;
      separator = '\0';
      if (out.size - 1 == prefix && c == '0') return;  // no code begins so
      if (out.size == code_end && country_code_of(out.first(code_end).substr(prefix)) == nullptr) return;
      continue;
    }
    const std::size_t next = next_digit(scan, i, parenthesis);
    if (next == i) return;
    separator = c;
    i = next;
  }
}

// "x123", " ext. 12" behind a number.
std::size_t with_extension(const Scan& scan, std::size_t end) noexcept {
  std::size_t i = end;
  if (scan.at(i) == ' ') ++i;
  if (scan.at(i) == 'e' && scan.at(i + 1) == 'x' && scan.at(i + 2) == 't') {
    i += 3;
    if (scan.at(i) == '.') ++i;
  } else if (scan.at(i) == 'x') {
    ++i;
  } else {
    return end;
  }
  if (scan.is_wall(i - 1)) return end;
  if (scan.at(i) == ' ') ++i;
  const std::size_t first = i;
  while (is_digit(scan.at(i)) && i - first < 6) ++i;
  return i == first || scan.touches(i) ? end : i;
}

// Whether a number may end after `count` digits of the reading.
bool may_end(Scan& scan, const Reading& reading, std::size_t count) noexcept {
  if (count < reading.size) {
    const char separator = reading.separators[count];
    if (separator == '-' || separator == '.' || separator == '\0') return false;
  } else if (reading.runs_on) {
    return false;
  }
  const std::size_t end = reading.ends[count - 1];
  return scan.free_after(end) || (count == reading.size && with_extension(scan, end) > end);
}

// Size in digits of the international number that the reading begins with, code first; 0 when there is none.
std::size_t international_size(Scan& scan, const Reading& reading, std::size_t prefix,
                               bool exact_only) noexcept {
  const std::string_view all = reading.first(reading.size).substr(prefix);
  const CountryCode* country = country_code_of(all);
  if (country == nullptr || (exact_only && !country->exact)) return 0;
  const std::size_t code = size_of(*country);
  for (std::size_t count = std::min<std::size_t>(all.size(), 16); count > code + 3; --count) {
    std::string_view national = all.substr(code, count - code);
    national.remove_prefix(trunk_size(*country, national));
    if (!is_national(*country, national) || all_equal(national)) continue;
    if (may_end(scan, reading, prefix + count)) return prefix + count;
  }
  return 0;
}

}  // namespace

void find_phone(Scan& scan, Level level) {
  const std::string_view text = scan.free_text();
  Reading reading;
  std::size_t done = scan.begin();
  for (const Number& run : scan.numbers()) {
    const std::size_t first = run.begin;
    if (first >= scan.end()) break;
    // `+965`, `+(965` or `00965`
    std::size_t start = first;
    const auto may_begin = [&](std::size_t at) {
      const char before = scan.at(at - 1);
      return at >= done && at + 7 < scan.end() && !is_word(before) && before != '+' && (before != '-' || !scan.touches(at - 2));
    };
    if (scan.at(first - 1) == '+') {
      start = first - 1;
    } else if (scan.at(first - 1) == '(' && scan.at(first - 2) == '+' && may_begin(first - 2)) {
      start = first - 2;
    } else if (run.end - run.begin < 2 || text[first] != '0' || scan.at(first + 1) != '0') {
      continue;
    }
    if (!may_begin(start)) continue;
    const bool plus = start < first;
    const char before = scan.at(start - 1);
    if (!scan.is_worth_reading(level, Detector::phone, start)) {
      if (!scan.may_have_context(Detector::phone)) return;
      done = run.end;
      continue;
    }
    read_number(scan, first, before == '(' || first - start == 2, plus ? 0 : 2, reading);
    done = run.end;
    if (!plus && !scan.free_before(start)) continue;
    const std::size_t size = international_size(scan, reading, plus ? 0 : 2, !plus && level == Level::strong);
    if (size == 0) continue;
    const bool weak = !plus && !country_code_of(reading.first(size).substr(2))->exact;
    if (weak ? level == Level::strong || !scan.has_context(Detector::phone, start)
             : !scan.allows(Detector::phone, level, start)) {
      continue;
    }
    const std::size_t end = with_extension(scan, reading.ends[size - 1]);
    // The parenthesis that closes within the number opens it.
    const std::string_view found = scan.view(start, end);
    const bool opened = before == '(' && found.find(')') < found.find('(') && !scan.touches(start - 2);
    scan.take(opened ? start - 1 : start, end, Detector::phone);
    done = end;
  }
}

namespace {

// Groups as phone numbers have them: two digits at least, four groups at most, no decimal fraction.
bool is_grouped_like_a_phone(const Reading& reading, std::size_t count) noexcept {
  std::size_t groups = 1;
  std::size_t in_group = 1;
  for (std::size_t i = 1; i < count; ++i) {
    if (reading.separators[i] == '\0') {
      ++in_group;
      continue;
    }
    if (in_group < 2 || ++groups > 4) return false;
    if (reading.separators[i] == '.' && count - i < 4) return false;
    if (reading.separators[i] == '/') return false;
    in_group = 1;
  }
  return in_group >= 2;
}

// The code of a national form of the regions, or of the Gulf where it stands before the number; 0: none.
int national_code(std::string_view digits, const Regions& regions) noexcept {
  std::size_t trunk = 0;
  if (const int code = region_of(digits, regions, trunk); code != 0) return code;
  if (!is_bare_international(digits)) return 0;
  const int known = country_code_of(digits)->code;
  return (known >= 965 && known <= 968 && known != 967) || known == 971 || known == 973 || known == 974 ? known : 0;
}

bool is_anything(std::string_view digits) noexcept {
  return all_equal(digits) || (digits.size() == 8 && begins_with_date(digits));
}

// "(212) 867-5309", "212.867.5309"
bool is_grouped_as_334(const Reading& reading) noexcept {
  for (std::size_t i = 1; i < 10; ++i) {
    if ((reading.separators[i] != '\0') != (i == 3 || i == 6)) return false;
  }
  return true;
}

}  // namespace

void find_national_phone(Scan& scan, Level level) {
  if (level != Level::context) return;
  const Regions& regions = scan.settings().regions;
  Reading reading;
  std::size_t done = 0;
  for_each_number(scan, [&](std::size_t begin, std::size_t end) {
    // A group has two digits at least.
    if (begin < done || end - begin < 2 || end - begin > 15) return;
    if (scan.at(begin - 1) == '+' || !scan.free_before(begin)) return;
    const bool open = scan.at(begin - 1) == '(';
    bool parenthesis = open;
    if (next_digit(scan, end, parenthesis) == end) {
      // Alone; ten digits in a row are anything.
      const std::string_view digits = scan.view(begin, end);
      if (digits.size() < 8 || national_code(digits, regions) <= 1 || is_anything(digits)) return;
      if (!scan.stands_free(begin, end) || !scan.has_context(Detector::phone, begin)) return;
      done = end;
      scan.take(begin, end, Detector::phone);
      return;
    }
    if (!scan.is_worth_reading(level, Detector::phone, begin)) return;
    read_number(scan, begin, open, std::string_view::npos, reading);
    for (std::size_t count = std::min<std::size_t>(reading.size, 15); count >= 8; --count) {
      const std::string_view digits = reading.first(count);
      const int code = national_code(digits, regions);
      if (code == 0 || (code == 1 && !is_grouped_as_334(reading))) continue;
      if (is_anything(digits) || !may_end(scan, reading, count) || !is_grouped_like_a_phone(reading, count)) continue;
      const std::size_t last = reading.ends[count - 1];
      if (!scan.stands_free(begin, last)) continue;
      if (!scan.has_context(Detector::phone, begin)) return;
      const bool opened =
          open && scan.view(begin, last).find(')') != std::string_view::npos && !scan.touches(begin - 2);
      done = last;
      scan.take(opened ? begin - 1 : begin, last, Detector::phone);
      return;
    }
  });
}

}  // namespace pii::detect
