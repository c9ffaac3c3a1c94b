// JSON Web Tokens (RFC 7515, RFC 7516) and keys that their makers mark.
#include <cmath>
#include <map>
#include <regex>

#include "kit/reference_candidate.hpp"

namespace pii::kit::reference {
namespace {

bool is_base64url(char c) { return is_ascii_word(c) || c == '-'; }

std::string decoded(const std::string& base64url) {
  const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string bits, text;
  for (const char c : base64url) {
    const std::size_t value = alphabet.find(c);
    for (int bit = 5; bit >= 0; --bit) bits += (value >> bit & 1) != 0 ? '1' : '0';
  }
  for (std::size_t i = 0; i + 8 <= bits.size(); i += 8) text += static_cast<char>(std::stoi(bits.substr(i, 8), nullptr, 2));
  return text;
}

/// A key's prefix, what follows it, and whether that must look random. Those that the race's texts have.
enum class Letters { all, capitals, hex };
struct KeyForm {
  const char* prefix;
  Letters letters;    // beside digits
  const char* marks;  // beside those
  std::size_t shortest;
  std::size_t longest;
  bool random;
};
constexpr KeyForm kForms[] = {{"AKIA", Letters::capitals, "", 16, 16, false},
                              {"sk_live_", Letters::all, "", 10, 255, true},
                              {"ghp_", Letters::all, "", 36, 251, false},
                              {"glpat-", Letters::all, "_.-", 20, 255, true},
                              {"xoxb-", Letters::all, "_-", 10, 255, true},
                              {"xoxa-", Letters::all, "_-", 10, 255, true},
                              {"AIza", Letters::all, "_-", 35, 35, true},
                              {"SG.", Letters::all, "_.-", 40, 80, true},
                              {"npm_", Letters::all, "", 36, 36, true},
                              {"sk-ant-", Letters::all, "_-", 20, 255, true},
                              {"sk-", Letters::all, "", 32, 64, true},
                              {"shpat_", Letters::hex, "", 32, 32, false},
                              {"hvs.", Letters::all, "_-", 24, 255, true}};

bool is_random(const std::string& body) {
  std::map<char, double> counts;
  const std::string looked = body.substr(0, 128);
  for (const char c : looked) counts[c] += 1;
  double bits = 0;
  for (const auto& [c, count] : counts) bits -= count / static_cast<double>(looked.size()) * std::log2(count / static_cast<double>(looked.size()));
  static const std::regex kHump("[a-z][A-Z]");
  const auto humps = std::distance(std::sregex_iterator(body.begin(), body.end(), kHump), std::sregex_iterator());
  return (!digits_in(body).empty() || humps >= 3) && bits >= 3;
}

std::size_t key_end(std::string_view text, std::size_t begin, const KeyForm& form) {
  if (!text.substr(begin).starts_with(form.prefix)) return 0;
  const std::size_t body = begin + std::string_view(form.prefix).size();
  const std::string_view marks = form.marks;
  const auto belongs = [&](std::size_t i) {
    const char c = at(text, i);
    switch (form.letters) {
      case Letters::capitals: return is_ascii_digit(c) || (c >= 'A' && c <= 'Z');
      case Letters::hex: return is_ascii_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f');
      case Letters::all: break;
    }
    return is_alphanumeric(c) || (c != '\0' && marks.find(c) != std::string_view::npos);
  };
  const auto is_mark = [&](std::size_t i) { return at(text, i) == '.' || at(text, i) == '-'; };
  std::size_t most = body;
  while (belongs(most)) ++most;
  for (std::size_t end = std::min(most, body + form.longest); end >= body + form.shortest; --end) {
    // A key does not end with a mark; where the run goes on, it ends before one.
    if (is_mark(end - 1) || word_at(text, end)) continue;
    const std::string key(text.substr(body, end - body));
    if (key.ends_with("EXAMPLE") || key.ends_with("EXAMPLEKEY") || (form.random && !is_random(key))) return 0;
    return end;
  }
  return 0;
}

}  // namespace

Candidate jwt_candidate(std::string_view text, std::size_t begin) {
  if (!text.substr(begin).starts_with("eyJ") || word_at(text, begin - 1) || at(text, begin - 1) == '-') return {};
  // As many parts as there are, up to five; one in the middle may be empty (RFC 7516 with a direct key).
  std::vector<std::string> parts = {""};
  const auto may_be_empty = [&](std::size_t next) { return parts.size() == 1 || (parts.size() < 4 && is_base64url(at(text, next))); };
  std::size_t i = begin;
  for (;; ++i) {
    const char c = at(text, i);
    if (is_base64url(c)) {
      parts.back() += c;
    } else if (c == '.' && parts.size() < 5 && (is_base64url(at(text, i + 1)) || (at(text, i + 1) == '.' && may_be_empty(i + 2)))) {
      parts.emplace_back();
    } else {
      break;
    }
  }
  if (parts.size() < 2 || word_at(text, i) || decoded(parts[0]).find("\"alg\"") == std::string::npos) return {};
  if (!parts[1].empty() && parts[1].size() < 4) return {};
  const bool long_enough = std::any_of(parts.begin(), parts.end(), [](const std::string& part) { return part.size() >= 16; });
  return long_enough && (parts.size() >= 3 || parts[1].starts_with("eyJ")) ? Candidate{i} : Candidate{};
}

Candidate api_key_candidate(std::string_view text, std::size_t begin) {
  if (word_at(text, begin - 1) || (at(text, begin - 1) == '-' && word_at(text, begin - 2))) return {};
  static const std::regex kRun("[A-Za-z0-9_-]{16}");
  for (const KeyForm& form : kForms) {
    const std::size_t end = key_end(text, begin, form);
    if (end != 0 && std::regex_search(text.data() + begin, text.data() + end, kRun)) return {end};
  }
  return {};
}

}  // namespace pii::kit::reference
