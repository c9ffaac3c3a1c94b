#include <algorithm>
#include <charconv>
#include <optional>

#include "node.hpp"

namespace pii::policy {

Error syntax_error(Place place, std::string_view why, std::string_view hint) {
  return Error(ErrorCode::malformed_json,
               "policy: line " + std::to_string(place.line) + ", column " + std::to_string(place.column) +
                   ": " + std::string(why),
               std::string(hint));
}

namespace {

void append_utf8(char32_t c, std::string& out) {
  const auto byte = [&](char32_t bits) { out += static_cast<char>(static_cast<unsigned char>(bits)); };
  if (c < 0x80) return byte(c);
  if (c < 0x800) return byte(0xC0 | c >> 6), byte(0x80 | (c & 0x3F));
  if (c < 0x10000) return byte(0xE0 | c >> 12), byte(0x80 | (c >> 6 & 0x3F)), byte(0x80 | (c & 0x3F));
  byte(0xF0 | c >> 18), byte(0x80 | (c >> 12 & 0x3F)), byte(0x80 | (c >> 6 & 0x3F)), byte(0x80 | (c & 0x3F));
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<Node> parse() {
    Node root;
    skip_space();
    if (value(root, 0)) {
      skip_space();
      if (at_ != text_.size()) fail("something follows the document");
    }
    if (error_) return *std::move(error_);
    return root;
  }

 private:
  Place place() const { return {line_, static_cast<int>(at_ - line_start_) + 1}; }
  bool fail(std::string_view why) {
    if (!error_) error_ = syntax_error(place(), why);
    return false;
  }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void skip_space() {
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\n') {
        ++line_;
        line_start_ = at_ + 1;
      } else if (text_[at_] != ' ' && text_[at_] != '\t' && text_[at_] != '\r') {
        return;
      }
    }
  }

  bool value(Node& node, std::size_t depth) {
    node.place = place();
    switch (peek()) {
      case '{':
        return map(node, depth);
      case '[':
        return list(node, depth);
      case '"':
        node.kind = Node::Kind::text;
        return string(node.scalar);
      default:
        return plain(node);
    }
  }

  bool plain(Node& node) {
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_.find_first_of(" \t\r\n,]}:\"{[", at_) != at_) ++at_;
    const std::string_view word = text_.substr(begin, at_ - begin);
    node.kind = word == "null" ? Node::Kind::null : Node::Kind::plain;
    if (word != "null" && word != "true" && word != "false" && !is_number(word)) {
      at_ = begin;
      return fail("expected a value");
    }
    node.scalar = word;
    return true;
  }

  static bool is_number(std::string_view word) {
    if (word.empty()) return false;
    double number = 0;
    const std::string_view digits = word.front() == '-' ? word.substr(1) : word;
    if (digits.empty() || digits.front() < '0' || digits.front() > '9') return false;
    if (digits.size() > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9') return false;
    if (word.back() == '.' || word.find(".e") != word.npos || word.find(".E") != word.npos) return false;
    const auto done = std::from_chars(word.data(), word.data() + word.size(), number);
    return done.ec == std::errc() && done.ptr == word.data() + word.size();
  }

  bool list(Node& node, std::size_t depth) {
    node.kind = Node::Kind::list;
    if (depth >= kMaxDepth) return fail("nested too deeply");
    ++at_;
    skip_space();
    if (peek() == ']') return ++at_, true;
    for (;;) {
      skip_space();
      if (!value(node.items.emplace_back(), depth + 1)) return false;
      skip_space();
      if (peek() == ']') return ++at_, true;
      if (peek() != ',') return fail("expected , or ]");
      ++at_;
    }
  }

  bool map(Node& node, std::size_t depth) {
    node.kind = Node::Kind::map;
    if (depth >= kMaxDepth) return fail("nested too deeply");
    ++at_;
    skip_space();
    if (peek() == '}') return ++at_, true;
    for (;;) {
      skip_space();
      Node::Name name{{}, place()};
      if (peek() != '"') return fail("expected a member's name");
      if (!string(name.text)) return false;
      if (std::any_of(node.names.begin(), node.names.end(),
                      [&](const auto& other) { return other.text == name.text; })) {
        error_ = syntax_error(name.place, "this member stands there twice");
        return false;
      }
      skip_space();
      if (peek() != ':') return fail("expected :");
      ++at_;
      skip_space();
      node.names.push_back(std::move(name));
      if (!value(node.items.emplace_back(), depth + 1)) return false;
      skip_space();
      if (peek() == '}') return ++at_, true;
      if (peek() != ',') return fail("expected , or }");
      ++at_;
    }
  }

  bool string(std::string& out) {
    for (++at_; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '"') return ++at_, true;
      if (static_cast<unsigned char>(c) < 0x20) return fail("a control character in a string");
      if (c != '\\') {
        out += c;
      } else if (!escape(out)) {
        return false;
      }
    }
    return fail("a string has no end");
  }

  bool escape(std::string& out) {
    constexpr std::string_view kNames = "\"\\/bfnrt", kMeanings = "\"\\/\b\f\n\r\t";
    ++at_;
    if (const std::size_t i = kNames.find(peek()); at_ < text_.size() && i != kNames.npos) {
      out += kMeanings[i];
      return true;
    }
    char32_t c = 0;
    if (peek() != 'u' || !unit(c)) return fail("a wrong escape");
    if (c >= 0xD800 && c < 0xDC00) {
      char32_t low = 0;
      if (text_.substr(at_ + 1, 2) != "\\u") return fail("half a surrogate pair");
      at_ += 2;
      if (!unit(low) || low < 0xDC00 || low > 0xDFFF) return fail("half a surrogate pair");
      c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
    } else if (c >= 0xDC00 && c <= 0xDFFF) {
      return fail("half a surrogate pair");
    }
    append_utf8(c, out);
    return true;
  }

  // The four digits after `u`; ends on the last of them.
  bool unit(char32_t& c) {
    const std::string_view digits = text_.substr(at_ + 1, 4);
    unsigned number = 0;
    const auto done = std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
    if (digits.size() != 4 || done.ptr != digits.data() + 4) return false;
    c = number;
    at_ += 4;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1;
  std::size_t line_start_ = 0;
  std::optional<Error> error_;
};

}  // namespace

Result<Node> read_json(std::string_view text) { return Parser(text).parse(); }

}  // namespace pii::policy
