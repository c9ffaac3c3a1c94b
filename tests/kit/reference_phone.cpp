// Telephone numbers: ITU-T E.164 with what people put between the digits, and the national forms of seven regions.
#include <array>
#include <optional>
#include <regex>
#include <vector>

#include "detect/phone_table.hpp"
#include "kit/reference_candidate.hpp"

namespace pii::kit::reference {
namespace {

/// The first digits of a number, where they end, and what stands between them and the next: nothing if the next follows at
/// once, none if there is no next.
struct Beginning {
  std::string digits;
  std::vector<std::string> joints;  // before each digit but the first
  std::size_t end = 0;
  std::optional<std::string> next = {};
};

constexpr std::array<std::string_view, 5> kSeparators = {"", " ", "-", ".", "/"};

/// What may join two digits: one separator, a parenthesis that opens or closes, "(0)", which is not dialled.
std::vector<std::string> joints(bool open) {
  std::vector<std::string> all(kSeparators.begin(), kSeparators.end());
  for (const std::string_view before : kSeparators) {
    const std::string beginning = (open ? ")" : "") + std::string(before);
    all.push_back(beginning);
    all.push_back(beginning + "(");
    for (const std::string_view behind : kSeparators) all.push_back(beginning + "(0)" + std::string(behind));
  }
  return all;
}

/// What joins the digit before `i` to another one; none when nothing does.
std::optional<std::string> joint_at(std::string_view text, std::size_t i, bool& open) {
  static const std::vector<std::string> kOpen = joints(true), kClosed = joints(false);
  std::optional<std::string> longest;
  for (const std::string& joint : open ? kOpen : kClosed) {
    if (text.substr(i, joint.size()) != joint || (longest && longest->size() >= joint.size())) continue;
    // "(0)" as a whole, whatever follows.
    if (digit_at(text, i + joint.size()) || joint.ends_with("(0)")) longest = joint;
  }
  if (!longest || !digit_at(text, i + longest->size())) return std::nullopt;
  open = longest->ends_with('(') || (open && longest->find(')') == std::string::npos);
  return longest;
}

std::vector<Beginning> beginnings(std::string_view text, std::size_t i, bool open) {
  std::vector<Beginning> all;
  Beginning one;
  while (digit_at(text, i) && one.digits.size() < 40) {
    one.digits += text[i++];
    one.end = i;
    one.next = joint_at(text, i, open);
    all.push_back(one);
    if (!one.next) break;
    one.joints.push_back(*one.next);
    i += one.next->size();
  }
  return all;
}

/// "x123", " ext. 12": its size, or 0.
std::size_t extension_size(std::string_view text, std::size_t end) {
  static const std::regex kExtension("^ ?(?:ext\\.?|x) ?[0-9]{1,6}(?![A-Za-z0-9_\x01])");
  std::cmatch found;
  const std::string_view rest = text.substr(end);
  return std::regex_search(rest.data(), rest.data() + rest.size(), found, kExtension) ? static_cast<std::size_t>(found.length()) : 0;
}

bool may_end(std::string_view text, const Beginning& number) {
  if (number.next && (number.next->empty() || number.next->front() == '-' || number.next->front() == '.')) return false;
  return free_after(text, number.end) || (!number.next && extension_size(text, number.end) > 0);
}

bool all_equal(const std::string& digits) { return digits.find_first_not_of(digits[0]) == std::string::npos; }
bool has(const char* set, char c) { return std::string_view(set).find(c) != std::string_view::npos; }

const detect::CountryCode* country_of(const std::string& digits) {
  for (const detect::CountryCode& country : detect::kCountryCodes) {
    if (digits.starts_with(std::to_string(country.code))) return &country;
  }
  return nullptr;
}

bool is_national(const detect::CountryCode& country, const std::string& national) {
  if (national.empty() || national.size() > 14 || (country.sizes >> national.size() & 1) == 0) return false;
  if ((country.firsts >> (national[0] - '0') & 1) == 0) return false;
  if (country.code == 1) return national[3] >= '2';  // the exchange
  if (country.code == 20) return national.size() != 10 || national[0] == '1';
  if (country.code == 971) return (national.size() == 9) == has("58", national[0]);
  return true;
}

/// Whether `digits` are a code and a number of that country, a "0" between them or not.
bool is_international(const std::string& digits, bool trunk_too) {
  const detect::CountryCode* country = country_of(digits);
  if (country == nullptr) return false;
  const std::string national = digits.substr(std::to_string(country->code).size());
  if (national.size() < 4) return false;
  const bool trunk = trunk_too && country->exact && national.starts_with('0') && !is_national(*country, national) &&
                     is_national(*country, national.substr(1));
  const std::string dialled = trunk ? national.substr(1) : national;
  return is_national(*country, dialled) && !all_equal(dialled);
}

/// `+965…`, `+(965)…`, `00965…` at `begin`; what begins with 00 needs context where only the limits of a country are known.
Candidate international(std::string_view text, std::size_t begin) {
  const char before = begin > 0 ? text[begin - 1] : '\0';
  if (is_word(before) || before == '+' || (before == '-' && word_at(text, begin - 2))) return {};
  const bool plus = text[begin] == '+', inner = plus && at(text, begin + 1) == '(';
  const std::size_t first = begin + (plus ? 1 : 0) + (inner ? 1 : 0);
  if (!digit_at(text, first)) return {};
  if (!plus && (text.substr(begin, 2) != "00" || !free_before(text, begin))) return {};
  Candidate found;
  for (const Beginning& number : beginnings(text, first, inner || before == '(')) {
    if (!plus && number.digits.size() <= 2) continue;
    const std::string digits = plus ? number.digits : number.digits.substr(2);
    if (digits.size() > 16) break;
    if (!is_international(digits, true) || !may_end(text, number)) continue;
    found = {number.end + extension_size(text, number.end), plus || country_of(digits)->exact ? 0 : 1};
  }
  return found;
}

/// The national forms, region by region.
bool is_regional(const std::string& d) {
  const bool eight = d.size() == 8, nine = d.size() == 9, ten = d.size() == 10;
  return (eight && has("2569", d[0])) ||                                                     // KW
         (nine && d[0] == '5') || (ten && d[0] == '0' && has("15", d[1])) ||                 // SA
         (ten && d.starts_with("05")) || (nine && d[0] == '0' && has("234679", d[1])) ||     // AE
         (eight && (has("36", d[0]) || (d[0] == '1' && has("367", d[1])))) ||                // BH
         (eight && has("34567", d[0])) ||                                                    // QA
         (eight && (has("79", d[0]) || (d[0] == '2' && has("23456", d[1]))));                // OM
}
/// Of ten digits, in groups of 3, 3 and 4.
bool is_north_american(const Beginning& number) {
  if (number.digits.size() != 10 || !has("23456789", number.digits[0]) || !has("23456789", number.digits[3])) return false;
  for (std::size_t i = 0; i < number.joints.size(); ++i) {
    if (number.joints[i].empty() == (i == 2 || i == 5)) return false;
  }
  return true;
}
bool is_gulf(const std::string& digits) {
  for (const char* code : {"965", "966", "968", "971", "973", "974"}) {
    if (digits.size() >= 10 && digits.size() <= 15 && digits.starts_with(code)) return is_international(digits, false);
  }
  return false;
}

/// Four groups at most, of two digits at least, no fraction of a decimal number.
bool is_grouped(const Beginning& number) {
  std::vector<std::size_t> groups = {1};
  for (std::size_t i = 0; i < number.joints.size(); ++i) {
    const std::string& joint = number.joints[i];
    if (joint.empty()) {
      ++groups.back();
      continue;
    }
    const std::size_t left = number.digits.size() - i - 1;
    if (joint[0] == '/' || (joint[0] == '.' && left < 4)) return false;
    groups.push_back(1);
  }
  return groups.size() <= 4 && *std::min_element(groups.begin(), groups.end()) >= 2;
}

bool is_day(const std::string& digits) {
  const int year = std::stoi(digits.substr(0, 4));
  return digits.size() == 8 && year >= 1970 && year <= 2099 &&
         is_date(year, std::stoi(digits.substr(4, 2)), std::stoi(digits.substr(6, 2)));
}

Candidate national(std::string_view text, std::size_t begin) {
  const char before = begin > 0 ? text[begin - 1] : '\0';
  if (!digit_at(text, begin) || is_word(before) || before == '+' || !free_before(text, begin)) return {};
  Candidate found;
  for (const Beginning& number : beginnings(text, begin, before == '(')) {
    if (number.digits.size() < 8 || number.digits.size() > 15) continue;
    if ((!is_regional(number.digits) && !is_gulf(number.digits) && !is_north_american(number)) || all_equal(number.digits) || is_day(number.digits)) continue;
    if (may_end(text, number) && is_grouped(number) && stands_free(text, begin, number.end)) found = {number.end, 2};
  }
  return found;
}

}  // namespace

Candidate phone_candidate(std::string_view text, std::size_t begin, int round) {
  const auto form = [&](std::size_t first) { return round < 2 ? international(text, first) : national(text, first); };
  if (text[begin] != '(' || word_at(text, begin - 1) || begin + 1 == text.size()) return form(begin);
  // The parenthesis that is closed within the number opens it.
  const Candidate found = form(begin + 1);
  if (found.end == 0) return {};
  const std::string_view number = text.substr(begin + 1, found.end - begin - 1);
  return number.find(')') < number.find('(') ? found : Candidate{};
}

}  // namespace pii::kit::reference
