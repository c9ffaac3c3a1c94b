// Header lines in a text: docs/masking.md section 4.
#include <algorithm>

#include "base/thread_scratch.hpp"
#include "mask/headers.hpp"
#include "mask/pair_characters.hpp"
#include "mask/pairs.hpp"
#include "mask/text.hpp"

namespace pii::mask {
namespace {

using Kind = KeyVerdict::Kind;

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

// Whether a header that ends with its line is read alike when the value at [begin, end) has become an output: nothing in it, but quotes
// around it, tells where cookies end or begin.
bool stays_a_cookie(std::string_view text, std::size_t begin, std::size_t end) noexcept {
  const bool quoted = end - begin >= 2 && is(text[begin], kQuote) && text[end - 1] == text[begin];
  if (quoted) ++begin, --end;
  while (begin < end && !is(text[begin], kTellsCookies)) ++begin;
  return begin == end;
}

}  // namespace

// Two words, scheme and secret, or the secret alone, in the line or in the quoted text; as far as `found` parameters, if the scheme has
// them and they are known: `Digest username="ada", response="…"`, `AWS4-HMAC-SHA256 Credential=…, Signature=…`.
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
  if (pair.quoted || !has_parameters(scheme)) return end;
  for (std::size_t name = at;; name = skip_blanks(end + 1)) {
    std::size_t mark = name;
    while (mark < limit && is(text[mark], kKey)) ++mark;
    if (mark == limit || text[mark] != '=' || !is_parameter(text.substr(name, mark - name))) return end;
    std::size_t behind = behind_quotes(mark + 1, true);
    if (behind == mark + 1) {
      behind = end_of_word(mark + 1);
      if (!is_plain_value(text.substr(mark + 1, behind - mark - 1)) || !ends_alone(text, mark + 1, behind)) return end;
    }
    if (behind > found) return end;
    end = behind;
    if (end == limit || text[end] != ',') return end;
  }
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
void Pairs::take_header(std::string_view text, const Pair& pair, detect::Spans& spans) {
  if (pair.kind == Kind::authorization) return take_authorization(text, pair, spans);
  const bool set_cookie = pair.kind == Kind::set_cookie;
  std::vector<CookieValue>& values = cookie_values_;
  values.clear();
  if (pair.quoted) {
    const std::size_t cookies = end_of_cookies(text, pair.value_begin, set_cookie).end;
    const std::size_t quote = pair.value_end + (text.substr(pair.value_end).starts_with('\\') ? 1U : 0U);
    const std::size_t end = cookies > quote ? cookies : pair.value_end;  // `cookie="sid="x"; a=b"`
    unsettled_ = true;
    find_cookie_values(text.substr(pair.value_begin, end - pair.value_begin), set_cookie, values, pair.value_begin);
  } else {
    // Of headers in one line, one that begins with such a value may end behind the others.
    unsettled_ |= line_.has(pair.value_begin);
    if (!line_.has(pair.value_begin) || pair.value_begin > line_shared_ || begins_with_quoted_cookie(text, pair.value_begin)) {
      const EndOfCookies found = end_of_cookies(text, pair.value_begin, set_cookie);
      line_ = {pair.value_begin, found.end};
      line_shared_ = found.shared;
    }
    cookies_.find(text, pair.value_begin, line_.end, set_cookie, values);
    // Where quotes ended it, it may end later once they, or blanks in them, are part of what takes a place.
    if (line_.end < text.size() && text[line_.end] != '\r' && text[line_.end] != '\n') found_any_ = unsettled_ = true;
  }
  // Behind the last of them other keys may stand.
  any_cookies_ = true;
  for (const auto& [begin, end, part] : values) {
    const bool found = spans.overlaps(begin, end);
    unsettled_ = unsettled_ || found || part < begin || !stays_a_cookie(text, begin, end);
    if (!found && part == begin) {
      add(pair, begin, end, Detector::cookie, kNoPair, spans);
      ++cookies_found_;
      continue;
    }
    if (part < begin && found) continue;
    const bool goes_whole = part < begin && !spans.overlaps(part, begin) && (end == text.size() || !is(text[end], kQuote));
    take_cookie(text, pair, goes_whole ? part : begin, end, spans);
  }
}

// What was found before stays, and what touches it: the value goes up to it and behind it, as far as no other key stands there.
void Pairs::take_cookie(std::string_view text, const Pair& pair, std::size_t begin, std::size_t end, detect::Spans& spans) {
  if (!spans.overlaps(begin, end)) return add(pair, begin, end, Detector::cookie, kNoPair, spans);
  if (spans.covers(begin)) return;  // the value, and what follows it in the line
  const auto is_mark = [&](std::size_t i) { return text[i] == '=' || text[i] == ':'; };
  for (; begin < end; begin = spans.end_of(begin)) {
    const std::size_t next = std::min(spans.next_begin(begin), end);
    std::size_t from = begin, to = next, mark = begin;
    while (mark < next && !is_mark(mark)) ++mark;
    if (mark < next) {
      to = mark;
      while (to > begin && is_blank(text[to - 1])) --to;
      while (to > begin && !is_blank(text[to - 1]) && text[to - 1] != '\\') --to;  // `a=b\r\nName: c`, with backslashes
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

}  // namespace pii::mask
