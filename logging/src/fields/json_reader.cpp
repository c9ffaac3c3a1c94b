#include "fields/json_reader.hpp"

#include <charconv>
#include <string>

namespace pii::log {

namespace {

constexpr int kMaxDepth = 64;

class Reader {
 public:
  explicit Reader(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

  std::optional<Value> document() {
    Value value;
    if (!read(value, 0)) return std::nullopt;
    blanks();
    if (at_ != end_) return std::nullopt;
    return value;
  }

 private:
  void blanks() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\t' || *at_ == '\n' || *at_ == '\r')) ++at_;
  }
  bool take(char c) {
    blanks();
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }
  bool word(std::string_view text) {
    if (static_cast<std::size_t>(end_ - at_) < text.size() || std::string_view(at_, text.size()) != text) return false;
    at_ += text.size();
    return true;
  }

  bool read(Value& out, int depth) {
    blanks();
    if (at_ == end_ || depth > kMaxDepth) return false;
    switch (*at_) {
      case '{': return object(out, depth);
      case '[': return array(out, depth);
      case '"': {
        std::string text;
        if (!string(text)) return false;
        out = Value(std::move(text));
        return true;
      }
      case 't': out = Value(true); return word("true");
      case 'f': out = Value(false); return word("false");
      case 'n': out = Value(); return word("null");
      default: return number(out);
    }
  }

  bool object(Value& out, int depth) {
    Object members;
    ++at_;
    if (take('}')) return out = Value(std::move(members)), true;
    do {
      std::string name;
      Value value;
      blanks();
      if (at_ == end_ || *at_ != '"' || !string(name) || !take(':') || !read(value, depth + 1)) return false;
      members.set(name, std::move(value));
    } while (take(','));
    out = Value(std::move(members));
    return take('}');
  }

  bool array(Value& out, int depth) {
    Array values;
    ++at_;
    if (take(']')) return out = Value(std::move(values)), true;
    do {
      Value value;
      if (!read(value, depth + 1)) return false;
      values.push_back(std::move(value));
    } while (take(','));
    out = Value(std::move(values));
    return take(']');
  }

  bool hex4(char32_t& code) {
    if (end_ - at_ < 4) return false;
    std::uint32_t value = 0;
    const auto [stop, failed] = std::from_chars(at_, at_ + 4, value, 16);
    if (failed != std::errc{} || stop != at_ + 4) return false;
    at_ += 4;
    code = value;
    return true;
  }

  static void append_utf8(char32_t code, std::string& out) {
    const auto byte = [&](char32_t value) { out += static_cast<char>(static_cast<unsigned char>(value)); };
    if (code < 0x80) return byte(code);
    if (code < 0x800) {
      byte(0xC0 | code >> 6);
    } else {
      if (code < 0x10000) {
        byte(0xE0 | code >> 12);
      } else {
        byte(0xF0 | code >> 18);
        byte(0x80 | (code >> 12 & 0x3F));
      }
      byte(0x80 | (code >> 6 & 0x3F));
    }
    byte(0x80 | (code & 0x3F));
  }

  bool escape(std::string& out) {
    if (at_ == end_) return false;
    constexpr std::string_view kFrom = "\"\\/bfnrt";
    constexpr std::string_view kTo = "\"\\/\b\f\n\r\t";
    const char c = *at_++;
    if (const std::size_t i = kFrom.find(c); i != std::string_view::npos) return out += kTo[i], true;
    char32_t code = 0;
    if (c != 'u' || !hex4(code)) return false;
    if (code >= 0xD800 && code < 0xDC00 && word("\\u")) {
      char32_t low = 0;
      if (!hex4(low)) return false;
      code = low >= 0xDC00 && low < 0xE000 ? 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00) : 0xFFFD;
    } else if (code >= 0xD800 && code < 0xE000) {
      code = 0xFFFD;  // half a pair is no character
    }
    append_utf8(code, out);
    return true;
  }

  bool string(std::string& out) {
    for (++at_; at_ != end_; ++at_) {
      if (*at_ == '"') return ++at_, true;
      if (static_cast<unsigned char>(*at_) < 0x20) return false;
      if (*at_ != '\\') {
        out += *at_;
        continue;
      }
      ++at_;
      if (!escape(out)) return false;
      --at_;
    }
    return false;
  }

  bool digits() {
    const char* const start = at_;
    while (at_ != end_ && *at_ >= '0' && *at_ <= '9') ++at_;
    return at_ != start;
  }

  bool number(Value& out) {
    const char* const start = at_;
    if (at_ != end_ && *at_ == '-') ++at_;
    const bool zero = at_ != end_ && *at_ == '0';
    const char* const first = at_;
    if (!digits() || (zero && at_ - first > 1)) return false;
    bool whole = true;
    if (at_ != end_ && *at_ == '.') {
      ++at_;
      whole = false;
      if (!digits()) return false;
    }
    if (at_ != end_ && (*at_ == 'e' || *at_ == 'E')) {
      ++at_;
      whole = false;
      if (at_ != end_ && (*at_ == '+' || *at_ == '-')) ++at_;
      if (!digits()) return false;
    }
    std::int64_t integer = 0;
    double real = 0;
    if (whole && std::from_chars(start, at_, integer).ec == std::errc{} && !(integer == 0 && *start == '-')) {
      out = Value(integer);
    } else if (!whole && std::from_chars(start, at_, real).ec == std::errc{}) {
      out = Value(real);
    } else {
      out = Value(NumberText{std::string(start, at_)});
    }
    return true;
  }

  const char* at_;
  const char* end_;
};

}  // namespace

std::optional<Value> read_json(std::string_view text, std::size_t max_bytes) {
  if (text.size() > max_bytes) return std::nullopt;
  return Reader(text).document();
}

}  // namespace pii::log
