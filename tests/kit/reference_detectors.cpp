#include "kit/reference_detectors.hpp"

#include <algorithm>
#include <regex>

#include "kit/reference_candidate.hpp"

namespace pii::kit::reference {
namespace {

// Whether the piece of [A-Za-z0-9_-] around `i` has a letter, is a UUID, or has a bracket or star beside its outer hyphen.
bool is_identifier(std::string_view text, std::size_t i) {
  const auto joins = [&](std::size_t k) { return word_at(text, k) || at(text, k) == '-'; };
  std::size_t begin = i, end = i;
  while (begin > 0 && joins(begin - 1)) --begin;
  while (joins(end)) ++end;
  const std::string run(text.substr(begin, end - begin));
  if (std::any_of(run.begin(), run.end(), [](char c) { return is_word(c) && !is_ascii_digit(c); })) return true;
  static const std::regex kUuid(".{8}-.{4}-.{4}-.{4}-.{12}");
  if (run.size() == 36 && std::regex_match(run, kUuid)) return true;
  const auto marks = [](char outside, char inside) { return inside == '-' && (outside == '[' || outside == ']' || outside == '*'); };
  return marks(begin > 0 ? text[begin - 1] : '\0', run.front()) || marks(at(text, end), run.back());
}

bool is_digit_or_wall(char c) { return is_ascii_digit(c) || c == kWall; }

Candidate candidate(Detector detector, std::string_view text, std::size_t begin, int round) {
  switch (detector) {
    case Detector::email: return email_candidate(text, begin);
    case Detector::phone: return phone_candidate(text, begin, round);
    case Detector::ipv4: return ipv4_candidate(text, begin);
    case Detector::ipv6: return ipv6_candidate(text, begin);
    case Detector::jwt: return jwt_candidate(text, begin);
    case Detector::api_key: return api_key_candidate(text, begin);
    default: return number_candidate(detector, text, begin);
  }
}

}  // namespace

bool free_before(std::string_view text, std::size_t begin) {
  const char before = at(text, begin - 1);
  if (is_word(before) || (before == '.' && is_digit_or_wall(at(text, begin - 2)))) return false;
  return before != '-' || !is_identifier(text, begin);
}

bool free_after(std::string_view text, std::size_t end) {
  const char after = at(text, end);
  if (is_word(after) || (after == '.' && is_digit_or_wall(at(text, end + 1)))) return false;
  return after != '-' || !is_identifier(text, end - 1);
}

bool stands_free(std::string_view text, std::size_t begin, std::size_t end) {
  return free_before(text, begin) && free_after(text, end) && !(at(text, begin - 1) == '-' && digit_at(text, begin - 2)) &&
         !(at(text, end) == '-' && digit_at(text, end + 1));
}

bool is_date(int year, int month, int day) {
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  const int days[] = {31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1];
}

std::vector<Detector> reference_detectors() {
  return {Detector::card,  Detector::iban,  Detector::kw_civil_id, Detector::sa_id, Detector::ae_eid, Detector::us_ssn,
          Detector::email, Detector::phone, Detector::ipv4,        Detector::ipv6,  Detector::jwt,    Detector::api_key};
}

std::vector<Hit> naive_scan(Detector detector, std::string_view text, bool context) {
  std::vector<Hit> hits;
  std::string free(text);
  // What proves itself first; then, where that left room, what needs context.
  for (int round = 0; round < (context ? 3 : 1); ++round) {
    for (std::size_t i = 0; i < free.size(); ++i) {
      const Candidate found = candidate(detector, free, i, round);
      if (found.end == 0 || found.round != round || word_at(free, found.end)) continue;
      hits.push_back({i, found.end});
      std::fill(free.begin() + static_cast<std::ptrdiff_t>(i), free.begin() + static_cast<std::ptrdiff_t>(found.end), kWall);
      i = found.end - 1;
    }
  }
  std::sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) { return a.begin < b.begin; });
  return hits;
}

}  // namespace pii::kit::reference
