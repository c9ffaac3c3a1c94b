// E-mail addresses: RFC 5321 and 6531 as people write them.
#include <regex>
#include <vector>

#include "base/utf8.hpp"
#include "detect/characters.hpp"
#include "kit/reference_candidate.hpp"

namespace pii::kit::reference {
namespace {

constexpr std::size_t kLongestLocal = 64;
constexpr std::size_t kLongestLabel = 63;
constexpr std::size_t kLongestDomain = 253;
constexpr std::size_t kLongestAddress = 254;

// Endings that the race's texts have, out of the list of the engine.
constexpr std::string_view kNoDomains[] = {"png", "json", "internal", "local", "js"};

/// Size of the letter of another script at `i`, or 0.
std::size_t letter_at(std::string_view text, std::size_t i) {
  if (i >= text.size() || !is_high(text[i])) return 0;
  const auto [code_point, size] = base::decode_utf8(text, i);
  return code_point != base::kInvalidCodePoint && detect::is_name_code_point(code_point) ? size : 0;
}

bool is_local(char c) { return is_ascii_word(c) || std::string_view(".+-'%&~#$!^*").find(c) != std::string_view::npos; }

/// Whether `text` consists of characters of a local part.
bool is_local(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t size = is_local(text[i]) ? 1 : letter_at(text, i);
    if (size == 0) return false;
    i += size;
  }
  return text.find("...") == std::string_view::npos;
}

/// Whether an ASCII letter behind a letter of a script that Latin does not mix with stands at `i`: a word begins.
bool begins_script(std::string_view text, std::size_t i) {
  if (!is_ascii_letter(text[i])) return false;
  for (std::size_t size = 2; size <= 4 && size <= i; ++size) {
    if (letter_at(text, i - size) != size) continue;
    const char32_t before = base::decode_utf8(text, i - size).code_point;
    return (before >= 0x600 && before <= 0x6FF) || (before >= 0x4E00 && before <= 0x9FFF);
  }
  return false;
}

bool may_begin_local(char c) { return is_ascii_word(c) || c == '+' || is_high(c); }

/// Whether a letter of another script begins before `i` and goes on there.
bool in_letter(std::string_view text, std::size_t i) {
  for (std::size_t back = 1; back <= 3 && back <= i; ++back) {
    if (letter_at(text, i - back) > back) return true;
  }
  return false;
}

/// Whether the local part of the '@' at `at` begins at `begin`.
bool is_dot_atom(std::string_view text, std::size_t begin, std::size_t at) {
  const std::string_view local = text.substr(begin, at - begin);
  if (local.empty() || local.size() > kLongestLocal || !is_local(local) || !may_begin_local(local.front())) return false;
  if (std::none_of(local.begin(), local.end(), [](char c) { return is_alphanumeric(c) || is_high(c); })) return false;
  for (std::size_t i = begin + 1; i < at; ++i) {
    if (begins_script(text, i)) return false;
  }
  if (begin >= 2 && text[begin - 1] == '.' && text[begin - 2] == kWall) return false;
  // None begins further left: what stands there belongs to no local part, or cannot be its first character, or stands between
  // this and a span. If all together is too long, the first behind a symbol that is not.
  const auto behind_symbol = [&](std::size_t i) { return i > 0 && is_local(text[i - 1]) && !is_ascii_word(text[i - 1]); };
  bool other = false, other_behind_symbol = false, too_long = false;
  for (std::size_t i = begin; i-- > 0;) {
    if (!is_local(text.substr(i, at - i))) {
      if (in_letter(text, i)) continue;
      break;
    }
    const bool between = i > 0 && text[i - 1] == kWall && !is_ascii_word(text[i]) && !is_high(text[i]);
    if (!may_begin_local(text[i]) || between || begins_script(text, begin)) continue;
    other = true;
    if (at - i > kLongestLocal) too_long = true;
    else if (behind_symbol(i)) other_behind_symbol = true;
  }
  return !other || (too_long && behind_symbol(begin) && !other_behind_symbol);
}

bool is_quoted(std::string_view text, std::size_t begin, std::size_t at) {
  const std::string_view local = text.substr(begin, at - begin);
  if (local.size() < 3 || local.size() > kLongestLocal || local.front() != '"' || local.back() != '"') return false;
  const std::string_view inside = local.substr(1, local.size() - 2);
  const auto belongs = [](char c) { return is_local(c) || is_high(c) || c == ' ' || c == '(' || c == ')'; };
  const char before = begin > 0 ? text[begin - 1] : ' ';
  return std::all_of(inside.begin(), inside.end(), belongs) && std::any_of(inside.begin(), inside.end(), is_alphanumeric) &&
         before != '\\' && before != ':';
}

bool is_top_level(const std::string& label) {
  static const std::regex kPunycode("xn--[a-z0-9-]*[a-z0-9]", std::regex::icase);
  return std::regex_match(label, kPunycode) || (label.size() >= 2 && lower(label) != "xn" && std::all_of(label.begin(), label.end(), [](char c) {
                                                  return is_ascii_letter(c) || is_high(c);
                                                }));
}

std::vector<std::string> labels_of(std::string_view domain) {
  std::vector<std::string> labels = {""};
  for (const char c : domain) {
    if (c == '.') labels.emplace_back();
    else labels.back() += c;
  }
  return labels;
}

bool is_label(const std::string& label) {
  if (label.empty() || label.size() > kLongestLabel || label.front() == '-') return false;
  for (std::size_t i = 0; i < label.size();) {
    const std::size_t size = is_alphanumeric(label[i]) || label[i] == '-' ? 1 : letter_at(label, i);
    if (size == 0) return false;
    i += size;
  }
  return true;
}

bool has_capitals(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

/// "Then" in "jo@example.com.Then": what begins behind a whole domain in small letters is a sentence.
bool begins_sentence(const std::vector<std::string>& labels, std::size_t which) {
  static const std::regex kWord("[A-Z][a-z]+");
  bool whole = false;
  for (std::size_t i = 0; i < which; ++i) {
    if (has_capitals(labels[i])) return false;
    for (std::size_t end = 1; i > 0 && end <= labels[i].size(); ++end) {
      whole = whole || ((end == labels[i].size() || labels[i][end] == '-') && is_top_level(labels[i].substr(0, end)));
    }
  }
  return whole && std::regex_match(labels[which], kWord);
}

bool is_domain(std::string_view domain) {
  const std::vector<std::string> labels = labels_of(domain);
  if (labels.size() < 2 || !std::all_of(labels.begin(), labels.end(), is_label) || !is_top_level(labels.back())) return false;
  for (std::size_t i = 1; i < labels.size(); ++i) {
    if (begins_sentence(labels, i)) return false;
  }
  return true;
}

/// End of the address whose '@' stands at `at`, or 0.
std::size_t domain_end(std::string_view text, std::size_t at) {
  static const std::regex kLiteral("^\\[(?=[^\\]]*[0-9][^\\]]*[0-9][^\\]]*[0-9][^\\]]*[0-9])[A-Za-z0-9.:]{0,5}[0-9A-Fa-f.:]{0,40}\\]");
  std::cmatch found;
  const std::string_view rest = text.substr(at + 1);
  if (rest.starts_with('[')) {
    const bool literal = std::regex_search(rest.data(), rest.data() + rest.size(), found, kLiteral);
    return literal ? at + 1 + static_cast<std::size_t>(found.length()) : 0;
  }
  for (std::size_t end = std::min(text.size(), at + 1 + kLongestDomain); end > at + 1; --end) {
    const std::string_view domain = text.substr(at + 1, end - at - 1);
    // Nothing that may go on in a label follows, but a hyphen may.
    if (is_word(reference::at(text, end)) || letter_at(text, end) != 0 || !is_domain(domain)) continue;
    return is_one_of(labels_of(domain).back(), kNoDomains) ? 0 : end;
  }
  return 0;
}

}  // namespace

Candidate email_candidate(std::string_view text, std::size_t begin) {
  if (word_at(text, begin - 1) && !begins_script(text, begin)) return {};
  for (std::size_t at = begin + 1; at < text.size() && at <= begin + kLongestLocal; ++at) {
    if (text[at] != '@' || (!is_dot_atom(text, begin, at) && !is_quoted(text, begin, at))) continue;
    std::size_t end = domain_end(text, at);
    // One without a domain goes with one that begins behind its '@'.
    if (end == 0 && text.substr(begin, at - begin) != "git") end = email_candidate(text, at + 1).end;
    return end == 0 || end - begin > kLongestAddress || text.substr(begin, at - begin) == "git" ? Candidate{} : Candidate{end};
  }
  return {};
}

}  // namespace pii::kit::reference
