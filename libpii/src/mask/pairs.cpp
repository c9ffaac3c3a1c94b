#include "mask/pairs.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "base/thread_scratch.hpp"
#include "detect/outputs.hpp"
#include "detect/scanner.hpp"
#include "mask/placeholder.hpp"
#include "mask/text.hpp"

namespace pii::mask {
namespace {

using Kind = KeyVerdict::Kind;

constexpr std::size_t kLongestKey = 64;
constexpr std::size_t kLongestMark = 5;  // with what may stand before a quote: `=>  \"`

enum : std::uint8_t {
  kKey = 1,        // may stand in a key
  kQuote = 2,
  kTab = 4,        // a blank within a line
  kEndsBare = 8,   // a value without quotes
  kEndsWord = 16,  // a word in a header without quotes
};

constexpr auto kClasses = [] {
  std::array<std::uint8_t, 256> classes{};
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const char c = static_cast<char>(i);
    if (is_word(c)) classes[i] = kKey;
    if (i < 0x20) classes[i] = kEndsBare;
  }
  const auto add = [&classes](std::string_view characters, std::uint8_t what) {
    for (const char c : characters) classes[static_cast<unsigned char>(c)] |= what;
  };
  add("-.[]", kKey);
  add("\"'", kQuote);
  add(" \t", kTab);
  add("\r\n\"'", kEndsWord);
  add(" \t,", kEndsWord);
  add(" &;,\"'<>)}]#", kEndsBare);
  return classes;
}();

bool is(char c, int what) noexcept { return (kClasses[static_cast<unsigned char>(c)] & what) != 0; }

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

}  // namespace

bool ends_bare_value(char c) noexcept { return is(c, kEndsBare); }

// `token: value` in prose is a secret only if it does not look like a word; after `=` it is one unless it is too short.
bool Pairs::is_secret(std::size_t begin, std::size_t end, bool password, bool colon) {
  const std::size_t judged = std::min(end - begin, CharacterTally::kLongest);
  const CharacterTally::Counts& has = tally_.of(begin, begin + judged);
  const bool digit = has.digits() != 0, symbol = has.symbols() != 0;
  const bool mixed = has.capitals() != 0 && has.small_letters() != 0;
  if (password) return !colon || digit || symbol || mixed;
  if (judged < 8) return false;
  const bool letter = has.capitals() != 0 || has.small_letters() != 0;
  return colon ? digit && letter : digit || symbol || mixed || judged >= 20;
}

// Evidence that a bare value is of a type that has a form of its own.
bool Pairs::may_be_of(Detector type, std::size_t begin, std::size_t end) {
  const std::size_t judged = std::min(end - begin, CharacterTally::kLongest);
  const CharacterTally::Counts& has = tally_.of(begin, begin + judged);
  switch (type) {
    case Detector::person_name: case Detector::address: case Detector::generic: case Detector::username:
    case Detector::gender: case Detector::geo:
      return has.digits() + has.dots() != judged;
    case Detector::email: return has.at_signs() != 0;
    default: return has.digits() >= 3;
  }
}

std::size_t Pairs::Stretch::end_from(std::string_view text, std::size_t from, int ends) noexcept {
  if (!has(from)) {
    begin = end = from;
    while (end < text.size() && !is(text[end], ends)) ++end;
  }
  return end;
}

void Pairs::begin_pass(std::string_view text) {
  free_from_ = 0;
  free_behind_bare_ = false;
  bare_ = line_ = word_ = coded_ = {};
  cookies_ = {};
  tally_.begin(text);
}

void Pairs::find_exact(std::string_view text, detect::Spans& spans, const PercentCodes& codes) {
  codes_ = codes;
  found_any_ = unsettled_ = false;
  marks_.clear();
  begin_pass(text);
  // The next of each mark, found by memchr: most texts have few.
  std::size_t equals = text.find('='), colon = text.find(':');
  auto span = spans.begin();
  for (std::size_t at; (at = std::min(equals, colon)) != std::string_view::npos;) {
    while (span != spans.end() && span->end <= at) ++span;
    if (span != spans.end() && span->begin < at && span->detector == Detector::none) {
      // No key ends within an output.
      if (equals < span->end) equals = find_next(text, '=', span->end);
      if (colon < span->end) colon = find_next(text, ':', span->end);
      continue;
    }
    (at == equals ? equals : colon) = find_next(text, text[at], at + 1);
    if (at == 0 || !is(text[at - 1], kKey | kQuote | kTab)) continue;
    Mark mark{static_cast<std::uint32_t>(at)};
    look_at_exact(text, mark, spans);
    if (mark.judged ? mark.verdict.says_something() : mark.later) marks_.push_back(mark);
  }
  spans.merge();
}

void Pairs::find_exact_again(std::string_view text, detect::Spans& spans) {
  found_any_ = unsettled_ = false;
  begin_pass(text);
  auto span = spans.begin();
  for (Mark& mark : marks_) {
    while (span != spans.end() && span->end <= mark.at) ++span;
    mark.later = false;
    if (span == spans.end() || span->begin > mark.at) look_at_exact(text, mark, spans);
  }
  spans.merge();
}

void Pairs::find_loose(std::string_view text, detect::Spans& spans) {
  begin_pass(text);
  for (Mark& mark : marks_) {
    if (mark.later && mark.at >= free_from_) look_at(text, mark, false, spans);
  }
  spans.merge();
}

void Pairs::add(const Pair& pair, std::size_t begin, std::size_t end, Detector detector, std::uint16_t mark, detect::Spans& spans) {
  spans.put_aside({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), detector, mark});
  free_from_ = end;
  free_behind_bare_ = !pair.quoted;
  found_any_ = true;
}

void Pairs::look_at_exact(std::string_view text, Mark& mark, detect::Spans& spans) {
  if (mark.at < free_from_ && !(free_behind_bare_ && free_from_ - mark.at <= kLongestMark)) {
    mark.later = true;
  } else {
    look_at(text, mark, true, spans);
  }
}

// Looks at the pair around the `=` or `:` at the mark, its key first: most say nothing.
void Pairs::look_at(std::string_view text, Mark& of, bool exact, detect::Spans& spans) {
  const std::size_t mark = of.at;
  std::size_t end = mark;
  while (end > 0 && is(text[end - 1], kTab) && mark - end < 2) --end;
  const bool key_quoted = end > 0 && is(text[end - 1], kQuote);
  if (key_quoted) --end;
  if (key_quoted && end > 0 && text[end - 1] == '\\') --end;
  std::size_t begin = end, hash = 0;
  while (begin > 0 && end - begin <= kLongestKey && (is(text[begin - 1], kKey) || (key_quoted && text[begin - 1] == ' '))) {
    --begin;
    hash = std::rotl(hash, 5) ^ static_cast<unsigned char>(text[begin]);
  }
  if (begin == end || end - begin > kLongestKey) return;
  const bool taken = begin < free_from_;
  if (taken && !(exact && free_behind_bare_)) {
    of.later = exact;
    return;
  }
  if (!of.judged) {
    of.judged = true;
    const PairKeys::Verdict& judged = keys_.judge(text.substr(begin, end - begin), hash, begin + 8 <= text.size());
    if (!judged.says_something()) return;
    of.verdict = judged;
  }
  const PairKeys::Verdict& verdict = of.verdict;
  if (!verdict.says_something()) return;
  Pair pair{.key_begin = begin, .key_end = end, .key_quoted = key_quoted, .colon = text[mark] == ':'};
  pair.form = begin > 0 && (text[begin - 1] == '?' || text[begin - 1] == '&');
  const bool has_value = read_value(text, mark, pair);
  // `cookie: - password: "…"`, `password=token: abc12345`: a key at the end of a value that needs no quotes says what stands behind it.
  if (taken && !(has_value && pair.value_begin >= free_from_)) {
    of.later = true;
    return;
  }
  if (!has_value || spans.overlaps(begin, end) || spans.covers(pair.value_begin)) return;

  const Kind kind = verdict.of_key.kind;
  const bool secret = kind == Kind::secret || kind == Kind::drop;
  unsettled_ |= !secret;
  if (kind == Kind::authorization || kind == Kind::cookie || kind == Kind::set_cookie) {
    if (exact) take_header(text, pair, kind, spans);
    return;
  }
  // `email: none` is prose; what has a form of its own is found by it.
  if (pair.colon && !pair.quoted && !secret) return;
  if (exact == (pair.quoted || pair.form || secret)) {
    take(text, pair, verdict, spans);
  } else if (exact) {
    of.later = true;
  }
}

// `password=a%26b&c=d`: what is spelled as a code ends no value but that of a mark which is one itself.
std::size_t Pairs::end_of_bare(std::string_view text, std::size_t mark, std::size_t value) {
  if (!codes_.any() || codes_.at(text, mark)) return bare_.end_from(text, value, kEndsBare);
  if (!coded_.has(value)) {
    coded_ = {value, value};
    while (coded_.end < text.size() && (!is(text[coded_.end], kEndsBare) || codes_.at(text, coded_.end))) ++coded_.end;
  }
  return coded_.end;
}

bool Pairs::read_value(std::string_view text, std::size_t mark, Pair& pair) {
  std::size_t value = mark + 1;
  if (!pair.colon && value < text.size() && (text[value] == '>' || text[value] == '=')) ++value;  // `=>`, `==`
  std::size_t blanks = 0;
  while (value < text.size() && is(text[value], kTab) && blanks < 2) ++value, ++blanks;
  if (blanks > 0 && !pair.colon && !is(text[mark - 1], kTab)) return false;  // `key= value` ends with nothing
  if (value < text.size() && text[value] == '\\' && value + 1 < text.size() && is(text[value + 1], kQuote)) ++value;
  if (value < text.size() && is(text[value], kQuote)) {
    const std::size_t close = end_of_quoted(text, value + 1, text[value]);
    pair.quoted = true;
    pair.value_begin = value + 1;
    pair.value_end = close == std::string_view::npos ? text.size() : close;
    return pair.value_end > pair.value_begin;
  }
  pair.tight = pair.colon && !pair.key_quoted && blanks == 0;
  if (pair.tight && !is_tight_pair(text, pair.key_begin, value)) return false;
  pair.value_begin = value;
  pair.value_end = end_of_bare(text, mark, value);
  pair.form |= pair.value_end < text.size() && text[pair.value_end] == '&';
  return pair.value_end > pair.value_begin;
}

// Behind the quoted text that begins at `i` and ends in its line, not far; `i` where none does.
std::size_t Pairs::end_of_quotes(std::string_view text, std::size_t i) noexcept {
  const std::size_t open = i < text.size() && text[i] == '\\' ? i + 1 : i;
  if (open >= text.size() || !is(text[open], kQuote)) return i;
  const std::size_t stop = std::min(text.size(), open + CharacterTally::kLongest);
  for (std::size_t close = open + 1; close < stop && text[close] != '\r' && text[close] != '\n'; ++close) {
    if (text[close] == text[open]) return close + 1;
  }
  return i;
}

// All that is quoted; else scheme and secret, or the secret alone, in the line. A scheme may have parameters:
// `Digest username="ada", response="…"`, `AWS4-HMAC-SHA256 Credential=…, Signature=…`.
std::size_t Pairs::end_of_authorization(std::string_view text, const Pair& pair) {
  constexpr int kMostParameters = 16;
  std::size_t end = pair.value_begin;
  if (pair.quoted) {
    end = pair.value_end;
    while (end > pair.value_begin && is_blank(text[end - 1])) --end;
    return end;
  }
  const std::size_t word = word_.end_from(text, end, kEndsWord);
  if (word == end) return end;
  const bool scheme = is_scheme(text.substr(end, word - end));
  end = word;
  if (!scheme) return end;
  std::size_t at = end;
  while (at < text.size() && is(text[at], kTab)) ++at;
  std::size_t behind = end_of_quotes(text, at);
  if (behind == at) behind = word_.end_from(text, at, kEndsWord);
  if (behind > at) end = behind;
  for (int parameters = 0; parameters < kMostParameters; ++parameters) {
    const std::size_t value = text[end - 1] == '\\' ? end - 1 : end;
    if (text[value - 1] == '=') end = std::max(end, end_of_quotes(text, value));
    at = end;
    if (at == text.size() || text[at] != ',') break;
    ++at;
    while (at < text.size() && is(text[at], kTab)) ++at;
    const std::size_t begin = at;
    while (at < text.size() && is(text[at], kKey)) ++at;
    if (at == begin || at == text.size() || text[at] != '=') break;
    end = word_.end_from(text, at, kEndsWord);
  }
  return end;
}

// Values of headers reach to the end of the line, or of the quoted text.
void Pairs::take_header(std::string_view text, const Pair& pair, Kind kind, detect::Spans& spans) {
  if (kind == Kind::authorization) {
    const std::size_t stop = end_of_authorization(text, pair);
    if (spans.overlaps(pair.value_begin, stop)) return;
    struct Masked;
    std::string& masked = base::thread_scratch<std::string, Masked>();
    masked.clear();
    append_authorization(text.substr(pair.value_begin, stop - pair.value_begin), masked);
    if (masked != text.substr(pair.value_begin, stop - pair.value_begin)) {
      add(pair, pair.value_begin, stop, Detector::auth_header, kNoPair, spans);
    }
    return;
  }
  struct Values;
  auto& values = base::thread_scratch<std::vector<CookieValue>, Values>();
  values.clear();
  if (pair.quoted) {
    std::size_t end = pair.value_end;
    // `cookie="sid="x"; a=b"`
    const bool whole = !is_cookie_quote(text, pair.value_begin - 1);
    while (whole && end < text.size() && is(text[end], kQuote) && is_cookie_quote(text, end)) end = std::min(end_of_quoted(text, end + 1, text[end]), text.size());
    find_cookie_values(text.substr(pair.value_begin, end - pair.value_begin), kind == Kind::set_cookie, values);
    for (CookieValue& cookie : values) cookie = {cookie.begin + pair.value_begin, cookie.end + pair.value_begin};
  } else {
    if (!line_.has(pair.value_begin)) line_ = {pair.value_begin, end_of_cookies(text, pair.value_begin)};
    cookies_.find(text, pair.value_begin, line_.end, kind == Kind::set_cookie, values);
  }
  // Behind the last of them other keys may stand.
  for (const auto& [begin, end] : values) {
    if (!spans.overlaps(begin, end)) add(pair, begin, end, Detector::cookie, kNoPair, spans);
  }
}

void Pairs::take(std::string_view text, const Pair& pair, const PairKeys::Verdict& known, detect::Spans& spans) {
  const KeyVerdict& verdict = known.of_key;
  if (pair.tight && verdict.kind == Kind::drop && verdict.type != Detector::cvv) return;  // `pin:80` is a port
  // As far as nothing was found before.
  std::size_t end = std::min(pair.value_end, spans.next_begin(pair.value_begin));
  // What takes its place must not touch what was found: the character between them stays.
  if (end < pair.value_end && end > pair.value_begin && !is_word(text[end - 1])) --end;
  if (end == pair.value_begin) return;
  const std::string_view value = text.substr(pair.value_begin, end - pair.value_begin), core = trim(value);
  if (core.empty() || detect::is_output(value, work_.grammar)) return;
  if (is_placeholder(core)) {
    // What follows its signs may become a token: `****1234a@b.com`.
    if (!is_word(core.front()) && core.size() > 4) found_any_ = unsettled_ = true;
    return;
  }
  Detector type = verdict.type;
  if (verdict.kind == Kind::secret) {
    if (!pair.quoted && !is_secret(pair.value_begin, end, known.password, pair.colon)) return;
  } else if (verdict.kind == Kind::sensitive) {
    DetectorSet context = verdict.context;
    context.insert(verdict.type);
    // Each of a text's marks may have all of the rest behind it.
    const bool short_enough = pair.quoted || value.size() <= CharacterTally::kLongest;
    const Detector match = short_enough ? detect::whole_match(value, work_.impl.settings, context) : Detector::none;
    // `Basic ****` is no output under a key such as `card`.
    if (match != Detector::none && match != Detector::auth_header) type = match;
    else if (!pair.quoted && !may_be_of(type, pair.value_begin, end)) return;
  }
  // Quotes and escapes in it paired with others beside it.
  unsettled_ |= end < pair.value_end || (pair.quoted && (end == text.size() || std::any_of(value.begin(), value.end(), [](char c) { return is(c, kQuote) || c == '\\'; })));
  const std::uint16_t mark = verdict.kind == Kind::drop ? kDropped : pair.form ? kForm : kNoPair;
  add(pair, pair.value_begin, end, type, mark, spans);
}

}  // namespace pii::mask
