#include "kit/reference_text.hpp"

#include <optional>

#include "normalize/unicode_properties.hpp"

namespace pii::kit::reference {
namespace {

void append(Placed& to, std::string_view bytes, std::size_t place) {
  for (const char byte : bytes) {
    to.text += byte;
    to.places.insert(to.places.end() - 1, place);
  }
}

std::string utf8(char32_t c) {
  const auto tail = [c](int shift) { return static_cast<char>(0x80 | (c >> shift & 0x3F)); };
  if (c < 0x80) return {static_cast<char>(c)};
  if (c < 0x800) return {static_cast<char>(0xC0 | c >> 6), tail(0)};
  if (c < 0x10000) return {static_cast<char>(0xE0 | c >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xF0 | c >> 18), tail(12), tail(6), tail(0)};
}

// The well-formed code point of UTF-8 at `at`, if there is one.
std::optional<char32_t> code_point_at(std::string_view text, std::size_t at, std::size_t& size) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const unsigned lead = byte(at);
  size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  char32_t c = size == 1 ? lead : size == 2 ? lead & 0x1F : size == 3 ? lead & 0x0F : lead & 0x07;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return std::nullopt;
    c = c << 6 | (byte(at + i) & 0x3F);
  }
  // The shortest form only, no surrogates, nothing above U+10FFFF; this also refuses stray lead bytes.
  if (c > 0x10FFFF || (c >= 0xD800 && c < 0xE000) || utf8(c) != text.substr(at, size)) return std::nullopt;
  return c;
}

std::optional<char32_t> number(std::string_view digits, unsigned radix) {
  if (digits.empty()) return std::nullopt;
  char32_t value = 0;
  for (const char c : digits) {
    const std::size_t digit = std::string_view("0123456789abcdef").substr(0, radix).find(lower(c));
    if (digit == std::string_view::npos) return std::nullopt;
    value = value * radix + static_cast<char32_t>(digit);
  }
  return value;
}

// `\uXXXX` at `at`.
std::optional<char32_t> unit_at(std::string_view text, std::size_t at) {
  if (text.size() < at + 6 || text.substr(at, 2) != "\\u") return std::nullopt;
  return number(text.substr(at + 2, 4), 16);
}

bool is_zero_width(char32_t c) {
  const auto between = [c](char32_t first, char32_t last) { return c >= first && c <= last; };
  return c == 0xAD || c == 0x34F || c == 0x61C || c == 0x180E || c == 0xFEFF || between(0x200B, 0x200F) ||
         between(0x202A, 0x202E) || between(0x2060, 0x2064) || between(0x2066, 0x2069) || between(0xFE00, 0xFE0F);
}

bool has(char32_t c, std::uint8_t property) { return c <= 0x10FFFF && unicode::properties_of(c).has(property); }

std::string seen(char32_t c, std::string_view bytes) {
  if (c < 0x80) return std::string(bytes);
  if (c >= 0xFF01 && c <= 0xFF5E) return utf8(c - 0xFF01 + '!');
  if (is_zero_width(c)) return {};
  if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xFE63) return "-";
  if (has(c, unicode::Properties::kSpace)) return " ";
  if (has(c, unicode::Properties::kDigit)) {
    char32_t zero = c;  // runs of digits begin with a zero; some follow each other
    while (has(zero - 1, unicode::Properties::kDigit)) --zero;
    return {static_cast<char>('0' + (c - zero) % 10)};
  }
  return std::string(bytes);
}

// `%XX` gives a byte, `&#NN;` a code point.
std::string reference_at(std::string_view text, std::size_t at, std::size_t& size) {
  if (text[at] == '%') {
    size = 3;
    const auto byte = at + 3 <= text.size() ? number(text.substr(at + 1, 2), 16) : std::nullopt;
    return byte ? std::string(1, static_cast<char>(*byte)) : std::string();
  }
  if (text.substr(at, 2) != "&#") return {};
  const std::size_t semicolon = text.substr(0, at + 11).find(';', at);
  if (semicolon == std::string_view::npos) return {};
  size = semicolon + 1 - at;
  std::string_view digits = text.substr(at + 2, semicolon - at - 2);
  const bool hex = !digits.empty() && lower(digits.front()) == 'x';
  if (hex) digits.remove_prefix(1);
  if (digits.size() > 7) return {};
  const auto c = number(digits, hex ? 16 : 10);
  if (!c || *c == 0 || *c > 0x10FFFF || (*c >= 0xD800 && *c < 0xE000)) return {};
  return utf8(*c);
}

}  // namespace

Placed placed(std::string_view line) {
  Placed result{std::string(line), {}, 0};
  for (std::size_t i = 0; i <= line.size(); ++i) result.places.push_back(i);
  return result;
}

Unescaped unescape(const Placed& raw) {
  Unescaped result;
  result.value.places = {raw.end()};
  result.value.nesting = raw.nesting + 1;
  for (std::size_t i = 0; i < raw.text.size();) {
    const std::size_t place = raw.places[i];
    const std::string_view rest = std::string_view(raw.text).substr(i);
    if (rest.front() != '\\' || rest.size() == 1) {
      append(result.value, rest.substr(0, 1), place);
      ++i;
      continue;
    }
    const std::size_t simple = std::string_view("\"\\/bfnrt").find(rest[1]);
    const auto unit = unit_at(raw.text, i);
    if (simple != std::string_view::npos) {
      append(result.value, std::string_view("\"\\/\b\f\n\r\t").substr(simple, 1), place);
      i += 2;
    } else if (!unit) {
      result.bad_escape = true;
      append(result.value, "\\", place);
      ++i;
    } else if (const auto next = unit_at(raw.text, i + 6);
               *unit >= 0xD800 && *unit < 0xDC00 && next && *next >= 0xDC00 && *next < 0xE000) {
      append(result.value, utf8(0x10000 + (*unit - 0xD800) * 0x400 + (*next - 0xDC00)), place);
      i += 12;
    } else {
      const bool lone = *unit >= 0xD800 && *unit < 0xE000;
      result.lone_surrogate = result.lone_surrogate || lone;
      append(result.value, utf8(lone ? 0xFFFD : *unit), place);
      i += 6;
    }
  }
  return result;
}

Placed fold(const Placed& text) {
  Placed decoded{{}, {text.end()}, text.nesting};
  for (std::size_t i = 0; i < text.text.size();) {
    std::size_t size = 0;
    const bool begins = text.text[i] == '%' || text.text[i] == '&';
    const std::string stands_for = begins ? reference_at(text.text, i, size) : std::string();
    if (stands_for.empty()) size = 1;
    append(decoded, stands_for.empty() ? text.text.substr(i, 1) : stands_for, text.places[i]);
    i += size;
  }
  Placed result{{}, {text.end()}, text.nesting};
  for (std::size_t i = 0; i < decoded.text.size();) {
    std::size_t size = 1;
    const auto c = code_point_at(decoded.text, i, size);
    if (!c) size = 1;
    const std::string bytes = decoded.text.substr(i, size);
    append(result, c ? seen(*c, bytes) : bytes, decoded.places[i]);
    i += size;
  }
  return result;
}

bool is_ascii_digit(char c) { return c >= '0' && c <= '9'; }
bool is_ascii_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
bool is_ascii_word(char c) { return is_ascii_digit(c) || is_ascii_letter(c) || c == '_'; }
bool is_any_word(char c) { return is_ascii_word(c) || static_cast<unsigned char>(c) >= 0x80; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lower(std::string_view text) {
  std::string result;
  for (const char c : text) result += lower(c);
  return result;
}

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

}  // namespace pii::kit::reference
