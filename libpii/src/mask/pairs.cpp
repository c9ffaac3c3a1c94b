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

// `username="ada"`, and not `dXNlcjpwYXNz==`.
bool is_parameter(std::string_view word) noexcept {
  const std::size_t equals = word.find('=');
  return equals != std::string_view::npos && equals > 0 && std::all_of(word.begin(), word.begin() + equals, [](char c) { return is(c, kKey); });
}

// Whether the quote at `end`, escaped or not, closes what begins at `begin`, and opens nothing: `authorization: "Bearer abc password="x"`.
bool closes_plainly(std::string_view text, std::size_t begin, std::size_t end) noexcept {
  constexpr std::string_view kBehind = " \t\r\n;,.\"'\\)]}>&|";
  if (end >= text.size()) return false;
  const std::size_t behind = text[end] == '\\' ? end + 2 : end + 1;
  if (behind < text.size() && kBehind.find(text[behind]) == std::string_view::npos) return false;
  std::string_view held = text.substr(begin, end - begin);
  if (held.find_first_of("\r\n") != std::string_view::npos) return false;
  while (!held.empty() && (is_blank(held.back()) || held.back() == '\\')) held.remove_suffix(1);
  const bool key = !held.empty() && (held.back() == '=' || held.back() == ':');
  return !key || std::count_if(held.begin(), held.end(), is_blank) < 2;
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
  bare_ = line_ = word_ = {};
  cookies_ = {};
  tally_.begin(text);
}

void Pairs::find_exact(std::string_view text, detect::Spans& spans) {
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
  // `cookie: - password: "…"`: a key in a value that needs no quotes says what is in those behind it.
  if (taken && !(has_value && pair.quoted && pair.value_begin >= free_from_)) {
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
  pair.value_end = bare_.end_from(text, value, kEndsBare);
  pair.form |= pair.value_end < text.size() && text[pair.value_end] == '&';
  return pair.value_end > pair.value_begin;
}

// Two words, scheme and secret, or the secret alone, in the line or in the quoted text; as far as `found` parameters, if the scheme has
// them: `Digest username="ada", response="…"`, `AWS4-HMAC-SHA256 Credential=…, Signature=…`.
std::size_t Pairs::end_of_authorization(std::string_view text, const Pair& pair, std::size_t found) {
  const std::size_t limit = pair.quoted ? pair.value_end : text.size();
  const auto skip_blanks = [&](std::size_t i) {
    while (i < limit && (pair.quoted ? is_blank(text[i]) : is(text[i], kTab))) ++i;
    return i;
  };
  const auto end_of_word = [&](std::size_t i) {
    if (!pair.quoted) return word_.end_from(text, i, kEndsWord);
    while (i < limit && !is_blank(text[i]) && text[i] != ',') ++i;
    return i;
  };
  // Behind the quoted text that begins there and plainly ends, as words do.
  const auto behind_quotes = [&](std::size_t i, bool blanks) {
    const std::size_t open = i < limit && text[i] == '\\' ? i + 1 : i;
    const std::size_t word = open < limit && is(text[open], kQuote) ? word_.end_from(text, open + 1, kEndsWord) : open;
    if (word <= open + 1) return i;
    const std::size_t close = blanks ? std::min(text.find(text[open], word), limit) : word, end = close + 1;
    if (close >= limit || text[close] != text[open] || !closes_plainly(text, open + 1, close)) return i;
    return end == text.size() || is(text[end], kEndsWord) || end == limit ? end : i;
  };
  std::size_t at = skip_blanks(pair.value_begin), end = end_of_word(at);
  const std::string_view scheme = text.substr(at, end - at);
  if (!is_scheme(scheme)) return end;
  at = skip_blanks(end);
  const bool known = is_known_scheme(scheme);
  const std::size_t secret = std::max(known ? behind_quotes(at, false) : at, end_of_word(at));
  if (secret <= at) return end;
  end = secret;
  if (pair.quoted || !has_parameters(scheme) || !is_parameter(text.substr(at, end - at))) return end;
  while (end < found) {
    const std::size_t value = text[end - 1] == '\\' ? end - 1 : end;
    if (text[value - 1] == '=') end = std::max(end, behind_quotes(value, true));
    if (end == limit || text[end] != ',') break;
    const std::size_t name = skip_blanks(end + 1);
    std::size_t mark = name;
    while (mark < limit && is(text[mark], kKey)) ++mark;
    if (mark == name || mark == limit || text[mark] != '=') break;
    const std::size_t word = end_of_word(mark), next = skip_blanks(word);
    if (next > word && next < limit && is_digit(text[next])) break;  // of a number, which has blanks in it
    end = word;
  }
  return end;
}

void Pairs::take_authorization(std::string_view text, const Pair& pair, detect::Spans& spans) {
  const std::size_t found = spans.next_begin(pair.value_begin);
  const bool whole = pair.quoted && closes_plainly(text, pair.value_begin, pair.value_end);
  std::size_t stop = whole ? pair.value_end : end_of_authorization(text, pair, found);
  const bool cut = found < stop;
  if (cut && !whole) return;
  if (cut) {
    // Not as far as another key, nor what touches what was found.
    stop = found;
    bool first = true;
    for (std::size_t i = pair.value_begin; i < stop; ++i) {
      first = first && !is_blank(text[i]);
      if ((text[i] != '=' && text[i] != ':') || (first && i + 1 < found)) continue;
      stop = i;
      while (stop > pair.value_begin && !is_blank(text[stop - 1])) --stop;
    }
    while (stop > pair.value_begin && !is_word(text[stop - 1])) --stop;
  }
  while (stop > pair.value_begin && is_blank(text[stop - 1])) --stop;
  std::string_view value = text.substr(pair.value_begin, stop - pair.value_begin);
  if (cut) {
    const std::string_view words = trim(value);
    unsettled_ = true;
    if (words.empty() || is_known_scheme(words) || (is_scheme(words) && std::none_of(words.begin(), words.end(), is_digit))) {
      stop = end_of_authorization(text, pair, found);
      if (stop > found) return;  // it is the secret, and this its scheme
      value = text.substr(pair.value_begin, stop - pair.value_begin);
    } else if (!is_known_scheme(words.substr(0, words.find(' ')))) {
      return add(pair, pair.value_begin, stop, Detector::secret, kNoPair, spans);
    }
  }
  if (value.empty()) return;
  struct Masked;
  std::string& masked = base::thread_scratch<std::string, Masked>();
  masked.clear();
  append_authorization(value, masked);
  if (masked != value) add(pair, pair.value_begin, stop, Detector::auth_header, kNoPair, spans);
}

// Values of headers reach to the end of the line, or of the quoted text.
void Pairs::take_header(std::string_view text, const Pair& pair, Kind kind, detect::Spans& spans) {
  if (kind == Kind::authorization) return take_authorization(text, pair, spans);
  const bool set_cookie = kind == Kind::set_cookie;
  struct Values;
  auto& values = base::thread_scratch<std::vector<CookieValue>, Values>();
  values.clear();
  if (pair.quoted) {
    const std::size_t cookies = end_of_cookies(text, pair.value_begin, set_cookie), quote = pair.value_end + (text.substr(pair.value_end).starts_with('\\') ? 1 : 0);
    const std::size_t end = cookies > quote ? cookies : pair.value_end;  // `cookie="sid="x"; a=b"`
    unsettled_ |= cookies > quote;
    find_cookie_values(text.substr(pair.value_begin, end - pair.value_begin), set_cookie, values);
    for (CookieValue& cookie : values) cookie = {cookie.begin + pair.value_begin, cookie.end + pair.value_begin};
  } else {
    // Of headers in one line, one that begins with such a value may end behind the others.
    if (!line_.has(pair.value_begin) || begins_with_quoted_cookie(text, pair.value_begin)) line_ = {pair.value_begin, end_of_cookies(text, pair.value_begin, set_cookie)};
    cookies_.find(text, pair.value_begin, line_.end, set_cookie, values);
    // Where quotes ended it, it may end later once they, or blanks in them, are part of what takes a place.
    if (line_.end < text.size() && text[line_.end] != '\r' && text[line_.end] != '\n') found_any_ = unsettled_ = true;
  }
  // Behind the last of them other keys may stand.
  for (const auto& [begin, end] : values) take_cookie(text, pair, begin, end, spans);
}

// What was found before stays, and what touches it: the value goes up to it and behind it, as far as no other key stands there.
void Pairs::take_cookie(std::string_view text, const Pair& pair, std::size_t begin, std::size_t end, detect::Spans& spans) {
  if (!spans.overlaps(begin, end)) return add(pair, begin, end, Detector::cookie, kNoPair, spans);
  if (spans.covers(begin)) return;  // the value, and what follows it in the line
  // The word that it begins with may hold what ends a key, but not end so.
  const auto is_mark = [&](std::size_t i) { return text[i] == '=' || text[i] == ':'; };
  const std::size_t word = std::min(word_.end_from(text, begin, kEndsWord), spans.next_begin(begin));
  if (word > begin && is_mark(word - 1)) return;
  for (std::size_t look = word; begin < end; begin = look = spans.end_of(begin)) {
    const std::size_t next = std::min(spans.next_begin(begin), end);
    std::size_t from = begin, to = next, mark = look;
    while (mark < next && !is_mark(mark)) ++mark;
    if (mark < next) {
      to = mark;
      while (to > begin && is_blank(text[to - 1])) --to;
      while (to > begin && !is_blank(text[to - 1])) --to;
      end = next;
    }
    const std::size_t key = to;
    while (from < to && !is_word(text[from])) ++from;
    while (to > from && !is_word(text[to - 1])) --to;
    if (from < to && !(key < next && is_digit(text[key]) && is_digit(text[to - 1]))) {  // half a number
      unsettled_ = true;
      add(pair, from, to, Detector::cookie, kNoPair, spans);
    }
    begin = next;
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
