#include "stream/document_scanner.hpp"

#include <algorithm>
#include <string>

#include "stream/byte_block.hpp"
#include "stream/byte_order_mark.hpp"

namespace piictl::stream {
namespace {

constexpr bool is_space(char c) noexcept { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// The beginning of a JSON text, read for as long as it is one.
class Opening {
 public:
  explicit Opening(std::string_view line) : rest_(line) {}

  bool read() {
    while (skip_space()) {
      if (!read_token()) return false;
    }
    return !open_.empty();
  }

 private:
  enum class Want : std::uint8_t { value, value_or_close, key, key_or_close, colon, comma_or_close };

  bool skip_space() {
    while (!rest_.empty() && is_space(rest_.front())) rest_.remove_prefix(1);
    return !rest_.empty();
  }

  bool read_token() {
    const char c = rest_.front();
    switch (want_) {
      case Want::colon:
        want_ = Want::value;
        return take(c == ':');
      case Want::comma_or_close:
        if (c != ',') return close(c);
        want_ = open_.back() == '{' ? Want::key : Want::value;
        return take(true);
      case Want::key:
      case Want::key_or_close:
        if (c == '}' && want_ == Want::key_or_close) return close(c);
        want_ = Want::colon;
        return read_string();
      case Want::value:
      case Want::value_or_close:
        if (c == ']' && want_ == Want::value_or_close) return close(c);
        return read_value(c);
    }
    return false;
  }

  bool read_value(char c) {
    if (c == '{' || c == '[') {
      open_ += c;
      want_ = c == '{' ? Want::key_or_close : Want::value_or_close;
      return take(true);
    }
    want_ = Want::comma_or_close;
    return !open_.empty() && (c == '"' ? read_string() : read_word());
  }

  bool read_string() {
    if (rest_.front() != '"') return false;
    for (std::size_t i = 1; i < rest_.size(); ++i) {
      if (rest_[i] == '\\') {
        ++i;
      } else if (rest_[i] == '"') {
        rest_.remove_prefix(i + 1);
        return true;
      }
    }
    return false;
  }

  bool read_word() {
    const std::size_t size = std::min(rest_.find_first_not_of("+-.0123456789Eaeflnrstu"), rest_.size());
    const std::string_view word = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return word == "true" || word == "false" || word == "null" ||
           (!word.empty() && word.find_first_not_of("+-.0123456789Ee") == std::string_view::npos);
  }

  // A text that closes before the line ends is a whole one.
  bool close(char c) {
    if (open_.empty() || c != (open_.back() == '{' ? '}' : ']')) return false;
    open_.pop_back();
    want_ = Want::comma_or_close;
    return take(!open_.empty());
  }

  bool take(bool fits) {
    rest_.remove_prefix(1);
    return fits;
  }

  std::string_view rest_;
  std::string open_;
  Want want_ = Want::value;
};

}  // namespace

bool opens_document(std::string_view line) { return Opening(line).read(); }

std::size_t DocumentScanner::skip_inside(std::string_view text, std::size_t at) noexcept {
  while (at < text.size()) {
    const ByteBlock block(text, at);
    const std::uint64_t backslashes = block.equal('\\');
    if (backslashes == 0 && !escaped_) {
      const std::uint64_t strings = prefix_xor(block.equal('"')) ^ (in_string_ ? ~std::uint64_t{0} : 0);
      const std::uint64_t opening = (block.equal('{') | block.equal('[')) & ~strings;
      std::uint64_t brackets = (block.equal('}') | block.equal(']')) & ~strings;
      brackets |= opening;
      for (; brackets != 0; brackets &= brackets - 1) {
        const auto bit = static_cast<unsigned>(__builtin_ctzll(brackets));
        if ((opening >> bit & 1) != 0) {
          ++depth_;
        } else if (--depth_ == 0) {
          in_string_ = false;
          return at + bit + 1;
        }
      }
      in_string_ = (strings >> (block.size() - 1) & 1) != 0;
      at += block.size();
      continue;
    }
    for (const std::size_t end = at + block.size(); at < end; ++at) {
      const char c = text[at];
      if (escaped_) {
        escaped_ = false;
      } else if (in_string_) {
        escaped_ = c == '\\';
        in_string_ = c != '"';
      } else if (c == '"') {
        in_string_ = true;
      } else if (c == '{' || c == '[') {
        ++depth_;
      } else if ((c == '}' || c == ']') && --depth_ == 0) {
        return at + 1;
      }
    }
  }
  return std::string_view::npos;
}

std::size_t DocumentScanner::find_end(std::string_view text, std::size_t begin) noexcept {
  constexpr std::size_t kNone = std::string_view::npos;
  std::size_t at = begin + scanned_;
  const auto ends_at = [this](std::size_t end) {
    restart();
    return end;
  };
  while (at < text.size()) {
    const char c = text[at];
    switch (place_) {
      case Place::before:
        if (c == '{' || c == '[') {
          place_ = Place::inside;
          break;
        }
        ++at;
        // A byte order mark before the first text is no part of it.
        if (!is_space(c) && kByteOrderMark.find(c) == kNone) place_ = Place::line;
        break;
      case Place::inside:
        at = skip_inside(text, at);
        if (at == kNone) {
          at = text.size();
        } else {
          place_ = Place::behind;
        }
        break;
      case Place::behind:
        if (!is_space(c)) return ends_at(at);
        ++at;
        if (c == '\n') return ends_at(at);
        break;
      case Place::line: {
        const std::size_t newline = text.find('\n', at);
        if (newline != kNone) return ends_at(newline + 1);
        at = text.size();
        break;
      }
    }
  }
  scanned_ = at - begin;
  return kNone;
}

}  // namespace piictl::stream
