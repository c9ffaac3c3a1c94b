// Numbers with check digits.
#include <map>
#include <regex>

#include "detect/card_table.hpp"
#include "detect/iban_table.hpp"
#include "kit/reference_candidate.hpp"

namespace pii::kit::reference {
namespace {

bool luhn(const std::string& digits) {
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    int digit = digits[digits.size() - 1 - i] - '0';
    if (i % 2 == 1) digit *= 2;
    sum += digit / 10 + digit % 10;
  }
  return sum % 10 == 0;
}

int number(const std::string& digits, std::size_t from, std::size_t count) { return std::stoi(digits.substr(from, count)); }

/// The longest prefix of text[begin, …) that the pattern matches and that no digit follows; 0 when none.
std::size_t match(std::string_view text, std::size_t begin, const char* pattern) {
  static std::map<std::string, std::regex> all;
  const std::regex& compiled = all.try_emplace(pattern, std::string("^(?:") + pattern + ")(?![0-9])").first->second;
  std::cmatch found;
  const std::string_view rest = text.substr(begin);
  if (!std::regex_search(rest.data(), rest.data() + rest.size(), found, compiled)) return 0;
  return begin + static_cast<std::size_t>(found.length());
}

bool begins_number(std::string_view text, std::size_t i) { return digit_at(text, i) && !word_at(text, i - 1); }

Candidate bare_number(std::string_view text, std::size_t begin, std::size_t least, std::size_t most) {
  std::size_t end = begin;
  while (digit_at(text, end)) ++end;
  return end - begin >= least && end - begin <= most ? Candidate{end} : Candidate{};
}

Candidate kw_civil_id(std::string_view text, std::size_t begin) {
  const Candidate found = bare_number(text, begin, 12, 12);
  if (found.end == 0 || !stands_free(text, begin, found.end)) return {};
  const std::string digits(text.substr(begin, 12));
  const int century = digits[0] - '0';
  if (century < 1 || century > 3) return {};
  if (!is_date(1700 + 100 * century + number(digits, 1, 2), number(digits, 3, 2), number(digits, 5, 2))) return {};
  const int weights[] = {2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < 11; ++i) sum += weights[i] * (digits[i] - '0');
  return 11 - sum % 11 == digits[11] - '0' ? Candidate{found.end, century == 1 ? 1 : 0} : Candidate{};
}

Candidate sa_id(std::string_view text, std::size_t begin) {
  const Candidate found = bare_number(text, begin, 10, 10);
  if (found.end == 0 || !stands_free(text, begin, found.end)) return {};
  const std::string digits(text.substr(begin, 10));
  return (digits[0] == '1' || digits[0] == '2') && luhn(digits) ? Candidate{found.end, 1} : Candidate{};
}

Candidate ae_eid(std::string_view text, std::size_t begin) {
  for (const char* form : {"784[0-9]{12}", "784-[0-9]{4}-[0-9]{7}-[0-9]", "784 [0-9]{4} [0-9]{7} [0-9]"}) {
    const std::size_t end = match(text, begin, form);
    if (end == 0 || !stands_free(text, begin, end)) continue;
    const std::string digits = digits_in(text.substr(begin, end - begin));
    const int year = number(digits, 3, 4);
    if (year >= 1900 && year <= 2035 && (text[begin + 3] == '-' || luhn(digits))) return {end};
  }
  return {};
}

Candidate us_ssn(std::string_view text, std::size_t begin) {
  for (const char* form : {"[0-9]{9}", "[0-9]{3}-[0-9]{2}-[0-9]{4}", "[0-9]{3} [0-9]{2} [0-9]{4}", "[0-9]{3}\\.[0-9]{2}\\.[0-9]{4}"}) {
    const std::size_t end = match(text, begin, form);
    if (end == 0 || !stands_free(text, begin, end)) continue;
    const std::string digits = digits_in(text.substr(begin, end - begin));
    const int area = number(digits, 0, 3);
    if (area == 0 || area == 666 || area >= 900 || number(digits, 3, 2) == 0 || number(digits, 5, 4) == 0) continue;
    if (digits == "078051120" || digits == "219099999" || digits == "123456789") continue;
    return {end, text[begin + 3] != '-' ? 1 : 0};
  }
  return {};
}

detect::CardKind kind_of_card(const std::string& digits) {
  detect::CardKind kind = detect::CardKind::none;
  if (!luhn(digits) || digits.find_first_not_of(digits[0]) == std::string::npos) return kind;
  for (const detect::IinRange& range : detect::kIinRanges) {
    const int prefix = number(digits, 0, 6);
    const bool size = digits.size() >= range.shortest && digits.size() <= range.longest &&
                      (range.size_set == 0 || (range.size_set >> digits.size() & 1) != 0);
    if (prefix >= range.first && prefix <= range.last && size) kind = std::max(kind, range.kind);
  }
  return kind;
}

Candidate card(std::string_view text, std::size_t begin) {
  const Candidate bare = bare_number(text, begin, 12, 19);
  if (bare.end != 0) {
    const detect::CardKind kind = kind_of_card(std::string(text.substr(begin, bare.end - begin)));
    if (kind == detect::CardKind::none || !stands_free(text, begin, bare.end)) return {};
    return {bare.end, kind != detect::CardKind::issued ? 1 : 0};
  }
  for (const std::string_view shape : {"44443", "4444", "465", "464", "445", "466"}) {
    for (const char separator : {' ', '-', '.'}) {
      if (separator == '.' && shape != "4444") continue;
      std::string form;
      for (const char size : shape) {
        if (!form.empty()) form += separator == '.' ? "\\." : std::string(1, separator);
        form += std::string("[0-9]{") + size + "}";
      }
      const std::size_t end = match(text, begin, form.c_str());
      if (end == 0 || !stands_free(text, begin, end)) continue;
      const detect::CardKind kind = kind_of_card(digits_in(text.substr(begin, end - begin)));
      if (kind != detect::CardKind::none) return {end, kind == detect::CardKind::ambiguous ? 1 : 0};
    }
  }
  return {};
}

bool mod97(const std::string& iban) {
  int rest = 0;
  for (const char c : iban.substr(4) + iban.substr(0, 4)) {
    rest = is_ascii_digit(c) ? (rest * 10 + (c - '0')) % 97 : (rest * 100 + (lower(c) - 'a') + 10) % 97;
  }
  return rest == 1;
}

Candidate iban(std::string_view text, std::size_t begin) {
  const auto outside = [&](std::size_t near, std::size_t far) { return word_at(text, near) || (at(text, near) == '-' && word_at(text, far)); };
  if (begin > 0 && outside(begin - 1, begin - 2)) return {};
  for (const detect::IbanFormat& format : detect::kIbanFormats) {
    if (lower(format.country) != lower(text.substr(begin, 2))) continue;
    std::string kinds = "aann";
    for (const char* part = format.parts; *part != '\0';) {
      const char kind = *part++;
      std::size_t count = 0;
      while (is_ascii_digit(*part)) count = count * 10 + static_cast<std::size_t>(*part++ - '0');
      kinds.append(count, kind);
    }
    std::string iban;
    std::size_t i = begin;
    char separator = '\0';
    for (; iban.size() < kinds.size(); ++i) {
      const char c = at(text, i), kind = kinds[iban.size()];
      const bool fits = kind == 'n' ? is_ascii_digit(c) : kind == 'a' ? is_ascii_letter(c) : is_ascii_digit(c) || is_ascii_letter(c);
      // One separator at a time, behind the fourth character at the earliest, always the same.
      const bool blank = (c == ' ' || c == '-') && iban.size() >= 4 && text[i - 1] != c && (separator == '\0' || separator == c);
      if (fits) iban += c;
      else if (blank) separator = c;
      else break;
    }
    if (iban.size() == kinds.size() && mod97(iban) && !outside(i, i + 1) && number(iban, 2, 2) >= 2 && number(iban, 2, 2) <= 98) return {i};
  }
  return {};
}

}  // namespace

Candidate number_candidate(Detector detector, std::string_view text, std::size_t begin) {
  if (detector == Detector::iban) return is_ascii_letter(text[begin]) ? iban(text, begin) : Candidate{};
  if (!begins_number(text, begin)) return {};
  switch (detector) {
    case Detector::card: return card(text, begin);
    case Detector::kw_civil_id: return kw_civil_id(text, begin);
    case Detector::sa_id: return sa_id(text, begin);
    case Detector::ae_eid: return ae_eid(text, begin);
    case Detector::us_ssn: return us_ssn(text, begin);
    default: return {};
  }
}

}  // namespace pii::kit::reference
