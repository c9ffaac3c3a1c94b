#include "pii/logging/traced.hpp"

#include <algorithm>

namespace pii::trace {

namespace {

bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80; }
bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_word(char c) noexcept { return is_letter(c) || is_digit(c) || c == '$'; }

constexpr std::size_t kUnknown = std::string_view::npos;

// What one dialect skips and another reads must hold no quote: from there on they would not agree what is inside of quotes.
std::size_t unless_quoted(std::string_view sql, std::size_t at, std::size_t end) noexcept {
  return sql.substr(at, end - at).find_first_of("'\"`") == std::string_view::npos ? end : kUnknown;
}

// Behind the quote that ends what begins at `at`; a doubled one is part of it. kUnknown: dialects disagree where that is.
std::size_t end_of_quoted(std::string_view sql, std::size_t at) noexcept {
  const char quote = sql[at];
  if (at > 0 && (sql[at - 1] == 'q' || sql[at - 1] == 'Q')) return kUnknown;  // Oracle's q'[…]'
  for (std::size_t i = at + 1; i < sql.size(); ++i) {
    if (sql[i] == '\\') return kUnknown;
    if (sql[i] != quote) continue;
    if (i + 1 < sql.size() && sql[i + 1] == quote) {
      ++i;
    } else {
      return i + 1;
    }
  }
  return kUnknown;
}

// PostgreSQL's $tag$…$tag$, or `at` when it is none.
std::size_t end_of_dollars(std::string_view sql, std::size_t at) noexcept {
  std::size_t end = at + 1;
  while (end < sql.size() && (is_letter(sql[end]) || (is_digit(sql[end]) && end > at + 1))) ++end;
  if (end >= sql.size() || sql[end] != '$') return at;
  const std::string_view tag = sql.substr(at, end + 1 - at);
  const std::size_t close = sql.find(tag, end + 1);
  return close == std::string_view::npos ? kUnknown : unless_quoted(sql, at, close + tag.size());
}

std::size_t end_of_number(std::string_view sql, std::size_t at) noexcept {
  std::size_t end = at;
  while (end < sql.size() && (is_word(sql[end]) || sql[end] == '.' ||
                              ((sql[end] == '-' || sql[end] == '+') && end > at && (sql[end - 1] == 'e' || sql[end - 1] == 'E')))) {
    ++end;
  }
  return end;
}

bool starts(std::string_view sql, std::size_t at, std::string_view with) noexcept { return sql.substr(at, with.size()) == with; }

// Behind the comment at `at`, or `at` when there is none. Only some dialects nest them.
std::size_t end_of_comment(std::string_view sql, std::size_t at) noexcept {
  if (starts(sql, at, "--") || sql[at] == '#') return unless_quoted(sql, at, std::min(sql.find('\n', at), sql.size()));
  if (!starts(sql, at, "/*")) return at;
  const std::size_t end = sql.find("*/", at + 2);
  if (end == std::string_view::npos || sql.substr(at + 2, end - at - 2).find("/*") != std::string_view::npos) return kUnknown;
  return unless_quoted(sql, at, end + 2);
}

// Names in brackets are one dialect's, arrays another's.
bool brackets_hold_a_quote(std::string_view sql, std::size_t at) noexcept {
  return sql[at] == '[' && unless_quoted(sql, at, std::min(sql.find(']', at), sql.size())) == kUnknown;
}

}  // namespace

std::string without_literals(std::string_view sql) {
  std::string out;
  for (std::size_t at = 0; at < sql.size();) {
    const char c = sql[at];
    std::size_t end = brackets_hold_a_quote(sql, at) ? kUnknown : end_of_comment(sql, at);
    const char* instead = "";
    if (end == at && (c == '\'' || c == '"' || c == '`')) {
      end = end_of_quoted(sql, at);
      instead = "?";
    } else if (end == at && c == '$') {
      end = end_of_dollars(sql, at);
      instead = "?";
    }
    if (end == at && (is_digit(c) || (c == '.' && at + 1 < sql.size() && is_digit(sql[at + 1])))) {
      end = end_of_number(sql, at);
      instead = "?";
    }
    if (end == kUnknown) return out += " …";
    if (end != at) {
      out += instead;
      at = end;
    } else if (is_word(c)) {
      while (at < sql.size() && is_word(sql[at])) out += sql[at++];
    } else {
      out += c;
      ++at;
    }
  }
  return out;
}

namespace {
std::string name_of(const Query& query) {
  std::string name(query.operation.empty() ? query.system : query.operation);
  if (!query.collection.empty()) name.append(name.empty() ? "" : " ").append(query.collection);
  return name;
}
SpanOptions of_client() {
  SpanOptions options;
  options.kind = Kind::client;
  return options;
}
}  // namespace

// The attributes' names of before semantic conventions 1.30, which backends still read: what ends in `.name` is taken for a person's.
QuerySpan::QuerySpan(const Tracer& tracer, const Query& query) : span_(tracer, name_of(query), of_client()) {
  if (!query.system.empty()) span_.set("db.system", query.system);
  if (!query.operation.empty()) span_.set("db.operation", query.operation);
  if (!query.collection.empty()) span_.set("db.sql.table", query.collection);
  if (!query.text.empty() && span_.recording()) span_.set("db.statement", without_literals(query.text));
}

}  // namespace pii::trace
