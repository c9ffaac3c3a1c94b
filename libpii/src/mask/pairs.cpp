#include "mask/pairs.hpp"

#include <algorithm>

#include "detect/outputs.hpp"
#include "detect/scanner.hpp"
#include "mask/headers.hpp"
#include "mask/text.hpp"

namespace pii::mask {
namespace {

using Kind = KeyVerdict::Kind;

constexpr std::size_t kLongestKey = 64;
// Of a bare value so much is judged, however long it is: each of a text's marks may have all of the rest behind it.
constexpr std::size_t kMostJudged = 512;

bool is_key_character(char c) noexcept {
  return is_word(c) || c == '-' || c == '.' || c == '[' || c == ']';
}
bool is_quote(char c) noexcept { return c == '"' || c == '\''; }
// What stands before the `=` or `:` of a pair.
bool may_end_key(char c) noexcept { return is_key_character(c) || is_quote(c) || c == ' ' || c == '\t'; }
bool ends_bare_value(char c) noexcept {
  return is_blank(c) || c == '&' || c == ';' || c == ',' || c == '"' || c == '\'' || c == '<' || c == '>' || c == ')' ||
         c == '}' || c == ']' || c == '#' || static_cast<unsigned char>(c) < 0x20;
}

// `key:value` without a blank, and no time, scheme, scope, path, or name and password of a URL.
bool is_tight_pair(std::string_view text, std::size_t key, std::size_t value) noexcept {
  if (!is_letter(text[key]) || value == text.size() || text[value] == ':' || text[value] == '\\') return false;
  return !text.substr(value).starts_with("//") && !text.substr(0, key).ends_with("//");
}

// Where the quoted text that begins behind `begin` ends; npos without a closing quote.
std::size_t end_of_quoted(std::string_view text, std::size_t begin, char quote) noexcept {
  for (std::size_t i = begin; i < text.size(); ++i) {
    if (text[i] == '\\') {
      // `\"` closes where `\"` opened: a quoted text inside of another.
      if (i + 1 < text.size() && text[i + 1] == quote && begin >= 2 && text[begin - 2] == '\\') return i;
      ++i;
    } else if (text[i] == quote) {
      return i;
    }
  }
  return std::string_view::npos;
}

bool begins_folded(std::string_view text, std::string_view lower) noexcept {
  return text.size() >= lower.size() &&
         std::equal(lower.begin(), lower.end(), text.begin(), [](char a, char b) { return a == to_lower(b); });
}
bool contains_folded(std::string_view text, std::string_view lower) noexcept {
  for (; text.size() >= lower.size(); text.remove_prefix(1)) {
    if (begins_folded(text, lower)) return true;
  }
  return false;
}

// What stands for a secret without being one.
bool is_placeholder(std::string_view value) noexcept {
  for (const std::string_view mark : {"${", "$(", "{{", "%s", "****", "<"}) {
    if (value.starts_with(mark)) return true;
  }
  for (const std::string_view word : {"null", "none", "nil", "true"}) {
    if (value.size() == word.size() && begins_folded(value, word)) return true;
  }
  for (const std::string_view word : {"false", "undefined", "your_", "your-", "xxxx", "redacted"}) {
    if (begins_folded(value, word)) return true;
  }
  return false;
}

// `token: value` in prose is a secret only if it does not look like a word; after `=` it is one unless it is too short.
bool looks_like_secret(std::string_view key, std::string_view value, bool colon) noexcept {
  bool digit = false, upper = false, lower = false, symbol = false;
  for (const char c : value) {
    digit |= is_digit(c);
    upper |= c >= 'A' && c <= 'Z';
    lower |= c >= 'a' && c <= 'z';
    symbol |= !is_letter(c) && !is_digit(c) && c != '.' && c != ':' && c != '-' && c != '_';
  }
  const bool password = contains_folded(key, "pass") || contains_folded(key, "pwd") || contains_folded(key, "secret");
  if (password) return !colon || digit || symbol || (upper && lower);
  if (value.size() < 8) return false;
  return colon ? digit && (upper || lower) : digit || symbol || (upper && lower) || value.size() >= 20;
}

// Evidence that a bare value is of a type that has a form of its own.
bool may_be_of(Detector type, std::string_view value) noexcept {
  switch (type) {
    case Detector::person_name: case Detector::address: case Detector::generic: case Detector::username:
    case Detector::gender: case Detector::geo:
      return !std::all_of(value.begin(), value.end(), [](char c) { return is_digit(c) || c == '.'; });
    case Detector::email: return value.find('@') != std::string_view::npos;
    default: return std::count_if(value.begin(), value.end(), is_digit) >= 3;
  }
}

}  // namespace

const KeyVerdict& Pairs::judge(std::string_view key) {
  std::size_t hash = key.size();
  for (const char c : key) hash = hash * 131 + static_cast<unsigned char>(c);
  Known& known = known_[(hash ^ (hash >> 9)) % known_.size()];
  if (known.key != key || key.empty()) {
    // The key changes when its verdict is there: allocations may throw.
    const KeyVerdict verdict = work_.impl.judge(key, {});
    known.key = key;
    known.verdict = verdict;
  }
  return known.verdict;
}

void Pairs::find_exact(std::string_view text, detect::Spans& spans) {
  found_any_ = false;
  find(text, true, spans);
}
void Pairs::find_loose(std::string_view text, detect::Spans& spans) { find(text, false, spans); }

void Pairs::find(std::string_view text, bool exact, detect::Spans& spans) {
  free_from_ = bare_begin_ = bare_end_ = 0;
  // The next of each mark, found by memchr: most texts have few.
  std::size_t equals = text.find('='), colon = text.find(':');
  for (std::size_t at; (at = std::min(equals, colon)) != std::string_view::npos;) {
    (at == equals ? equals : colon) = find_next(text, text[at], at + 1);
    if (at < free_from_ || at == 0 || !may_end_key(text[at - 1])) continue;
    Pair pair{};
    if (!read(text, at, pair) || pair.key_begin < free_from_) continue;
    take(text, pair, exact, spans);
  }
  spans.merge();
}

void Pairs::add(std::size_t begin, std::size_t end, Detector detector, std::uint16_t mark, detect::Spans& spans) {
  spans.put_aside({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), detector, mark});
  free_from_ = end;
  found_any_ = true;
}

// Reads the pair around the `=` or `:` at `mark`.
bool Pairs::read(std::string_view text, std::size_t mark, Pair& pair) {
  pair.colon = text[mark] == ':';
  std::size_t end = mark;
  while (end > 0 && (text[end - 1] == ' ' || text[end - 1] == '\t') && mark - end < 2) --end;
  const bool blank_before = end < mark;
  const bool key_quoted = end > 0 && is_quote(text[end - 1]);
  if (key_quoted) --end;
  if (key_quoted && end > 0 && text[end - 1] == '\\') --end;
  std::size_t begin = end;
  while (begin > 0 && end - begin <= kLongestKey && (is_key_character(text[begin - 1]) || (key_quoted && text[begin - 1] == ' '))) --begin;
  if (begin == end || end - begin > kLongestKey) return false;
  pair.key_begin = begin;
  pair.key_end = end;
  pair.form = begin > 0 && (text[begin - 1] == '?' || text[begin - 1] == '&');

  std::size_t value = mark + 1;
  if (!pair.colon && value < text.size() && (text[value] == '>' || text[value] == '=')) ++value;  // `=>`, `==`
  std::size_t blanks = 0;
  while (value < text.size() && (text[value] == ' ' || text[value] == '\t') && blanks < 2) ++value, ++blanks;
  if (blanks > 0 && !pair.colon && !blank_before) return false;  // `key= value` ends with nothing
  if (value < text.size() && text[value] == '\\' && value + 1 < text.size() && is_quote(text[value + 1])) ++value;
  if (value < text.size() && is_quote(text[value])) {
    const std::size_t close = end_of_quoted(text, value + 1, text[value]);
    pair.quoted = true;
    pair.value_begin = value + 1;
    pair.value_end = close == std::string_view::npos ? text.size() : close;
    return pair.value_end > pair.value_begin;
  }
  pair.tight = pair.colon && !key_quoted && blanks == 0;
  if (pair.tight && !is_tight_pair(text, begin, value)) return false;
  pair.value_begin = value;
  if (value < bare_begin_ || value > bare_end_) {
    bare_begin_ = bare_end_ = value;
    while (bare_end_ < text.size() && !ends_bare_value(text[bare_end_])) ++bare_end_;
  }
  pair.value_end = bare_end_;
  pair.form |= bare_end_ < text.size() && text[bare_end_] == '&';
  return pair.value_end > pair.value_begin;
}

// Scheme and secret, or the secret alone; in the line, or in the quoted text.
std::size_t Pairs::end_of_authorization(std::string_view text, const Pair& pair) {
  const auto inside = [&](std::size_t i) {
    return pair.quoted ? i < pair.value_end : i < text.size() && !is_quote(text[i]) && text[i] != '\r' && text[i] != '\n';
  };
  std::size_t at = pair.value_begin, end = at;
  for (int words = 0; words < 2; ++words) {
    while (inside(at) && is_blank(text[at])) ++at;
    const std::size_t begin = at;
    while (inside(at) && !is_blank(text[at]) && text[at] != ',') ++at;
    if (at > begin) end = at;
    if (!is_scheme(text.substr(begin, at - begin))) break;
  }
  return end;
}

// Values of headers reach to the end of the line, or of the quoted text.
void Pairs::take_header(std::string_view text, const Pair& pair, const KeyVerdict& verdict, detect::Spans& spans) {
  if (verdict.kind == Kind::authorization) {
    const std::size_t stop = end_of_authorization(text, pair);
    thread_local std::string masked;
    masked.clear();
    append_authorization(text.substr(pair.value_begin, stop - pair.value_begin), masked);
    if (masked != text.substr(pair.value_begin, stop - pair.value_begin) && !spans.overlaps(pair.value_begin, stop)) {
      add(pair.value_begin, stop, Detector::auth_header, kNoPair, spans);
    }
    return;
  }
  const std::size_t end = pair.quoted ? pair.value_end : std::min(text.find_first_of("\r\n\"'", pair.value_begin), text.size());
  const std::string_view value = text.substr(pair.value_begin, end - pair.value_begin);
  thread_local std::vector<CookieValue> values;
  values.clear();
  find_cookie_values(value, verdict.kind == Kind::set_cookie, values);
  for (const CookieValue& cookie : values) {
    const std::size_t begin = pair.value_begin + cookie.begin, stop = pair.value_begin + cookie.end;
    if (!spans.overlaps(begin, stop)) add(begin, stop, Detector::cookie, kNoPair, spans);
  }
  free_from_ = end;
}

void Pairs::take(std::string_view text, const Pair& pair, bool exact, detect::Spans& spans) {
  if (spans.covers(pair.value_begin) || spans.overlaps(pair.key_begin, pair.key_end)) return;
  const std::string_view key = text.substr(pair.key_begin, pair.key_end - pair.key_begin);
  const KeyVerdict& verdict = judge(key);
  if (verdict.kind == Kind::plain || verdict.kind == Kind::safe) return;
  if (verdict.kind == Kind::authorization || verdict.kind == Kind::cookie || verdict.kind == Kind::set_cookie) {
    if (exact) take_header(text, pair, verdict, spans);
    return;
  }
  const bool secret = verdict.kind == Kind::secret || verdict.kind == Kind::drop;
  if (exact != (pair.quoted || pair.form || secret)) return;
  if (pair.tight && verdict.kind == Kind::drop && verdict.type != Detector::cvv) return;  // `pin:80` is a port
  // `email: none` is prose; what has a form of its own is found by it.
  if (pair.colon && !pair.quoted && !secret) return;
  // As far as nothing was found before.
  const auto next = std::lower_bound(spans.begin(), spans.end(), pair.value_begin,
                                     [](const detect::Span& span, std::size_t begin) { return span.begin < begin; });
  std::size_t end = next == spans.end() ? pair.value_end : std::min<std::size_t>(pair.value_end, next->begin);
  // What takes its place must not touch what was found: the character between them stays.
  if (end < pair.value_end && end > pair.value_begin && !is_word(text[end - 1])) --end;
  if (end == pair.value_begin) return;
  const std::string_view value = text.substr(pair.value_begin, end - pair.value_begin);
  if (trim(value).empty() || is_placeholder(trim(value)) || detect::is_output(value, work_.grammar)) return;
  Detector type = verdict.type;
  const std::string_view judged = value.substr(0, kMostJudged);
  if (verdict.kind == Kind::secret) {
    if (!pair.quoted && !looks_like_secret(key, judged, pair.colon)) return;
  } else if (verdict.kind == Kind::sensitive) {
    DetectorSet context = verdict.context;
    context.insert(verdict.type);
    const bool short_enough = pair.quoted || value.size() <= kMostJudged;
    const Detector match = short_enough ? detect::whole_match(value, work_.impl.settings, context) : Detector::none;
    // `Basic ****` is no output under a key such as `card`.
    if (match != Detector::none && match != Detector::auth_header) type = match;
    else if (!pair.quoted && !may_be_of(type, judged)) return;
  }
  const std::uint16_t mark = verdict.kind == Kind::drop ? kDropped : pair.form ? kForm : kNoPair;
  add(pair.value_begin, end, type, mark, spans);
}

}  // namespace pii::mask
