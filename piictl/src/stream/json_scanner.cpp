#include "stream/json_scanner.hpp"

#include <utility>

#include "stream/byte_order_mark.hpp"
#include "stream/json_text.hpp"

namespace piictl::stream {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_hex_digit(char c) { return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f'); }

}  // namespace

Fault JsonScanner::invalid() const noexcept {
  return {pii::ErrorCode::malformed_json, "not valid JSON at byte offset ",
          static_cast<std::size_t>(p_ - begin_)};
}

Fault JsonScanner::refuse_value(std::string_view what) {
  fault_target_ = node_->target();
  return {pii::ErrorCode::malformed_json, what};
}

void JsonScanner::take_value(std::string_view original, std::string_view value) {
  const std::uint32_t target = node_->target();
  block_.splices.push_back({original, target, block_.add_value(target, value)});
}

Fault JsonScanner::scan(std::string_view text) {
  begin_ = p_ = text.data();
  end_ = begin_ + text.size();
  node_ = &paths_;
  depth_ = 0;
  value_pending_ = true;
  fault_target_ = RowFault::kNoTarget;
  // RFC 8259 section 8.1 lets a reader ignore a byte order mark.
  if (text.starts_with(kByteOrderMark)) p_ += kByteOrderMark.size();
  while (value_pending_) {
    skip_space();
    if (const Fault fault = read_value()) return fault;
    if (const Fault fault = go_on()) return fault;
  }
  return p_ == end_ ? Fault() : invalid();
}

Fault JsonScanner::read_value() {
  switch (peek()) {
    case '"': {
      const char* const opened = p_;
      String string;
      if (const Fault fault = read_string(string)) return fault;
      if (!selected()) return {};
      std::string_view value = string.inner;
      if (string.escaped) {
        const auto unescaped = unescape_json(string.inner, block_.unescaped);
        if (!unescaped) {
          fault_target_ = node_->target();
          return {pii::ErrorCode::invalid_utf8, "half of a surrogate pair"};
        }
        value = *unescaped;
      }
      take_value({opened, static_cast<std::size_t>(p_ - opened)}, value);
      return {};
    }
    case '{':
      return selected() ? refuse_value("an object is at the path") : open(true);
    case '[':
      return selected() ? refuse_value("an array is at the path") : open(false);
    case 't':
      return selected() ? refuse_value("a boolean is at the path") : read_literal("true");
    case 'f':
      return selected() ? refuse_value("a boolean is at the path") : read_literal("false");
    case 'n':
      return read_literal("null");
    default: {
      const char* const first = p_;
      if (const Fault fault = read_number()) return fault;
      const std::string_view number(first, static_cast<std::size_t>(p_ - first));
      if (selected()) take_value(number, number);
      return {};
    }
  }
}

Fault JsonScanner::open(bool is_object) {
  if (depth_ == kMaxDepth)
    return {pii::ErrorCode::malformed_json, "nested deeper than ", kMaxDepth, " levels"};
  ++p_;
  levels_[depth_++] = {node_, 0, is_object};
  opened_ = true;
  return {};
}

Fault JsonScanner::go_on() {
  bool first = std::exchange(opened_, false);
  for (;;) {
    skip_space();
    if (depth_ == 0) {
      value_pending_ = false;
      return {};
    }
    Level& level = levels_[depth_ - 1];
    const char c = peek();
    if (c == (level.is_object ? '}' : ']')) {
      ++p_;
      --depth_;
      first = false;
      continue;
    }
    if (!first) {
      if (c != ',') return invalid();
      ++p_;
      skip_space();
      ++level.index;
    }
    if (level.is_object) return read_member();
    node_ = level.node != nullptr ? level.node->element(level.index) : nullptr;
    return {};
  }
}

Fault JsonScanner::read_member() {
  String name;
  if (peek() != '"') return invalid();
  if (const Fault fault = read_string(name)) return fault;
  skip_space();
  if (peek() != ':') return invalid();
  ++p_;
  const JsonPathTree* const parent = levels_[depth_ - 1].node;
  node_ = nullptr;
  if (parent == nullptr) return {};
  if (!name.escaped) {
    node_ = parent->member(name.inner);
  } else if (const auto unescaped = unescape_json(name.inner, block_.unescaped)) {
    node_ = parent->member(*unescaped);
  } else {
    node_ = parent->any();
  }
  return {};
}

Fault JsonScanner::read_string(String& string) {
  const char* const inner = ++p_;
  for (;;) {
    p_ += plain_json_prefix(p_, end_);
    if (p_ == end_) return invalid();
    const char c = *p_;
    if (c == '"') break;
    if (c == '\\') {
      string.escaped = true;
      if (const Fault fault = read_escape()) return fault;
      continue;
    }
    if (static_cast<unsigned char>(c) < 0x20) return invalid();
    const std::size_t size = utf8_sequence(p_, end_);
    if (size == 0) {
      return {pii::ErrorCode::invalid_utf8, "not valid UTF-8 at byte offset ",
              static_cast<std::size_t>(p_ - begin_)};
    }
    p_ += size;
  }
  string.inner = {inner, static_cast<std::size_t>(p_ - inner)};
  ++p_;
  return {};
}

Fault JsonScanner::read_escape() {
  ++p_;
  if (p_ == end_) return invalid();
  if (*p_ != 'u') {
    if (!json_escape(*p_)) return invalid();
    ++p_;
    return {};
  }
  ++p_;
  for (int i = 0; i < 4; ++i, ++p_) {
    if (!is_hex_digit(peek())) return invalid();
  }
  return {};
}

Fault JsonScanner::read_number() {
  const auto read_digits = [this] {
    const char* const first = p_;
    while (is_digit(peek())) ++p_;
    return p_ != first;
  };
  if (peek() == '-') ++p_;
  if (peek() == '0') {
    ++p_;
  } else if (!read_digits()) {
    return invalid();
  }
  if (peek() == '.') {
    ++p_;
    if (!read_digits()) return invalid();
  }
  if ((peek() | 0x20) == 'e') {
    ++p_;
    if (peek() == '+' || peek() == '-') ++p_;
    if (!read_digits()) return invalid();
  }
  return {};
}

Fault JsonScanner::read_literal(std::string_view literal) {
  for (const char c : literal) {
    if (peek() != c) return invalid();
    ++p_;
  }
  return {};
}

}  // namespace piictl::stream
