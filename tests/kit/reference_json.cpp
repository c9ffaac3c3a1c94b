#include "kit/reference_json.hpp"

#include <regex>
#include <string>

#include "kit/reference_text.hpp"

namespace pii::kit::reference {
namespace {

class Parser {
 public:
  Parser(std::string_view text, Strictness strictness) : text_(text), strict_(strictness == Strictness::rfc8259) {}

  std::optional<JsonNode> document(std::size_t depth) {
    skip_blanks();
    auto node = value(depth);
    skip_blanks();
    return node && at_ == text_.size() ? std::move(node) : std::nullopt;
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool eat(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void skip_blanks() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
  }

  std::optional<JsonNode> value(std::size_t depth) {
    if (peek() == '"') return string();
    if (peek() != '{' && peek() != '[') return scalar();
    if (depth == 0) return skipped();
    return peek() == '{' ? object(depth - 1) : array(depth - 1);
  }

  std::optional<JsonNode> string() {
    JsonNode node{JsonNode::Kind::string, at_, at_};
    ++at_;
    while (at_ < text_.size() && text_[at_] != '"') {
      if (static_cast<unsigned char>(text_[at_]) < 0x20) return std::nullopt;
      if (text_[at_] == '\\') ++at_;
      // What is escaped is no control character either.
      if (at_ == text_.size() || static_cast<unsigned char>(text_[at_]) < 0x20) return std::nullopt;
      ++at_;
    }
    if (!eat('"')) return std::nullopt;
    node.end = at_;
    if (strict_ && unescape(placed(text_.substr(node.begin + 1, node.end - node.begin - 2))).bad_escape) return std::nullopt;
    return node;
  }

  std::optional<JsonNode> scalar() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && (is_ascii_word(text_[at_]) || text_[at_] == '-' || text_[at_] == '+' || text_[at_] == '.')) {
      ++at_;
    }
    const std::string word(text_.substr(begin, at_ - begin));
    static const std::regex kNumber("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");
    // std::regex recurses by the character: long numbers are cut to their shape.
    const bool number = word.size() < 256 ? std::regex_match(word, kNumber) : is_long_number(word);
    if (word != "true" && word != "false" && word != "null" && !number) return std::nullopt;
    return JsonNode{JsonNode::Kind::scalar, begin, at_};
  }
  // A run of digits more or less makes no difference to the shape.
  static bool is_long_number(const std::string& word) {
    static const std::regex kShape("-?(0|[1-9]d?)(\\.d)?([eE][-+]?d)?");
    std::string shape;
    for (const char c : word) {
      const bool digit = is_ascii_digit(c);
      const bool first = shape.empty() || shape == "-";
      if (digit && !first) {
        if (shape.back() != 'd') shape += 'd';
      } else {
        shape += c;
      }
    }
    return std::regex_match(shape, kShape);
  }

  std::optional<JsonNode> object(std::size_t depth) {
    JsonNode node{JsonNode::Kind::object, at_++, 0};
    skip_blanks();
    if (!eat('}')) {
      do {
        skip_blanks();
        auto key = peek() == '"' ? string() : std::nullopt;
        skip_blanks();
        if (!key || !eat(':')) return std::nullopt;
        skip_blanks();
        auto member = value(depth);
        if (!member) return std::nullopt;
        node.keys.push_back(*std::move(key));
        node.values.push_back(*std::move(member));
        skip_blanks();
      } while (eat(','));
      if (!eat('}')) return std::nullopt;
    }
    node.end = at_;
    return node;
  }

  std::optional<JsonNode> array(std::size_t depth) {
    JsonNode node{JsonNode::Kind::array, at_++, 0};
    skip_blanks();
    if (!eat(']')) {
      do {
        skip_blanks();
        auto element = value(depth);
        if (!element) return std::nullopt;
        node.values.push_back(*std::move(element));
        skip_blanks();
      } while (eat(','));
      if (!eat(']')) return std::nullopt;
    }
    node.end = at_;
    return node;
  }

  std::optional<JsonNode> skipped() {
    JsonNode node{JsonNode::Kind::too_deep, at_, 0};
    std::size_t open = 0;
    do {
      if (at_ == text_.size()) return std::nullopt;
      const char c = text_[at_];
      if (c == '"') {
        if (!string()) return std::nullopt;
        continue;
      }
      if (c == '\\') return std::nullopt;
      if (c == '{' || c == '[') ++open;
      if (c == '}' || c == ']') --open;
      ++at_;
    } while (open > 0);
    node.end = at_;
    return node;
  }

  std::string_view text_;
  bool strict_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<JsonNode> parse_json(std::string_view text, std::size_t depth, Strictness strictness) {
  return Parser(text, strictness).document(depth);
}

}  // namespace pii::kit::reference
