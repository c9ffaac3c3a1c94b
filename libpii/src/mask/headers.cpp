#include "mask/headers.hpp"

#include <algorithm>

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

constexpr bool ends_line(char c) noexcept { return c == '\r' || c == '\n'; }

// Where the value of a cookie that the quote at `i` opens ends; npos when it opens none.
std::size_t end_of_cookie_quote(std::string_view text, std::size_t i) noexcept {
  const std::size_t before = i > 0 && text[i - 1] == '\\' ? i - 1 : i;
  if (before == 0 || text[before - 1] != '=' || i + 1 == text.size()) return std::string_view::npos;
  const char first = text[i + 1];
  if (is_blank(first) || first == ';' || first == ',') return std::string_view::npos;
  std::size_t close = i + 1;
  bool equals = false;
  for (; close < text.size() && text[close] != text[i] && !ends_line(text[close]); ++close) {
    if (text[close] == ';' && equals) return std::string_view::npos;  // `Set-Cookie="sid=x; Path=/"`: it holds a header
    equals = equals || text[close] == '=';
  }
  if (close == text.size() || text[close] != text[i]) return std::string_view::npos;
  constexpr std::string_view kBehind = ";, \t\r\n\"'\\)]}";
  return close + 1 == text.size() || kBehind.find(text[close + 1]) != std::string_view::npos ? close : std::string_view::npos;
}

}  // namespace

bool is_cookie_member(std::string_view key) noexcept {
  for (const std::string_view known : {"name", "maxage", "expirationdate", "hostonly", "session", "storeid"}) {
    if (same_word(key, known)) return true;
  }
  return is_cookie_attribute(key);
}

bool is_cookie_quote(std::string_view text, std::size_t i) noexcept {
  std::size_t open = i;
  while (open > 0 && text[open - 1] != text[i] && !ends_line(text[open - 1])) --open;
  if (open > 0 && text[open - 1] == text[i] && end_of_cookie_quote(text, open - 1) == i) return true;
  return end_of_cookie_quote(text, i) != std::string_view::npos;
}

std::size_t end_of_cookies(std::string_view text, std::size_t begin) noexcept {
  std::size_t i = begin;
  while (i < text.size() && !ends_line(text[i]) && !((text[i] == '"' || text[i] == '\'') && !is_cookie_quote(text, i))) ++i;
  return i;
}

bool is_scheme(std::string_view word) noexcept {
  return !word.empty() && word.size() <= 24 && is_letter(word.front()) &&
         std::all_of(word.begin(), word.end(), [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; });
}

void append_authorization(std::string_view value, std::string& out) {
  value = trim(value);
  const std::size_t blank = value.find(' ');
  const std::string_view scheme = value.substr(0, blank);
  if (blank == std::string_view::npos || !is_scheme(scheme)) return append_stars(value, out);
  out += scheme;
  out += ' ';
  if (same_word(scheme, "bearer") || same_word(scheme, "token") || same_word(scheme, "apikey")) {
    append_stars(trim(value.substr(blank)), out);
  } else {
    out += kStars;  // Basic shows half a password, Digest a user name
  }
}

void find_cookie_values(std::string_view value, bool set_cookie, std::vector<CookieValue>& out) {
  for (std::size_t at = 0, pair = 0; at < value.size(); ++pair) {
    const std::size_t semicolon = std::min(find_next(value, ';', at), value.size());
    std::size_t begin = at, end = semicolon;
    while (begin < end && is_blank(value[begin])) ++begin;
    while (end > begin && is_blank(value[end - 1])) --end;
    const std::string_view part = value.substr(begin, end - begin);
    const std::size_t equals = find_next(part, '=', 0);
    const bool attribute = set_cookie && pair > 0 && is_cookie_attribute(trim(part.substr(0, equals)));
    if (!attribute && !part.empty()) {
      const std::size_t from = equals == std::string_view::npos ? begin : begin + equals + 1;
      if (from < end && value.substr(from, end - from) != "[COOKIE]") out.push_back({from, end});
    }
    at = semicolon + 1;
  }
}

void CookieLines::find(std::string_view text, std::size_t begin, std::size_t end, bool set_cookie, std::vector<CookieValue>& out) {
  const auto find_from = [&](std::size_t from) {
    const std::size_t first = out.size();
    find_cookie_values(text.substr(from, end - from), set_cookie, out);
    for (std::size_t i = first; i < out.size(); ++i) out[i] = {out[i].begin + from, out[i].end + from};
  };
  if (end != end_) {
    end_ = end;
    attributes_stayed_ = set_cookie;
    part_end_ = equals_ = 0;
    return find_from(begin);
  }
  if (begin > part_end_) {
    part_end_ = part_trimmed_ = std::min(text.substr(0, end).find(';', begin), end);
    while (part_trimmed_ > begin && is_blank(text[part_trimmed_ - 1])) --part_trimmed_;
  }
  if (begin > equals_) equals_ = begin + std::min(text.substr(begin, part_end_ - begin).find('='), part_end_ - begin);
  const std::size_t from = equals_ < part_end_ ? equals_ + 1 : begin;
  if (from < part_trimmed_ && text.substr(from, part_trimmed_ - from) != "[COOKIE]") out.push_back({from, part_trimmed_});
  if (set_cookie || !attributes_stayed_) return;
  attributes_stayed_ = false;
  if (part_end_ < end) find_from(part_end_ + 1);
}

}  // namespace pii::mask
