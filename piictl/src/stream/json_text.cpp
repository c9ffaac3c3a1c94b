#include "stream/json_text.hpp"

#include <algorithm>
#include <cstdint>

#if defined(__SSE2__) && !defined(PII_PORTABLE_ONLY)
#include <emmintrin.h>
#endif

namespace piictl::stream {
namespace {

bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
}

char32_t hex4(std::string_view digits) {
  char32_t value = 0;
  for (const char c : digits) {
    const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
    value = value * 16 + static_cast<char32_t>(digit);
  }
  return value;
}

}  // namespace

std::size_t plain_json_prefix(const char* begin, const char* end) noexcept {
  const char* p = begin;
#if defined(__SSE2__) && !defined(PII_PORTABLE_ONLY)
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i backslash = _mm_set1_epi8('\\');
  const __m128i space = _mm_set1_epi8(' ');
  for (; end - p >= 16; p += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    // Compared as signed numbers, what is less than a space is a control character or not ASCII.
    const __m128i special =
        _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)),
                     _mm_cmplt_epi8(bytes, space));
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(special));
    if (mask != 0) return static_cast<std::size_t>(p - begin) + static_cast<std::size_t>(__builtin_ctz(mask));
  }
#endif
  while (p != end && is_plain(*p)) ++p;
  return static_cast<std::size_t>(p - begin);
}

std::size_t utf8_sequence(const char* begin, const char* end) noexcept {
  const auto byte = [begin](std::size_t i) { return static_cast<unsigned char>(begin[i]); };
  const auto left = static_cast<std::size_t>(end - begin);
  const auto continues = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
  if (left == 0) return 0;
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  if (first < 0xC2) return 0;
  if (first < 0xE0) return left >= 2 && continues(1) ? 2 : 0;
  if (first < 0xF0) {
    if (left < 3 || !continues(1) || !continues(2)) return 0;
    const bool overlong = first == 0xE0 && byte(1) < 0xA0;
    const bool surrogate = first == 0xED && byte(1) >= 0xA0;
    return overlong || surrogate ? 0 : 3;
  }
  if (first > 0xF4 || left < 4 || !continues(1) || !continues(2) || !continues(3)) return 0;
  const bool overlong = first == 0xF0 && byte(1) < 0x90;
  const bool too_high = first == 0xF4 && byte(1) >= 0x90;
  return overlong || too_high ? 0 : 4;
}

std::size_t encode_utf8(char32_t code_point, char* out) noexcept {
  const auto put = [out](std::size_t i, char32_t bits) {
    out[i] = static_cast<char>(static_cast<unsigned char>(bits));
  };
  if (code_point < 0x80) {
    put(0, code_point);
    return 1;
  }
  const auto tail = [code_point](int shift) { return 0x80 | ((code_point >> shift) & 0x3F); };
  if (code_point < 0x800) {
    put(0, 0xC0 | (code_point >> 6));
    put(1, tail(0));
    return 2;
  }
  if (code_point < 0x10000) {
    put(0, 0xE0 | (code_point >> 12));
    put(1, tail(6));
    put(2, tail(0));
    return 3;
  }
  put(0, 0xF0 | (code_point >> 18));
  put(1, tail(12));
  put(2, tail(6));
  put(3, tail(0));
  return 4;
}

std::optional<char> json_escape(char c) noexcept {
  switch (c) {
    case '"':
    case '\\':
    case '/':
      return c;
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
    default:
      return std::nullopt;
  }
}

std::optional<std::string_view> unescape_json(std::string_view inner, Arena& arena) {
  char* const out = arena.room(inner.size()).data();  // an escape is never shorter than what it stands for
  std::size_t size = 0;
  for (std::size_t i = 0; i < inner.size();) {
    if (inner[i] != '\\') {
      const std::size_t escape = std::min(inner.find('\\', i), inner.size());
      size += inner.substr(i, escape - i).copy(out + size, inner.size());
      i = escape;
      continue;
    }
    if (const auto simple = json_escape(inner[i + 1])) {
      out[size++] = *simple;
      i += 2;
      continue;
    }
    char32_t code_point = hex4(inner.substr(i + 2, 4));
    i += 6;
    if (code_point >= 0xD800 && code_point < 0xE000) {
      const bool pair = code_point < 0xDC00 && inner.substr(i).starts_with("\\u");
      const char32_t low = pair ? hex4(inner.substr(i + 2, 4)) : 0;
      if (low < 0xDC00 || low >= 0xE000) return std::nullopt;
      code_point = 0x10000 + ((code_point - 0xD800) << 10) + (low - 0xDC00);
      i += 6;
    }
    size += encode_utf8(code_point, out + size);
  }
  return arena.keep({out, size});
}

void append_json_string(std::string_view text, Buffer& out) {
  out.append('"');
  const char* p = text.data();
  const char* const end = p + text.size();
  while (p != end) {
    const std::size_t plain = plain_json_prefix(p, end);
    out.append({p, plain});
    p += plain;
    if (p == end) break;
    const char c = *p++;
    constexpr std::string_view kHex = "0123456789abcdef";
    switch (c) {
      case '"':
        out.append("\\\"");
        break;
      case '\\':
        out.append("\\\\");
        break;
      case '\b':
        out.append("\\b");
        break;
      case '\f':
        out.append("\\f");
        break;
      case '\n':
        out.append("\\n");
        break;
      case '\r':
        out.append("\\r");
        break;
      case '\t':
        out.append("\\t");
        break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20) {
          out.append(c);
        } else {
          out.append("\\u00");
          out.append(kHex[static_cast<unsigned char>(c) >> 4]);
          out.append(kHex[static_cast<unsigned char>(c) & 0xF]);
        }
    }
  }
  out.append('"');
}

}  // namespace piictl::stream
