#include <string>
#include <utility>

#include "base/utf8.hpp"
#include "json/document.hpp"

namespace pii::json {
namespace {

Error at_byte(ErrorCode code, std::size_t offset, const std::string& what) {
  return Error(code, "byte " + std::to_string(offset) + ": " + what);
}

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// Recursive descent over the grammar of RFC 8259; every function returns false after fail().
class Parser {
 public:
  Parser(std::string_view text, std::size_t max_depth) : text_(text), max_depth_(max_depth) {}

  bool run() {
    if (text_.starts_with("\xEF\xBB\xBF")) return fail(0, "a byte order mark is not allowed");
    skip_space();
    if (!value()) return false;
    skip_space();
    return at_ == text_.size() || fail(at_, "expected the end of the document");
  }

  Error error() const { return at_byte(code_, failed_at_, reason_); }
  std::vector<Document::Entry>& entries() noexcept { return entries_; }

 private:
  bool fail(std::size_t offset, std::string reason, ErrorCode code = ErrorCode::malformed_json) {
    failed_at_ = offset;
    reason_ = std::move(reason);
    code_ = code;
    return false;
  }

  char peek() const noexcept { return at_ < text_.size() ? text_[at_] : '\0'; }

  bool take(char expected) noexcept {
    if (peek() != expected) return false;
    ++at_;
    return true;
  }

  void skip_space() noexcept {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) {
      ++at_;
    }
  }

  std::size_t open_entry(Kind kind) {
    const auto begin = static_cast<std::uint32_t>(at_);
    entries_.push_back({begin, begin, 0, kind, false});
    return entries_.size() - 1;
  }

  bool close_entry(std::size_t index) noexcept {
    entries_[index].end = static_cast<std::uint32_t>(at_);
    entries_[index].next = static_cast<std::uint32_t>(entries_.size());
    return true;
  }

  bool value() {
    switch (peek()) {
      case '{':
        return object();
      case '[':
        return array();
      case '"':
        return string();
      case 't':
        return literal("true", Kind::boolean);
      case 'f':
        return literal("false", Kind::boolean);
      case 'n':
        return literal("null", Kind::null);
      default:
        return is_digit(peek()) || peek() == '-' ? number() : fail(at_, "expected a value");
    }
  }

  bool enter() {
    if (depth_ == max_depth_) {
      return fail(at_, "nested deeper than " + std::to_string(max_depth_) + " levels", ErrorCode::too_large);
    }
    ++depth_;
    ++at_;
    skip_space();
    return true;
  }

  bool object() {
    const std::size_t index = open_entry(Kind::object);
    if (!enter()) return false;
    if (peek() != '}') {
      do {
        skip_space();
        if (!member()) return false;
        skip_space();
      } while (take(','));
    }
    --depth_;
    return take('}') ? close_entry(index) : fail(at_, "expected ',' or '}'");
  }

  bool member() {
    if (peek() != '"') return fail(at_, "expected a member name in double quotes");
    if (!string()) return false;
    skip_space();
    if (!take(':')) return fail(at_, "expected ':'");
    skip_space();
    return value();
  }

  bool array() {
    const std::size_t index = open_entry(Kind::array);
    if (!enter()) return false;
    if (peek() != ']') {
      do {
        skip_space();
        if (!value()) return false;
        skip_space();
      } while (take(','));
    }
    --depth_;
    return take(']') ? close_entry(index) : fail(at_, "expected ',' or ']'");
  }

  bool literal(std::string_view word, Kind kind) {
    if (text_.substr(at_, word.size()) != word) return fail(at_, "expected a value");
    const std::size_t index = open_entry(kind);
    at_ += word.size();
    return close_entry(index);
  }

  bool digits() {
    if (!is_digit(peek())) return fail(at_, "expected a digit");
    while (is_digit(peek())) ++at_;
    return true;
  }

  bool number() {
    const std::size_t index = open_entry(Kind::number);
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      if (!digits()) return false;
    }
    return close_entry(index);
  }

  bool string() {
    const std::size_t index = open_entry(Kind::string);
    ++at_;
    while (at_ < text_.size()) {
      const auto byte = static_cast<unsigned char>(text_[at_]);
      if (byte == '"') {
        ++at_;
        return close_entry(index);
      }
      if (byte == '\\') {
        entries_[index].escaped = true;
        if (!escape()) return false;
      } else if (byte < 0x20) {
        return fail(at_, "a control character in a string must be escaped");
      } else if (byte < 0x80) {
        ++at_;
      } else {
        const base::Decoded decoded = base::decode_utf8(text_, at_);
        if (decoded.code_point == base::kInvalidCodePoint) return fail(at_, "invalid UTF-8");
        at_ += decoded.size;
      }
    }
    return fail(entries_[index].begin, "this string is not closed");
  }

  bool escape() {
    const std::size_t begin = at_++;
    if (!take('u')) {
      if (at_ == text_.size() || std::string_view("\"\\/bfnrt").find(text_[at_]) == std::string_view::npos) {
        return fail(begin, "unknown escape");
      }
      ++at_;
      return true;
    }
    char32_t unit = 0;
    if (!hex4(unit)) return false;
    if (unit < 0xD800 || unit > 0xDFFF) return true;
    char32_t second = 0;
    if (unit > 0xDBFF || !take('\\') || !take('u')) return fail(begin, "half a surrogate pair");
    if (!hex4(second)) return false;
    return (second >= 0xDC00 && second <= 0xDFFF) || fail(begin, "half a surrogate pair");
  }

  bool hex4(char32_t& unit) {
    for (int i = 0; i < 4; ++i, ++at_) {
      const char c = peek();
      const char lower = static_cast<char>(c | 0x20);
      if (is_digit(c)) {
        unit = unit << 4 | static_cast<char32_t>(c - '0');
      } else if (lower >= 'a' && lower <= 'f') {
        unit = unit << 4 | static_cast<char32_t>(lower - 'a' + 10);
      } else {
        return fail(at_, "expected four hexadecimal digits");
      }
    }
    return true;
  }

  const std::string_view text_;
  const std::size_t max_depth_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::vector<Document::Entry> entries_;
  std::size_t failed_at_ = 0;
  std::string reason_;
  ErrorCode code_ = ErrorCode::malformed_json;
};

}  // namespace

Result<Document> Document::parse(std::string_view text, const Limits& limits) {
  if (text.size() > limits.max_size) {
    return Error(ErrorCode::too_large,
                 "the document is larger than " + std::to_string(limits.max_size) + " bytes");
  }
  Parser parser(text, limits.max_depth);
  if (!parser.run()) return parser.error();
  Document document(text, std::move(parser.entries()));
  if (const auto offset = document.find_duplicate_name()) {
    return at_byte(ErrorCode::malformed_json, *offset, "a member name that stands in this object already");
  }
  return document;
}

}  // namespace pii::json
