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

std::optional<Pair> pair_at(std::string_view text, const std::vector<bool>& coded, std::size_t mark) {
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
    while (pair.end < text.size() && (!ends_bare_value(text[pair.end]) || (coded[pair.end] && !coded[mark]))) ++pair.end;
    pair.form = pair.form || at[pair.end] == '&';
    pair.tight = pair.colon && !key_quoted && blanks == 0;
  }
  return pair.begin < pair.end ? std::optional(pair) : std::nullopt;
}

bool is_placeholder(std::string_view value) {
  static const std::regex kSigns(R"((\$\{|\$\(|\{\{|%s|<)[\s\S]*)");
  static const std::regex kWords("null|none|true|nil|(false|undefined|redacted)([^a-z0-9][\\s\\S]*)?|(your_|your-)[\\s\\S]*");
  const std::string start = lower(value.substr(0, 12));
  if (std::regex_match(std::string(value.substr(0, 12)), kSigns) || std::regex_match(start.begin(), start.end(), kWords)) return true;
  // A run of stars or of the letter x, and no more than four letters and digits behind it.
  const std::string run = lower(value);
  const std::size_t other = std::min(run.find_first_not_of(run[0]), run.size());
  std::size_t end = other;
  while (end < run.size() && is_ascii_word(run[end])) ++end;
  return (run[0] == '*' || run[0] == 'x') && other >= 4 && end - other <= 4;
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

// Quotes of cookies' values in a line: `name="value"` or `name=\"value\"`, and behind it something that is no part of a value.
std::vector<std::size_t> cookie_quotes(std::string_view text) {
  static const std::regex kNext("[;, \\t\"'\\\\)\\]}]");
  std::vector<std::size_t> quotes;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (!is_quote(text[i])) continue;
    const std::size_t before = text[i - 1] == '\\' ? i - 1 : i;
    if (before == 0 || text[before - 1] != '=' || i + 1 == text.size() || contains(";, \t\r\n", text[i + 1])) continue;
    const std::size_t close = text.find(text[i], i + 1), line = text.find_first_of("\r\n", i);
    if (close == std::string_view::npos || close > line) continue;
    // It holds a header.
    const std::string_view held = text.substr(i + 1, close - i - 1);
    if (held.find(';', std::min(held.find('='), held.size())) != std::string_view::npos) continue;
    if (close + 1 < text.size() && !contains("\r\n", text[close + 1]) && !std::regex_match(std::string(1, text[close + 1]), kNext)) continue;
    quotes.push_back(i);
    quotes.push_back(close);
  }
  return quotes;
}

// Where an authorization without quotes ends: one word, or a scheme, the secret or what is quoted in its place, and parameters.
std::size_t end_of_authorization(std::string_view text, std::size_t begin) {
  const Characters at(text);
  const auto quoted = [&](std::size_t i) {
    const std::size_t open = at[i] == '\\' ? i + 1 : i;
    if (!is_quote(at[open])) return i;
    const std::size_t close = text.substr(0, open + 512).find(text[open], open + 1);
    return close == std::string_view::npos || text.substr(open, close - open).find_first_of("\r\n") != std::string_view::npos ? i : close + 1;
  };
  const auto word = [&](std::size_t from) { return std::min(text.find_first_of(" \t\r\n,\"'", from), text.size()); };
  std::size_t end = word(begin);
  static const std::regex kWord("[A-Za-z][A-Za-z0-9_-]{0,23}");
  if (end - begin > 24 || !std::regex_match(std::string(text.substr(begin, end - begin)), kWord)) return end;
  const std::size_t second = std::min(text.find_first_not_of(" \t", end), text.size());
  if (quoted(second) > second) {
    end = quoted(second);
  } else if (word(second) > second) {
    end = word(second);
  }
  for (int parameters = 0; parameters < 16; ++parameters) {
    const std::size_t value = at[end - 1] == '\\' ? end - 1 : end;
    if (at[value - 1] == '=' && quoted(value) > value) end = quoted(value);
    if (at[end] != ',') break;
    std::size_t i = std::min(text.find_first_not_of(" \t", end + 1), text.size());
    const std::size_t name = i;
    while (i < text.size() && (is_any_word(text[i]) || contains("-.[]", text[i]))) ++i;
    if (i == name || at[i] != '=') break;
    end = word(i);
  }
  return end;
}

// Where the pass goes on: behind the last value taken.
std::size_t take_header(std::string_view text, const Pair& pair, Kind kind, Pieces& pieces) {
  std::size_t end = pair.end;
  if (!pair.quoted) end = std::min(text.find_first_of("\r\n\"'", pair.begin), text.size());
  if (kind != Kind::authorization) {
    const std::vector<std::size_t> quotes = cookie_quotes(text);
    const auto is_cookies = [&quotes](std::size_t at) { return std::find(quotes.begin(), quotes.end(), at) != quotes.end(); };
    if (!pair.quoted) {
      while (end < text.size() && is_cookies(end)) end = std::min(text.find_first_of("\r\n\"'", end + 1), text.size());
    } else if (!is_cookies(pair.begin - 1)) {
      while (end < text.size() && is_cookies(end)) end = closing_quote(text, end).value_or(text.size());
    }
  }
  const std::string_view value = text.substr(pair.begin, end - pair.begin);
  if (kind == Kind::authorization) {
    std::size_t stop = pair.quoted ? pair.end : end_of_authorization(text, pair.begin);
    while (stop > pair.begin && contains(" \t\r\n", text[stop - 1])) --stop;
    const std::string_view header = text.substr(pair.begin, stop - pair.begin);
    if (authorization(header) == header || pieces.overlap(pair.begin, stop)) return 0;
    pieces.add({pair.begin, stop, Detector::auth_header});
    return stop;
  }
  std::size_t decided = 0;
  for (const Stretch& cookie : cookie_values(value, kind == Kind::set_cookie)) {
    const Piece piece{pair.begin + cookie.begin, pair.begin + cookie.end, Detector::cookie};
    if (pieces.overlap(piece.begin, piece.end)) continue;
    pieces.add(piece);
    decided = piece.end;
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
  if (core.empty() || is_placeholder(core) || detect::is_output(value, rules.grammar)) return 0;
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
  static const std::regex kScheme("([A-Za-z][A-Za-z0-9_-]{0,23}) ([\\s\\S]*)");
  std::smatch match;
  // std::regex recurses by the character: the scheme is near the start.
  const std::string head = value.substr(0, 32);
  if (!std::regex_match(head, match, kScheme)) return stars(value);
  const std::string scheme = match[1];
  const std::string name = lower(scheme);
  const bool shows = name == "bearer" || name == "token" || name == "apikey";
  return scheme + " " + (shows ? stars(trimmed(std::string_view(value).substr(scheme.size()))) : "****");
}

std::vector<Stretch> cookie_values(std::string_view value, bool set_cookie) {
  static const std::regex kAttribute(
      "expires|max-age|domain|path|samesite|priority|secure|httponly|partitioned|version", std::regex_constants::icase);
  std::vector<Stretch> values;
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
    if (skip < part.size() && part.substr(skip) != "[COOKIE]") values.push_back({begin + skip, begin + part.size()});
  }
  return values;
}

void find_pairs(std::string_view text, const std::vector<bool>& coded, const PairRules& rules, bool exact, Pieces& pieces) {
  const Pieces before = pieces;
  std::size_t free_from = 0;
  bool behind_bare = false;
  for (std::size_t mark = 0; mark < text.size(); ++mark) {
    if (text[mark] != '=' && text[mark] != ':') continue;
    const auto pair = pair_at(text, coded, mark);
    if (!pair) continue;
    // A key at the end of a bare value may say what stands behind it.
    const bool opens = exact && behind_bare && pair->begin >= free_from;
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
