#include "json/string_text.hpp"

#include "base/utf8.hpp"

namespace pii::json {
namespace {

char32_t hex_value(char c) noexcept {
  if (c <= '9') return static_cast<char32_t>(c - '0');
  return static_cast<char32_t>((c | 0x20) - 'a' + 10);
}

// Surrogates, and so the code points above the basic plane, stand before U+E000 in UTF-16.
char32_t utf16_rank(char32_t code_point) noexcept {
  if (code_point < 0xE000) return code_point;
  return code_point < 0x10000 ? code_point + 0x100000 : code_point - 0x10000 + 0xD800;
}

}  // namespace

char32_t StringReader::next() noexcept {
  const auto byte = static_cast<unsigned char>(raw_[at_]);
  if (byte == '\\') return unescape();
  if (byte < 0x80) {
    ++at_;
    return byte;
  }
  const base::Decoded decoded = base::decode_utf8(raw_, at_);
  at_ += decoded.size;
  return decoded.code_point;
}

char32_t StringReader::hex4() noexcept {
  char32_t value = 0;
  for (int i = 0; i < 4; ++i) value = value << 4 | hex_value(raw_[at_++]);
  return value;
}

char32_t StringReader::unescape() noexcept {
  const char letter = raw_[at_ + 1];
  at_ += 2;
  switch (letter) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'u':
      break;
    default:
      return static_cast<unsigned char>(letter);  // the quote and both slashes
  }
  const char32_t unit = hex4();
  if (unit < 0xD800 || unit > 0xDFFF) return unit;
  at_ += 2;  // "\u" of the second half, which the parser has seen
  return 0x10000 + ((unit - 0xD800) << 10) + (hex4() - 0xDC00);
}

int compare_utf16(std::string_view raw_a, std::string_view raw_b) noexcept {
  StringReader a(raw_a);
  StringReader b(raw_b);
  while (!a.done() && !b.done()) {
    const char32_t rank_a = utf16_rank(a.next());
    const char32_t rank_b = utf16_rank(b.next());
    if (rank_a != rank_b) return rank_a < rank_b ? -1 : 1;
  }
  if (a.done() && b.done()) return 0;
  return a.done() ? -1 : 1;
}

}  // namespace pii::json
