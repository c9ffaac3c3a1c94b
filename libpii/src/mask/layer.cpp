#include "mask/layer.hpp"


#include "base/utf8.hpp"
#include "mask/hex_digit.hpp"
#include "normalize/unicode_properties.hpp"

namespace pii::mask {
namespace {

/// Collects bytes and the places they come from. Decoding never makes a text longer.
class LayerWriter {
 public:
  LayerWriter(const Layer& source, Arena& arena)
      : source_(source), text_(arena.make<char>(source.text.size() + 4)),
        places_(arena.make<std::uint32_t>(source.text.size() + 5)) {}

  void add(char byte, std::size_t from) noexcept {
    text_[size_] = byte;
    places_[size_++] = source_.place(from);
  }
  void add_code_point(char32_t code_point, std::size_t from) noexcept {
    char bytes[4];
    const std::size_t size = base::encode_utf8(code_point, bytes);
    for (std::size_t i = 0; i < size; ++i) add(bytes[i], from);
  }
  Layer finish(std::uint8_t escapes) const noexcept {
    places_[size_] = source_.place(source_.text.size());
    return {{text_, size_}, places_, 0, escapes};
  }

 private:
  const Layer& source_;
  char* text_;
  std::uint32_t* places_;
  std::size_t size_ = 0;
};

// The four hex digits at text[offset], or -1.
std::int32_t unit_at(std::string_view text, std::size_t offset) noexcept {
  if (text.size() < offset + 4) return -1;
  std::int32_t unit = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const int digit = hex_digit(text[offset + i]);
    if (digit < 0) return -1;
    unit = unit << 4 | digit;
  }
  return unit;
}

constexpr bool is_high_surrogate(std::int32_t unit) noexcept { return unit >= 0xD800 && unit < 0xDC00; }
constexpr bool is_low_surrogate(std::int32_t unit) noexcept { return unit >= 0xDC00 && unit < 0xE000; }

constexpr char32_t kLoneSurrogate = 0xD800;

// Decodes `\u…` at text[offset]; returns its size, or 0 where it is none.
std::size_t decode_unicode_escape(std::string_view text, std::size_t offset, char32_t& code_point) noexcept {
  const std::int32_t unit = unit_at(text, offset + 2);
  if (unit < 0) return 0;
  code_point = static_cast<char32_t>(unit);
  if (is_high_surrogate(unit) && text.substr(offset + 6, 2) == "\\u") {
    const std::int32_t low = unit_at(text, offset + 8);
    if (is_low_surrogate(low)) {
      code_point = 0x10000 + (static_cast<char32_t>(unit - 0xD800) << 10) + static_cast<char32_t>(low - 0xDC00);
      return 12;
    }
  }
  if (is_high_surrogate(unit) || is_low_surrogate(unit)) code_point = kLoneSurrogate;
  return 6;
}

char simple_escape(char letter) noexcept {
  switch (letter) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case '"': case '\\': case '/': return letter;
    default: return '\0';
  }
}

// Size of `%XX` or `&#NN;` at text[offset] and the character it stands for, or 0.
std::size_t decode_reference(std::string_view text, std::size_t offset, char32_t& code_point) noexcept {
  if (text[offset] == '%') {
    if (text.size() < offset + 3) return 0;
    const int high = hex_digit(text[offset + 1]), low = hex_digit(text[offset + 2]);
    if (high < 0 || low < 0) return 0;
    code_point = static_cast<char32_t>(high << 4 | low);
    return 3;
  }
  if (text.substr(offset, 2) != "&#") return 0;
  std::size_t at = offset + 2;
  const bool hex = at < text.size() && (text[at] | 0x20) == 'x';
  if (hex) ++at;
  const std::size_t first = at;
  code_point = 0;
  for (; at < text.size() && at < first + 7; ++at) {
    const int digit = hex_digit(text[at]);
    if (digit < 0 || (!hex && digit > 9)) break;
    code_point = code_point * (hex ? 16 : 10) + static_cast<char32_t>(digit);
  }
  if (at == first || at == text.size() || text[at] != ';' || code_point == 0 || code_point > 0x10FFFF ||
      (code_point >= 0xD800 && code_point < 0xE000)) {
    return 0;
  }
  return at + 1 - offset;
}

bool is_zero_width(char32_t c) noexcept {
  return (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x2064) ||
         (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF || c == 0x00AD || c == 0x180E || c == 0x034F || c == 0x061C ||
         (c >= 0xFE00 && c <= 0xFE0F);
}

bool is_dash(char32_t c) noexcept { return (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xFE63; }

// Decimal digits come in runs of ten that begin at a multiple of 16, or 6 above one; the mathematical ones follow each
// other without a gap (Unicode 14, DerivedNumericType).
char32_t digit_value(char32_t c) noexcept {
  constexpr char32_t kMathematical = 0x1D7CE;
  if (c >= kMathematical && c < kMathematical + 50) return (c - kMathematical) % 10;
  const bool from_zero = unicode::properties_of(c & ~char32_t{15}).has(unicode::Properties::kDigit);
  return from_zero ? c & 15 : (c & 15) - 6;
}

// What the detectors see in place of a code point beyond ASCII: itself, an ASCII character, or 0 for nothing.
char32_t folded(char32_t c) noexcept {
  if (c >= 0xFF01 && c <= 0xFF5E) return c - 0xFEE0;  // full-width forms, digits among them
  if (is_zero_width(c)) return 0;
  if (is_dash(c)) return '-';
  const unicode::Properties& properties = unicode::properties_of(c);
  if (properties.has(unicode::Properties::kSpace)) return ' ';
  if (properties.has(unicode::Properties::kDigit)) return static_cast<char32_t>('0' + digit_value(c));
  return c;
}

// References first, since what they stand for may be of any script.
Layer decode_references(const Layer& source, Arena& arena) {
  const std::string_view text = source.text;
  if (text.find('%') == std::string_view::npos && text.find('&') == std::string_view::npos) return source;
  LayerWriter writer(source, arena);
  bool changed = false;
  for (std::size_t i = 0; i < text.size();) {
    char32_t code_point = 0;
    const std::size_t size = text[i] == '%' || text[i] == '&' ? decode_reference(text, i, code_point) : 0;
    if (size == 0) {
      writer.add(text[i], i);
      ++i;
      continue;
    }
    if (text[i] == '%') {
      writer.add(static_cast<char>(code_point), i);  // a byte of UTF-8
    } else {
      writer.add_code_point(code_point, i);
    }
    changed = true;
    i += size;
  }
  return changed ? writer.finish(source.escapes) : source;
}

}  // namespace

Layer unescape_json(const Layer& raw, Arena& arena, EscapeFaults& faults) {
  const std::string_view text = raw.text;
  const auto escapes = static_cast<std::uint8_t>(raw.escapes + 1);
  if (text.find('\\') == std::string_view::npos) {
    Layer same = raw;
    same.escapes = escapes;
    return same;
  }
  LayerWriter writer(raw, arena);
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      writer.add(text[i], i);
      ++i;
      continue;
    }
    char32_t code_point = 0;
    if (text[i + 1] == 'u') {
      const std::size_t size = decode_unicode_escape(text, i, code_point);
      if (size != 0) {
        faults.lone_surrogate |= code_point == kLoneSurrogate;
        writer.add_code_point(code_point == kLoneSurrogate ? 0xFFFD : code_point, i);
        i += size;
        continue;
      }
    } else if (const char simple = simple_escape(text[i + 1]); simple != '\0') {
      writer.add(simple, i);
      i += 2;
      continue;
    }
    faults.bad_escape = true;
    writer.add(text[i], i);
    ++i;
  }
  return writer.finish(escapes);
}

Layer fold(const Layer& source, Arena& arena) {
  const Layer decoded = decode_references(source, arena);
  const std::string_view text = decoded.text;
  if (base::is_ascii(text)) return decoded;
  LayerWriter writer(decoded, arena);
  for (std::size_t i = 0; i < text.size();) {
    if (static_cast<unsigned char>(text[i]) < 0x80) {
      writer.add(text[i], i);
      ++i;
      continue;
    }
    const base::Decoded code_point = base::decode_utf8(text, i);
    if (code_point.code_point == base::kInvalidCodePoint) {
      writer.add(text[i], i);
    } else if (const char32_t seen = folded(code_point.code_point); seen == code_point.code_point) {
      for (std::size_t k = 0; k < code_point.size; ++k) writer.add(text[i + k], i);
    } else if (seen != 0) {
      writer.add(static_cast<char>(seen), i);
    }
    i += code_point.size;
  }
  return writer.finish(decoded.escapes);
}

}  // namespace pii::mask
