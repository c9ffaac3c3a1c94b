#include "stream/json_path.hpp"

#include <algorithm>
#include <charconv>

#include "stream/json_text.hpp"

namespace piictl::stream {
namespace {

constexpr std::string_view kNotInNames = ".[]'\"*$";

pii::Error refused(std::string_view text, std::string_view what, std::size_t offset) {
  return {pii::ErrorCode::usage,
          "path \"" + std::string(text) + "\": " + std::string(what) + " at byte offset " +
              std::to_string(offset),
          "paths look like a.b, a[*].c, a[0] or ['a.b']"};
}

/// Reads one path from left to right.
class PathReader {
 public:
  explicit PathReader(std::string_view text) : text_(text) {}

  pii::Result<std::vector<JsonPathStep>> read() {
    if (text_.empty()) return refused(text_, "nothing", 0);
    const bool rooted = take('$');
    if (!rooted && peek() != '[') {
      if (auto step = read_name(); !step) return std::move(step).error();
    }
    while (at_ < text_.size()) {
      auto step = take('.') ? read_name() : take('[') ? read_bracket() : fail("neither . nor [");
      if (!step) return std::move(step).error();
    }
    return std::move(steps_);
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void skip_blanks() {
    while (take(' ') || take('\t')) {
    }
  }
  pii::Result<void> fail(std::string_view what) const { return refused(text_, what, at_); }

  void add_name(std::string name) { steps_.push_back({JsonPathStep::Kind::name, std::move(name)}); }
  void add_any() { steps_.push_back({JsonPathStep::Kind::any, {}}); }

  pii::Result<void> read_name() {
    if (take('*')) {
      add_any();
      return {};
    }
    const std::size_t begin = at_;
    while (at_ < text_.size() && kNotInNames.find(text_[at_]) == std::string_view::npos &&
           static_cast<unsigned char>(text_[at_]) > ' ') {
      ++at_;
    }
    if (at_ == begin) return fail("a name is missing");
    add_name(std::string(text_.substr(begin, at_ - begin)));
    return {};
  }

  pii::Result<void> read_bracket() {
    skip_blanks();
    if (take('*')) {
      add_any();
    } else if (peek() == '\'' || peek() == '"') {
      if (auto quoted = read_quoted(); !quoted) return quoted;
    } else {
      std::uint64_t index = 0;
      const char* const begin = text_.data() + at_;
      const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), index);
      if (error != std::errc() || (*begin == '0' && end != begin + 1))
        return fail("no index, * or quoted name");
      at_ += static_cast<std::size_t>(end - begin);
      steps_.push_back({JsonPathStep::Kind::index, {}, index});
    }
    skip_blanks();
    if (!take(']')) return fail("] is missing");
    return {};
  }

  pii::Result<void> read_quoted() {
    const char quote = text_[at_];
    const std::size_t opened = at_++;
    std::string inner;  // as in a JSON string
    while (!take(quote)) {
      if (at_ == text_.size()) return refused(text_, "the name is not closed", opened);
      if (take('\\')) {
        if (auto escape = read_escape(quote, inner); !escape) return escape;
      } else if (static_cast<unsigned char>(text_[at_]) < ' ') {
        return fail("a control character in the name");
      } else {
        inner += text_[at_++];
      }
    }
    Arena arena;
    const auto name = unescape_json(inner, arena);
    if (!name) return refused(text_, "half of a surrogate pair in the name", opened);
    add_name(std::string(*name));
    return {};
  }

  /// Appends the escape behind the backslash to `inner`.
  pii::Result<void> read_escape(char quote, std::string& inner) {
    const char c = peek();
    std::size_t size = 1;
    if (c == 'u') {
      const std::string_view digits = text_.substr(at_ + 1, 4);
      const bool hex =
          digits.size() == 4 && digits.find_first_not_of("0123456789abcdefABCDEF") == digits.npos;
      if (!hex) return fail("no four hexadecimal digits");
      size = 5;
    } else if (c == '\'' && quote == '\'') {
      ++at_;
      inner += '\'';
      return {};
    } else if (!json_escape(c) || (c == '"' && quote != '"')) {
      return fail("no such escape");
    }
    inner += '\\';
    inner += text_.substr(at_, size);
    at_ += size;
    return {};
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<JsonPathStep> steps_;
};

}  // namespace

pii::Result<std::vector<JsonPathStep>> parse_json_path(std::string_view text) {
  return PathReader(text).read();
}

pii::Result<JsonPathTree> JsonPathTree::make(std::span<const std::string> paths) {
  if (paths.empty())
    return pii::Error(pii::ErrorCode::usage, "ndjson needs a path", "name one with --path PATH");
  std::vector<std::vector<JsonPathStep>> steps;
  for (const std::string& path : paths) {
    auto parsed = parse_json_path(path);
    if (!parsed) return std::move(parsed).error();
    steps.push_back(std::move(*parsed));
  }
  std::vector<Position> positions;
  for (std::size_t i = 0; i < steps.size(); ++i)
    positions.push_back({static_cast<std::uint32_t>(i), &steps[i], 0});
  JsonPathTree tree;
  if (auto built = tree.build(positions, paths); !built) return built.error();
  return tree;
}

pii::Result<void> JsonPathTree::build(const std::vector<Position>& positions,
                                      std::span<const std::string> paths) {
  using Kind = JsonPathStep::Kind;
  std::vector<JsonPathStep> children;
  for (const Position& position : positions) {
    if (position.done == position.steps->size()) {
      if (target_ != kNoTarget) {
        return pii::Error(pii::ErrorCode::usage, "paths \"" + paths[target_] + "\" and \"" +
                                                     paths[position.target] + "\" select the same value");
      }
      target_ = position.target;
      continue;
    }
    const JsonPathStep& step = (*position.steps)[position.done];
    if (std::find(children.begin(), children.end(), step) == children.end()) children.push_back(step);
  }
  for (const JsonPathStep& child : children) {
    std::vector<Position> beyond;
    for (const Position& position : positions) {
      if (position.done == position.steps->size()) continue;
      const JsonPathStep& step = (*position.steps)[position.done];
      if (step == child || step.kind == Kind::any) {
        beyond.push_back({position.target, position.steps, position.done + 1});
      }
    }
    auto node = std::make_unique<JsonPathTree>();
    if (auto built = node->build(beyond, paths); !built) return built;
    switch (child.kind) {
      case Kind::name:
        members_.emplace_back(child.name, std::move(node));
        break;
      case Kind::index:
        elements_.emplace_back(child.index, std::move(node));
        break;
      case Kind::any:
        any_ = std::move(node);
        break;
    }
  }
  return {};
}

}  // namespace piictl::stream
