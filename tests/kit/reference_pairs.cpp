#include "kit/reference_pairs.hpp"

#include <algorithm>
#include <optional>
#include <regex>

#include "kit/reference_text.hpp"

namespace pii::kit::reference {
namespace {

using Kind = mask::KeyVerdict::Kind;

bool contains(std::string_view set, char c) { return set.find(c) != std::string_view::npos; }
bool any(std::string_view text, bool (*test)(char)) { return std::any_of(text.begin(), text.end(), test); }

std::string stars(std::string_view secret) {
  const bool masked = secret.substr(0, 4) == "****" && secret.size() <= 8;
  if (masked) secret.remove_prefix(4);
  if (!masked && secret.size() < 20) return "****";
  const std::string last(secret.substr(secret.size() < 4 ? 0 : secret.size() - 4));
  const bool plain = std::all_of(last.begin(), last.end(), [](char c) {
    return is_ascii_letter(c) || is_ascii_digit(c) || contains("-._~+/=", c);
  });
  return "****" + (plain ? last : std::string());
}

struct Pair {
  std::size_t key_begin = 0, key_end = 0;
  std::size_t begin = 0, end = 0;  // the value
  bool quoted = false;
  bool colon = false;
  bool tight = false;
  bool form = false;
};

bool is_quote(char c) { return c == '"' || c == '\''; }

// The text's characters as a function, NUL outside.
class Characters {
 public:
  explicit Characters(std::string_view text) : text_(text) {}
  char operator[](std::size_t i) const { return i < text_.size() ? text_[i] : '\0'; }

 private:
  std::string_view text_;
};

std::optional<std::size_t> closing_quote(std::string_view text, std::size_t open) {
  const bool escaped = open > 0 && text[open - 1] == '\\';
  for (std::size_t i = open + 1; i < text.size(); ++i) {
    if (text[i] == text[open]) return i;
    if (text[i] != '\\') continue;
    if (escaped && i + 1 < text.size() && text[i + 1] == text[open]) return i;
    ++i;
  }
  return std::nullopt;
}

bool find_key(std::string_view text, std::size_t mark, Pair& pair, bool& key_quoted) {
  const Characters at(text);
  std::size_t end = mark;
  for (int blanks = 0; blanks < 2 && end > 0 && contains(" \t", at[end - 1]); ++blanks) --end;
  key_quoted = end > 0 && is_quote(at[end - 1]);
  if (key_quoted) --end;
  if (key_quoted && end > 0 && at[end - 1] == '\\') --end;
  std::size_t begin = end;
  while (begin > 0 && (is_any_word(at[begin - 1]) || contains("-.[]", at[begin - 1]) || (key_quoted && at[begin - 1] == ' '))) {
    --begin;
  }
  pair.key_begin = begin;
  pair.key_end = end;
  pair.form = begin > 0 && contains("?&", at[begin - 1]);
  return begin < end && end - begin <= 64;
}

bool ends_bare_value(char c) {
  return contains("&;,\"'<>)}]# ", c) || static_cast<unsigned char>(c) < 0x20;
}

std::optional<Pair> pair_at(std::string_view text, std::size_t mark) {
  const Characters at(text);
  Pair pair;
  bool key_quoted = false;
  if (!find_key(text, mark, pair, key_quoted)) return std::nullopt;
  pair.colon = at[mark] == ':';
  const bool blank_before = contains(" \t", at[mark - 1]);
  std::size_t value = mark + 1;
  if (!pair.colon && contains(">=", at[value]) && value < text.size()) ++value;
  std::size_t blanks = 0;
  while (blanks < 2 && value < text.size() && contains(" \t", at[value])) ++value, ++blanks;
  if (blanks > 0 && !pair.colon && !blank_before) return std::nullopt;
  if (at[value] == '\\' && is_quote(at[value + 1])) ++value;
  if (is_quote(at[value])) {
    pair.quoted = true;
    pair.begin = value + 1;
    pair.end = closing_quote(text, value).value_or(text.size());
  } else if (pair.colon && !key_quoted && blanks == 0 && (!is_ascii_letter(at[pair.key_begin]) || contains(":\\", at[value]) ||
                                                                   text.substr(value, 2) == "//" || text.substr(0, pair.key_begin).ends_with("//"))) {
    return std::nullopt;
  } else {
    pair.begin = pair.end = value;
    while (pair.end < text.size() && !ends_bare_value(text[pair.end])) ++pair.end;
    pair.form = pair.form || at[pair.end] == '&';
    pair.tight = pair.colon && !key_quoted && blanks == 0;
  }
  return pair.begin < pair.end ? std::optional(pair) : std::nullopt;
}

bool is_placeholder(std::string_view value, std::string_view rest) {
  static const std::regex kSigns(R"((\$\{|\$\(|\{\{|%s|<)[\s\S]*)");
  static const std::regex kWords("null|none|true|nil|(false|undefined|redacted)([^a-z0-9][\\s\\S]*)?|(your_|your-)[\\s\\S]*");
  const std::string start = lower(value.substr(0, 12));
  if (std::regex_match(std::string(value.substr(0, 12)), kSigns) || std::regex_match(start.begin(), start.end(), kWords)) return true;
  // A first word that is a run of stars or of the letter x, in groups or not, and no more than four letters and digits.
  const std::string run = lower(value.substr(0, static_cast<std::size_t>(std::find_if(value.begin(), value.end(), ends_bare_value) - value.begin())));
  if (run.empty() || (run[0] != '*' && run[0] != 'x')) return false;
  // Or a key that stands in it or ends with it.
  static const std::regex kKeyEnds(R"(\\?["']?[ \t]*[=:][\s\S]*)");
  const std::string behind(rest.substr(run.size(), 200));
  const bool holds_key = run.find_first_of("=:") != std::string::npos || std::regex_match(behind, kKeyEnds);
  const auto others = std::count_if(run.begin(), run.end(), [&run](char c) { return is_any_word(c) && c != run[0]; });
  return run.size() >= 4 && run.find_first_not_of(run[0]) >= 4 && (holds_key || others <= 4);
}

bool looks_like_secret(std::string_view key, std::string_view value, bool colon) {
  const bool digit = any(value, is_ascii_digit);
  const bool letter = any(value, is_ascii_letter);
  const bool mixed = lower(value) != value && any(value, [](char c) { return c >= 'a' && c <= 'z'; });
  const bool symbol = any(value, [](char c) { return !is_ascii_letter(c) && !is_ascii_digit(c) && !contains(".:-_", c); });
  const std::string name = lower(key);
  for (const char* word : {"pass", "pwd", "secret"}) {
    if (name.find(word) != std::string::npos) return !colon || digit || symbol || mixed;
  }
  if (value.size() < 8) return false;
  return colon ? digit && letter : digit || symbol || mixed || value.size() >= 20;
}

bool may_be_of(Detector type, std::string_view value) {
  if (type == Detector::email) return contains(value, '@');
  for (const Detector name_like : {Detector::person_name, Detector::address, Detector::generic, Detector::username,
                                   Detector::gender, Detector::geo}) {
    if (type == name_like) return value.find_first_not_of("0123456789.") != std::string_view::npos;
  }
  return std::count_if(value.begin(), value.end(), is_ascii_digit) >= 3;
}

// Whether a value without quotes takes neither a key nor half a number with it.
bool ends_alone(std::string_view text, std::size_t begin, std::size_t end) {
  std::string value(text.substr(begin, end - begin));
  const std::string behind(text.substr(end, 200));
  if (behind.empty() || !contains("\\\"'", behind[0])) value.erase(value.find_last_not_of('=') + 1);
  static const std::regex kGoesOn(R"((\\?["']?[ \t]*[=:]|(\\["']?[ \t]*|["'][ \t]*|[ \t]+)[0-9])[\s\S]*)");
  return value.find_first_of("=:") == std::string::npos && !std::regex_match(behind, kGoesOn);
}

// Where a cookie header ends: with its line, or at a quote, but not at those around a cookie's value, `name="value"` or `name=\"value\"`.
std::size_t end_of_cookies(std::string_view text, std::size_t begin, bool set_cookie) {
  const Characters at(text);
  bool quoted = false;  // a cookie in quotes: behind it the header goes on as far as plain cookies
  for (std::size_t part = begin;;) {
    const std::size_t i = std::min(text.find_first_of(";\"'\r\n", part), text.size());
    const std::size_t plain = std::min(text.find_first_not_of(" \t", part), i);
    const std::size_t equals = std::min(text.find('=', plain), i);
    for (std::size_t k = plain; quoted && k < i; ++k) {
      if (k < equals ? !contains("\\ \t:&", at[k]) : !contains("\\ \t", at[k])) continue;
      if (at[k] == '\\' && k + 1 == i && is_quote(at[i])) continue;
      if (at[k] != '\\' && contains(" \t", at[k]) && at[i] == ';' && text.find_first_not_of(" \t", k) == i) break;
      return at[k] == '\\' && k > equals + 1 && ends_alone(text, equals + 1, k) ? k : plain;
    }
    if (at[i] == ';') {
      part = i + 1;
      continue;
    }
    if (!is_quote(at[i])) return i;
    const bool escaped = i > begin && at[i - 1] == '\\';
    const std::size_t mark = escaped ? i - 1 : i;
    const std::size_t name = text.find_first_not_of(" \t", part);
    const std::size_t ends = !quoted || ends_alone(text, std::min(equals + 1, mark), mark) ? i : plain;
    if (name + 1 >= mark || at[mark - 1] != '=') return ends;
    const std::string_view named = text.substr(name, mark - 1 - name);
    if (!std::all_of(named.begin(), named.end(), [](char c) { return is_any_word(c) || c == '-' || c == '.'; })) return ends;
    const std::string quote = (escaped ? "\\" : "") + std::string(1, at[i]);
    const std::size_t close = text.find_first_of(" \t\r\n\"'\\,;", i + 1);
    if (close == std::string_view::npos || text.substr(close, quote.size()) != quote) return ends;
    const std::size_t end = close + quote.size();
    const std::string_view behind = close == i + 1 ? ";" : "; \t\r\n\"'\\)]}";
    if (end < text.size() ? !contains(behind, at[end]) : close == i + 1) return ends;
    const std::size_t next = std::min(text.find_first_not_of(" \t", end), text.size());
    if (set_cookie || at[next] != ';') return end;
    part = next + 1;
    quoted = true;
  }
}

const std::regex& scheme_pattern() {
  static const std::regex pattern("[A-Za-z][A-Za-z0-9_-]{0,23}");
  return pattern;
}
bool is_scheme(std::string_view word) { return word.size() <= 24 && std::regex_match(std::string(word), scheme_pattern()); }
bool has_parameters(std::string_view scheme) {
  static const std::regex kKnown("digest|oauth|hawk|signature|mac|vapid|.*hmac.*");
  return is_scheme(scheme) && std::regex_match(lower(scheme), kKnown);
}
bool is_known_scheme(std::string_view scheme) {
  static const std::regex kKnown("basic|negotiate|ntlm|bearer|token|apikey");
  return has_parameters(scheme) || (is_scheme(scheme) && std::regex_match(lower(scheme), kKnown));
}

bool is_parameter(std::string_view name) {
  static const std::regex kKnown("oauth_.*|username|realm|nonce|uri|response|qop|nc|cnonce|opaque|algorithm|userhash|charset|domain|stale|credential|signedheaders|"
                                 "signature|keyid|headers|created|expires|id|ts|mac|ext|hash|app|dlg");
  return std::regex_match(lower(name), kKnown);
}

// Whether the quote closes what it should, and opens nothing: `authorization: "Bearer abc password="x"`.
bool closes_plainly(std::string_view text, std::size_t begin, std::size_t quote) {
  if (quote >= text.size()) return false;
  const std::size_t behind = quote + (text[quote] == '\\' ? 2 : 1);
  if (behind < text.size() && !contains(" \t\r\n;,.\"'\\)]}>&|", text[behind])) return false;
  std::string held(text.substr(begin, quote - begin));
  if (held.find_first_of("\r\n") != std::string::npos) return false;
  held.erase(held.find_last_not_of(" \t\\") + 1);
  const bool key = !held.empty() && contains("=:", held.back());
  return !key || std::count_if(held.begin(), held.end(), [](char c) { return contains(" \t", c); }) < 2;
}

// Where an authorization ends: one word, or a scheme, the secret or what is quoted in its place, and parameters.
std::size_t end_of_authorization(std::string_view whole, const Pair& pair, std::size_t found) {
  const std::string_view text = pair.quoted ? whole.substr(0, pair.end) : whole;
  const Characters at(text);
  const auto word = [&](std::size_t from) { return std::min(text.find_first_of(pair.quoted ? " \t\r\n," : " \t\r\n,\"'", from), text.size()); };
  const auto skip = [&](std::size_t from) { return std::min(text.find_first_not_of(pair.quoted ? " \t\r\n" : " \t", from), text.size()); };
  const auto quoted = [&](std::size_t i, bool blanks) {
    const std::size_t open = at[i] == '\\' ? i + 1 : i;
    if (!is_quote(at[open])) return i;
    const std::size_t first = std::min(whole.find_first_of(" \t\r\n,\"'", open + 1), whole.size());
    const std::size_t close = blanks ? text.find(text[open], open + 1) : first;
    if (first == open + 1 || close >= text.size() || text[close] != text[open] || !closes_plainly(whole, open + 1, close)) return i;
    return close + 1 >= text.size() || contains(" \t\r\n,\"'", at[close + 1]) ? close + 1 : i;
  };
  const std::size_t begin = skip(pair.begin);
  std::size_t end = word(begin);
  const std::string_view scheme = text.substr(begin, end - begin);
  if (!is_scheme(scheme)) return end;
  const std::size_t second = skip(end);
  const std::size_t secret = is_known_scheme(scheme) ? std::max(quoted(second, false), word(second)) : word(second);
  if (secret <= second) return end;
  end = secret;
  if (pair.quoted || !has_parameters(scheme)) return end;
  static const std::regex kPlain("[A-Za-z0-9._~+/=:%;*-]+[)\\]}>]*");
  for (std::size_t name = second;; name = skip(end + 1)) {
    const std::size_t mark = text.find('=', name);
    if (mark == std::string_view::npos || mark > name + 256 || !is_parameter(text.substr(name, mark - name))) return end;
    std::size_t behind = quoted(mark + 1, true);
    if (behind == mark + 1) {
      behind = word(behind);
      if (!std::regex_match(std::string(text.substr(mark + 1, behind - mark - 1)), kPlain) || !ends_alone(text, mark + 1, behind)) return end;
    }
    if (behind > found) return end;
    end = behind;
    if (at[end] != ',') return end;
  }
}

// Where the pass goes on: behind the value, or 0 where it stays.
std::size_t take_authorization(std::string_view text, const Pair& pair, Pieces& pieces) {
  std::size_t found = text.size() + 1;
  for (const Piece& piece : pieces.all()) {
    if (piece.begin >= pair.begin) found = std::min(found, piece.begin);
  }
  const bool whole = pair.quoted && closes_plainly(text, pair.begin, pair.end);
  std::size_t stop = whole ? pair.end : end_of_authorization(text, pair, found);
  const bool cut = found < stop;
  if (cut && !whole) return 0;
  if (cut) {
    stop = found;
    // As far as another key, the one of what was found or any behind the first word.
    const std::size_t blank = std::min(text.find_first_of(" \t\r\n", pair.begin), found);
    const std::size_t mark = text.find_first_of("=:", contains("=:", text[found - 1]) && blank >= found ? found - 1 : blank);
    if (mark < found) stop = text.find_last_of(" \t\r\n", mark) + 1;
    stop = std::max(stop, pair.begin);
    while (stop > pair.begin && !is_any_word(text[stop - 1])) --stop;
  }
  while (stop > pair.begin && contains(" \t\r\n", text[stop - 1])) --stop;
  std::string_view header = text.substr(pair.begin, stop - pair.begin);
  Detector type = Detector::auth_header;
  const std::string words = trimmed(header);
  if (cut && (words.empty() || is_known_scheme(words) || (is_scheme(words) && !any(words, is_ascii_digit)))) {
    stop = end_of_authorization(text, pair, found);
    if (stop > found) return 0;  // what was found is the secret, and this its scheme
    header = text.substr(pair.begin, stop - pair.begin);
  } else if (cut && !is_known_scheme(words.substr(0, words.find(' ')))) {
    type = Detector::secret;
  }
  if (header.empty()) return 0;
  if (type == Detector::auth_header && authorization(header) == header) return 0;
  pieces.add({pair.begin, stop, type});
  return stop;
}

// Where the pass goes on: behind the last value taken.
std::size_t take_header(std::string_view text, const Pair& pair, Kind kind, Pieces& pieces) {
  if (kind == Kind::authorization) return take_authorization(text, pair, pieces);
  const std::size_t cookies = end_of_cookies(text, pair.begin, kind == Kind::set_cookie), quote = pair.end + (text.substr(pair.end, 1) == "\\" ? 1 : 0);
  const std::size_t end = pair.quoted && cookies <= quote ? pair.end : cookies;
  const Pieces before = pieces;
  std::size_t decided = 0;
  const auto add = [&](std::size_t from, std::size_t to) {
    pieces.add({from, to, Detector::cookie});
    decided = to;
  };
  for (const CookieStretch& cookie : cookie_values(text.substr(pair.begin, end - pair.begin), kind == Kind::set_cookie)) {
    // With what stands before another key in its name: `a=b; Authorization: Basic eA==`.
    const std::size_t last = pair.begin + cookie.end, part = pair.begin + cookie.part;
    const std::size_t first = last < text.size() && is_quote(text[last]) ? pair.begin + cookie.begin : before.overlap(part, last) ? pair.begin + cookie.begin : part;
    if (!before.overlap(first, last)) {
      add(first, last);
      continue;
    }
    if (part < pair.begin + cookie.begin || before.overlap(first, first + 1)) continue;
    // What is left of it beside what was found before, from the first letter or digit to the last one, and as far as no other key.
    for (std::size_t from = first; from < last;) {
      std::size_t to = from, mark = last;
      for (; to < last && !before.overlap(to, to + 1); ++to) {
        if (contains("=:", text[to])) mark = std::min(mark, to);
      }
      std::size_t begin = from, key = mark < last ? mark : to;
      while (mark < last && key > from && contains(" \t\r\n", text[key - 1])) --key;
      while (mark < last && key > from && !contains(" \t\r\n\\", text[key - 1])) --key;
      std::size_t stop = key;
      while (begin < stop && !is_any_word(text[begin])) ++begin;
      while (stop > begin && !is_any_word(text[stop - 1])) --stop;
      const bool half_a_number = mark < last && begin < stop && is_ascii_digit(text[key]) && is_ascii_digit(text[stop - 1]);
      if (begin < stop && !half_a_number) add(begin, stop);
      if (mark < last) break;
      from = to;
      while (from < last && before.overlap(from, from + 1)) ++from;
    }
  }
  return decided;
}

std::size_t take(std::string_view text, const Pair& pair, const PairRules& rules, bool exact, const Pieces& before, Pieces& pieces) {
  if (pieces.overlap(pair.begin, pair.begin + 1) || before.overlap(pair.key_begin, pair.key_end)) return 0;
  const std::string_view key = text.substr(pair.key_begin, pair.key_end - pair.key_begin);
  const mask::KeyVerdict verdict = judge(rules.keys, rules.settings.enabled, key, {});
  if (verdict.kind == Kind::plain || verdict.kind == Kind::safe) return 0;
  if (verdict.kind == Kind::authorization || verdict.kind == Kind::cookie || verdict.kind == Kind::set_cookie) {
    return exact ? take_header(text, pair, verdict.kind, pieces) : 0;
  }
  const bool secret = verdict.kind == Kind::secret || verdict.kind == Kind::drop;
  if ((pair.quoted || pair.form || secret) != exact) return 0;
  if (!secret && pair.colon && !pair.quoted) return 0;  // prose
  if (pair.tight && verdict.kind == Kind::drop && verdict.type != Detector::cvv) return 0;
  std::size_t end = pair.end;
  for (const Piece& piece : pieces.all()) {
    if (piece.begin >= pair.begin) end = std::min(end, piece.begin);
  }
  if (end < pair.end && end > pair.begin && !is_any_word(text[end - 1])) --end;
  const std::string_view value = text.substr(pair.begin, end - pair.begin);
  const std::string core = trimmed(value);
  if (core.empty() || is_placeholder(core, text.substr(text.find_first_not_of(" \t\r\n", pair.begin))) || detect::is_output(value, rules.grammar)) return 0;
  Piece piece{pair.begin, end, verdict.type};
  const std::string_view judged = value.substr(0, 512);
  if (verdict.kind == Kind::secret && !pair.quoted && !looks_like_secret(key, judged, pair.colon)) return 0;
  if (verdict.kind == Kind::sensitive) {
    DetectorSet context = verdict.context;
    context.insert(verdict.type);
    const bool long_and_bare = !pair.quoted && value.size() > 512;
    const Detector match = long_and_bare ? Detector::none : detect::whole_match(value, rules.settings, context);
    if (match != Detector::none && match != Detector::auth_header) {
      piece.detector = match;
    } else if (!pair.quoted && !may_be_of(verdict.type, judged)) {
      return 0;
    }
  }
  piece.dropped = verdict.kind == Kind::drop;
  piece.form = pair.form && !piece.dropped;
  pieces.add(piece);
  return end;
}

}  // namespace

bool Pieces::overlap(std::size_t begin, std::size_t end) const {
  return std::any_of(pieces_.begin(), pieces_.end(), [&](const Piece& piece) { return piece.begin < end && begin < piece.end; });
}

void Pieces::add(const Piece& piece) {
  const auto before = [](const Piece& a, const Piece& b) { return a.begin < b.begin; };
  pieces_.insert(std::upper_bound(pieces_.begin(), pieces_.end(), piece, before), piece);
}

std::string authorization(std::string_view untrimmed) {
  const std::string value = trimmed(untrimmed);
  const std::size_t blank = value.find(' ');
  const std::string scheme = value.substr(0, blank), secret = blank == std::string::npos ? value : trimmed(std::string_view(value).substr(blank));
  const bool one_word = secret.find_first_of(" \t\r\n,") == std::string::npos;
  if (blank == std::string::npos || !is_scheme(scheme)) return value.find_first_of(" \t\r\n,") == std::string::npos ? stars(value) : "****";
  if (!one_word && !is_known_scheme(scheme)) return "****";
  const std::string name = lower(scheme);
  const bool shows = one_word && (name == "bearer" || name == "token" || name == "apikey");
  return scheme + " " + (shows ? stars(secret) : "****");
}

std::vector<CookieStretch> cookie_values(std::string_view value, bool set_cookie) {
  static const std::regex kAttribute(
      "expires|max-age|domain|path|samesite|priority|secure|httponly|partitioned|version", std::regex_constants::icase);
  std::vector<CookieStretch> values;
  std::size_t at = 0;
  for (bool first = true; at < value.size(); first = false) {
    const std::size_t semicolon = std::min(value.find(';', at), value.size());
    const std::string_view whole = value.substr(at, semicolon - at);
    const std::string part = trimmed(whole);
    const std::size_t begin = part.empty() ? 0 : at + whole.find_first_not_of(" \t\r\n");
    at = semicolon + 1;
    const std::size_t equals = part.find('=');
    const std::string name = trimmed(std::string_view(part).substr(0, equals));
    if (part.empty() || (set_cookie && !first && name.size() < 16 && std::regex_match(name, kAttribute))) continue;
    const std::size_t skip = equals == std::string::npos ? 0 : equals + 1;
    if (skip < part.size() && part.substr(skip) != "[COOKIE]") values.push_back({begin + skip, begin + part.size(), name.find_first_of(":\\") == std::string::npos ? begin + skip : begin});
  }
  return values;
}

void find_pairs(std::string_view text, const PairRules& rules, bool exact, Pieces& pieces) {
  const Pieces before = pieces;
  std::size_t free_from = 0;
  bool behind_bare = false;
  for (std::size_t mark = 0; mark < text.size(); ++mark) {
    if (text[mark] != '=' && text[mark] != ':') continue;
    const auto pair = pair_at(text, mark);
    if (!pair) continue;
    // A key in a bare value may say what is in the quotes behind it.
    const bool opens = exact && behind_bare && pair->quoted && pair->begin >= free_from;
    if (pair->key_begin < free_from && !opens) continue;
    const std::size_t decided = take(text, *pair, rules, exact, before, pieces);
    if (decided <= free_from) continue;
    free_from = decided;
    behind_bare = !pair->quoted;
  }
}

std::string without_outputs(std::string key, const detect::OutputGrammar& grammar) {
  for (std::size_t i = 0; i < key.size(); ++i) {
    const std::size_t size = i > 0 && is_ascii_word(key[i - 1]) ? 0 : detect::output_at(key, i, grammar);
    for (std::size_t k = 0; k < size; ++k) key[i + k] = ' ';
  }
  return key;
}

mask::KeyVerdict judge(const mask::KeyPolicy& keys, DetectorSet enabled, std::string_view key, std::string_view parent) {
  mask::KeyVerdict verdict = keys.judge(key, parent);
  if (verdict.kind == Kind::authorization) verdict.type = Detector::auth_header;
  if (verdict.kind == Kind::cookie || verdict.kind == Kind::set_cookie) verdict.type = Detector::cookie;
  const bool header = verdict.kind == Kind::authorization || verdict.kind == Kind::cookie || verdict.kind == Kind::set_cookie;
  if (header && !enabled.contains(verdict.type)) {
    verdict.kind = Kind::plain;
  }
  return verdict;
}

}  // namespace pii::kit::reference
