#include "mask/headers.hpp"

#include <algorithm>
#include <initializer_list>

#include "mask/pair_characters.hpp"
#include "mask/text.hpp"

namespace pii::mask {
namespace {

constexpr std::string_view kStars = "****";

bool is_token_character(char c) noexcept {
  return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~' || c == '+' || c == '/' || c == '=';
}

bool same_word(std::string_view a, std::string_view lower) noexcept {
  return a.size() == lower.size() &&
         std::equal(a.begin(), a.end(), lower.begin(), [](char x, char y) { return to_lower(x) == y; });
}

void append_stars(std::string_view secret, std::string& out) {
  out += kStars;
  // Already so: masking twice changes nothing.
  if (secret.substr(0, kStars.size()) == kStars && secret.size() <= kStars.size() + 4) secret.remove_prefix(kStars.size());
  else if (secret.size() < 20) return;
  const std::string_view last = secret.substr(secret.size() - std::min<std::size_t>(4, secret.size()));
  if (std::all_of(last.begin(), last.end(), is_token_character)) out += last;
}

bool is_cookie_attribute(std::string_view name) noexcept {
  for (const std::string_view known : {"expires", "max-age", "domain", "path", "samesite", "priority", "secure", "httponly",
                                       "partitioned", "version"}) {
    if (same_word(name, known)) return true;
  }
  return false;
}

// Without calling out, as std::string_view::find() does.
template <std::size_t size>
constexpr bool is_one_of(char c, const char (&set)[size]) noexcept {
  for (std::size_t i = 0; i + 1 < size; ++i) {
    if (c == set[i]) return true;
  }
  return false;
}
std::size_t behind_tabs(std::string_view text, std::size_t i) noexcept {
  while (i < text.size() && is(text[i], kTab)) ++i;
  return i;
}
constexpr bool ends_line(char c) noexcept { return c == '\r' || c == '\n'; }

bool stands_in_name(char c) noexcept { return is(c, kName); }

// Where the quoted value of a cookie that the quote at `open` begins ends, `x"` of `sid="x"; …`; npos where it begins none, but ends the text
// around. Only what RFC 6265 allows in a value: the quotes of what holds the header would have blanks, commas or semicolons between them.
std::size_t end_of_cookie_quote(std::string_view text, std::size_t open, bool escaped) noexcept {
  std::size_t close = open + 1;
  while (close < text.size() && !is(text[close], kEndsCookieQuote)) ++close;
  const bool empty = close == open + 1;
  if (escaped && close < text.size() && text[close] == '\\') ++close;
  if (close >= text.size() || text[close] != text[open] || (escaped && text[close - 1] != '\\')) return std::string_view::npos;
  const std::size_t end = close + 1;
  if (end == text.size()) return empty ? std::string_view::npos : end;
  return text[end] == ';' || (!empty && is_one_of(text[end], " \t\r\n\"'\\)]}")) ? end : std::string_view::npos;
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> lower) noexcept {
  return std::any_of(lower.begin(), lower.end(), [word](std::string_view known) { return same_word(word, known); });
}
constexpr char kOtherKey[] = ":\\";  // what shows another key in a cookie's name
bool shows_the_end(std::string_view scheme) noexcept { return is_one_of(scheme, {"bearer", "token", "apikey"}); }

}  // namespace

bool is_cookie_member(std::string_view key, bool in_array) noexcept {
  return is_cookie_attribute(key) || is_one_of(key, {"maxage", "originalmaxage", "expirationdate", "hostonly"}) || (in_array && same_word(key, "name"));
}

bool begins_with_quoted_cookie(std::string_view text, std::size_t begin) noexcept {
  while (begin < text.size() && stands_in_name(text[begin])) ++begin;
  if (begin == text.size() || text[begin] != '=') return false;
  begin += text.substr(begin + 1).starts_with('\\') ? 2U : 1U;
  return begin < text.size() && (text[begin] == '"' || text[begin] == '\'');
}

EndOfCookies end_of_cookies(std::string_view text, std::size_t begin, bool set_cookie) noexcept {
  constexpr std::size_t kNone = std::string_view::npos;
  std::size_t name = begin, equals = kNone;  // of the cookie
  std::size_t quoted = kNone;                // the last one in quotes: behind it only plain cookies belong to the header
  // Of what is none, at least the value goes, if it plainly ends there: a blank may stand between a scheme and its secret.
  const auto end_in = [&](std::size_t i) -> EndOfCookies {
    const bool value = text[i] == '\\' && equals != kNone && equals + 1 < i && ends_alone(text, equals + 1, i);
    return {value ? i : name, quoted};
  };
  std::size_t i = begin;
  for (; i < text.size(); ++i) {
    if (!is(text[i], kTellsCookies)) continue;
    if (ends_line(text[i])) break;
    if (text[i] == ';' || (is_blank(text[i]) && name == i)) {
      name = i + 1;
      equals = kNone;
      continue;
    }
    if (text[i] == '=' && equals == kNone) equals = i;
    if (quoted != kNone && (is_one_of(text[i], "\\ \t") || (equals == kNone && is_one_of(text[i], ":&")))) {
      if (text[i] == '\\' && i + 1 < text.size() && is(text[i + 1], kQuote)) continue;
      const std::size_t next = behind_tabs(text, i);
      if (next == text.size() || text[next] != ';') return end_in(i);
      i = next - 1;
      continue;
    }
    if (text[i] != '"' && text[i] != '\'') continue;
    const bool escaped = i > begin && text[i - 1] == '\\';
    const std::size_t mark = escaped ? i - 1 : i;
    const bool named = mark > name + 1 && text[mark - 1] == '=' && std::all_of(text.begin() + name, text.begin() + mark - 1, stands_in_name);
    const std::size_t end = named ? end_of_cookie_quote(text, i, escaped) : std::string_view::npos;
    if (end == std::string_view::npos) {
      if (quoted == kNone) break;
      return ends_alone(text, std::min(equals, mark - 1) + 1, mark) ? EndOfCookies{i, quoted} : EndOfCookies{name, quoted};
    }
    quoted = name;
    const std::size_t next = behind_tabs(text, end);
    if (set_cookie || next == text.size() || text[next] != ';') return {end, end};
    i = next - 1;
  }
  return {i, i};
}

bool is_scheme(std::string_view word) noexcept {
  return !word.empty() && word.size() <= 24 && is_letter(word.front()) &&
         std::all_of(word.begin(), word.end(), [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; });
}

bool has_parameters(std::string_view scheme) noexcept {
  return is_one_of(scheme, {"digest", "oauth", "hawk", "signature", "mac", "vapid"}) || contains_folded(scheme, "hmac");
}

bool is_parameter(std::string_view name) noexcept {
  return contains_folded(name.substr(0, 6), "oauth_") ||
         is_one_of(name, {"username", "realm", "nonce", "uri", "response", "qop", "nc", "cnonce", "opaque", "algorithm", "userhash", "charset", "domain", "stale", "credential",
                          "signedheaders", "signature", "keyid", "headers", "created", "expires", "id", "ts", "mac", "ext", "hash", "app", "dlg"});
}

bool is_plain_value(std::string_view value) noexcept {
  while (!value.empty() && is_one_of(value.back(), ")]}>")) value.remove_suffix(1);
  return !value.empty() && std::all_of(value.begin(), value.end(), [](char c) { return is_token_character(c) || is_one_of(c, ":%;*"); });
}

bool ends_alone(std::string_view text, std::size_t begin, std::size_t end) noexcept {
  std::string_view value = text.substr(begin, end - begin);
  const bool at_quote = end < text.size() && is_one_of(text[end], "\\\"'");
  while (!at_quote && !value.empty() && value.back() == '=') value.remove_suffix(1);  // `key= value` is no pair
  if (std::any_of(value.begin(), value.end(), [](char c) { return c == '=' || c == ':'; })) return false;
  std::size_t next = end;
  if (next < text.size() && text[next] == '\\') ++next;
  if (next < text.size() && is_one_of(text[next], "\"'")) ++next;
  next = behind_tabs(text, next);
  return next == text.size() || !(is_one_of(text[next], "=:") || (next > end && is_digit(text[next])));
}

bool is_known_scheme(std::string_view word) noexcept {
  return is_one_of(word, {"basic", "negotiate", "ntlm"}) || shows_the_end(word) || (is_scheme(word) && has_parameters(word));
}

void append_authorization(std::string_view value, std::string& out) {
  value = trim(value);
  const std::size_t blank = value.find(' ');
  const std::string_view scheme = value.substr(0, blank), secret = blank == std::string_view::npos ? value : trim(value.substr(blank));
  constexpr std::string_view kEnds = " \t\r\n,";
  const bool one_word = secret.find_first_of(kEnds) == std::string_view::npos;
  if (blank == std::string_view::npos || !is_scheme(scheme)) {
    if (value.find_first_of(kEnds) == std::string_view::npos) append_stars(value, out);
    else out += kStars;
    return;
  }
  if (!one_word && !is_known_scheme(scheme)) {
    out += kStars;  // prose, whose first word may be the secret
    return;
  }
  out += scheme;
  out += ' ';
  if (shows_the_end(scheme) && one_word) {
    append_stars(secret, out);
  } else {
    out += kStars;  // Basic shows half a password, Digest a user name
  }
}

void find_cookie_values(std::string_view value, bool set_cookie, std::vector<CookieValue>& out, std::size_t at) {
  const auto place = [at](std::size_t offset) { return static_cast<std::uint32_t>(at + offset); };
  for (std::size_t next = 0, pair = 0; next < value.size(); ++next, ++pair) {
    std::size_t begin = next;
    while (begin < value.size() && is_blank(value[begin])) ++begin;
    // The name, as far as to the first `=`, and what shows another key in it.
    std::size_t equals = begin;
    bool key = false;
    for (; equals < value.size(); ++equals) {
      if (!is(value[equals], kTellsCookies)) continue;
      if (value[equals] == '=' || value[equals] == ';') break;
      key = key || is_one_of(value[equals], kOtherKey);
    }
    const bool named = equals < value.size() && value[equals] == '=';
    next = named ? std::min(find_next(value, ';', equals), value.size()) : equals;
    std::size_t end = next;
    while (end > begin && is_blank(value[end - 1])) --end;
    if (begin >= end || (set_cookie && pair > 0 && is_cookie_attribute(trim(value.substr(begin, std::min(equals, end) - begin))))) continue;
    const std::size_t from = named ? equals + 1 : begin;
    if (from < end && value.substr(from, end - from) != "[COOKIE]") out.push_back({place(from), place(end), key ? place(begin) : place(from)});
  }
}

void CookieLines::find(std::string_view text, std::size_t begin, std::size_t end, bool set_cookie, std::vector<CookieValue>& out) {
  const auto find_from = [&](std::size_t from) {
    find_cookie_values(text.substr(from, end - from), set_cookie, out, from);
  };
  if (end != end_) {
    end_ = end;
    attributes_stayed_ = set_cookie;
    part_end_ = equals_ = colon_ = 0;
    return find_from(begin);
  }
  if (begin > part_end_) {
    part_end_ = part_trimmed_ = std::min(find_next(text.substr(0, end), ';', begin), end);
    while (part_trimmed_ > begin && is_blank(text[part_trimmed_ - 1])) --part_trimmed_;
  }
  if (begin > colon_) {
    for (colon_ = begin; colon_ < part_end_ && !is_one_of(text[colon_], kOtherKey);) ++colon_;
  }
  if (begin > equals_) {
    for (equals_ = begin; equals_ < part_end_ && text[equals_] != '=';) ++equals_;
  }
  const std::size_t from = equals_ < part_end_ ? equals_ + 1 : begin;
  if (from < part_trimmed_ && text.substr(from, part_trimmed_ - from) != "[COOKIE]") {
    out.push_back({static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(part_trimmed_), static_cast<std::uint32_t>(colon_ < from ? begin : from)});
  }
  if (set_cookie || !attributes_stayed_) return;
  attributes_stayed_ = false;
  if (part_end_ < end) find_from(part_end_ + 1);
}

}  // namespace pii::mask
