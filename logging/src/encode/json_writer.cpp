#include "encode/json_writer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

namespace pii::log {

namespace {

// 0: as it is; 1: needs a look.
constexpr auto kSpecial = [] {
  std::array<bool, 256> table{};
  for (std::size_t c = 0; c < 256; ++c) table[c] = c < 0x20 || c == '"' || c == '\\' || c >= 0x7F;
  return table;
}();

// Size of the UTF-8 sequence at `at`, or 0 where there is none (RFC 3629).
std::size_t sequence(const char* at, const char* end) noexcept {
  const auto byte = [&](int i) { return static_cast<unsigned char>(at[i]); };
  const auto tail = [&](int i, unsigned low = 0x80, unsigned high = 0xBF) { return byte(i) >= low && byte(i) <= high; };
  const auto left = end - at;
  const unsigned lead = byte(0);
  if (lead >= 0xC2 && lead <= 0xDF) return left >= 2 && tail(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const unsigned low = lead == 0xE0 ? 0xA0 : 0x80;
    const unsigned high = lead == 0xED ? 0x9F : 0xBF;
    return left >= 3 && tail(1, low, high) && tail(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const unsigned low = lead == 0xF0 ? 0x90 : 0x80;
    const unsigned high = lead == 0xF4 ? 0x8F : 0xBF;
    return left >= 4 && tail(1, low, high) && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}

char* grow(std::size_t bytes, std::string& out) {
  const std::size_t size = out.size();
  out.resize(size + bytes);
  return out.data() + size;
}

void escape(unsigned char c, std::string& out) {
  constexpr std::string_view kFrom = "\"\\\b\f\n\r\t";
  constexpr std::string_view kTo = "\"\\bfnrt";
  constexpr char kHex[] = "0123456789abcdef";
  if (const std::size_t i = kFrom.find(static_cast<char>(c)); i != std::string_view::npos) {
    out.append(1, '\\').append(1, kTo[i]);
  } else {
    out.append("\\u00").append(1, kHex[c >> 4]).append(1, kHex[c & 15]);
  }
}

template <class Number>
void write_number(Number number, std::string& out) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, number).ptr;
  out.append(text, end);
}

void append_real(double number, std::string& out) {
  if (!std::isfinite(number)) {
    out += "null";
    return;
  }
  char text[32];
  out.append(text, write_real(number, text));
}

void write_tree(const Value& value, SensitiveWriter* sensitive, std::string& out) {
  if (const Object* const object = value.object()) {
    char before = '{';
    for (const auto& [name, member] : object->members()) {
      out += before;
      write_string(name, out);
      out += ':';
      write_value(member, sensitive, out);
      before = ',';
    }
    out += before == '{' ? "{}" : "}";
  } else if (const auto* const array = std::get_if<Array>(&value.data())) {
    char before = '[';
    for (const Value& item : *array) {
      out += before;
      write_value(item, sensitive, out);
      before = ',';
    }
    out += before == '[' ? "[]" : "]";
  }
}

}  // namespace

bool needs_no_escape(std::string_view text) noexcept {
  // Eight at a time: each term sets the high bit of a byte that is special, or of one behind such a byte.
  constexpr std::uint64_t kOnes = 0x0101010101010101, kHigh = 0x80 * kOnes;
  const auto special_of = [](const char* at) {
    std::uint64_t eight;
    std::memcpy(&eight, at, sizeof eight);
    return eight | (eight + kOnes) | (eight - 0x20 * kOnes) | ((eight ^ '"' * kOnes) - kOnes) | ((eight ^ '\\' * kOnes) - kOnes);
  };
  const std::size_t size = text.size();
  if (size < 8) return std::none_of(text.begin(), text.end(), [](char c) { return kSpecial[static_cast<unsigned char>(c)]; });
  std::uint64_t special = special_of(text.data() + size - 8);
  for (std::size_t i = 0; i + 8 < size; i += 8) special |= special_of(text.data() + i);
  return (special & kHigh) == 0;
}

namespace {

// What has three decimals at most, as measures and amounts do: a quarter of the price of the shortest text of any double. The quotient
// is rounded as reading the text is, and so few digits name no other double. Null for all others.
char* write_few_decimals(double number, char* out) noexcept {
  const double size = std::fabs(number);
  if (!(size < 100'000) || (number == 0 && std::signbit(number))) return nullptr;
  const auto thousandths = static_cast<std::uint32_t>(size * 1000 + 0.5);
  if (static_cast<double>(thousandths) / 1000 != size) return nullptr;
  if (number < 0) *out++ = '-';
  const std::uint32_t whole = thousandths / 1000, fraction = thousandths % 1000;
  if (whole < 10) {
    *out++ = static_cast<char>('0' + whole);
  } else {
    out = std::to_chars(out, out + 8, whole).ptr;
  }
  *out++ = '.';
  *out++ = static_cast<char>('0' + fraction / 100);
  if (fraction % 100 != 0) *out++ = static_cast<char>('0' + fraction / 10 % 10);
  if (fraction % 10 != 0) *out++ = static_cast<char>('0' + fraction % 10);
  return out;
}

}  // namespace

char* write_real(double number, char* out) noexcept {
  if (char* const end = write_few_decimals(number, out)) return end;
  char* end = std::to_chars(out, out + 32, number).ptr;
  // `1` would be mapped as an integer by whoever sees it first.
  if (std::string_view(out, static_cast<std::size_t>(end - out)).find_first_of(".e") == std::string_view::npos) {
    *end++ = '.';
    *end++ = '0';
  }
  return end;
}

void write_string(std::string_view text, std::string& out) {
  if (needs_no_escape(text)) {
    // Most texts: one growth, one copy.
    char* at = grow(text.size() + 2, out);
    *at++ = '"';
    at = std::copy(text.begin(), text.end(), at);
    *at = '"';
    return;
  }
  out += '"';
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    const char* const start = at;
    while (at != end && !kSpecial[static_cast<unsigned char>(*at)]) ++at;
    out.append(start, at);
    if (at == end) break;
    const auto c = static_cast<unsigned char>(*at);
    if (c < 0x80) {
      escape(c, out);
      ++at;
    } else if (const std::size_t size = sequence(at, end)) {
      out.append(at, size);
      at += size;
    } else {
      out += "\xEF\xBF\xBD";
      ++at;
    }
  }
  out += '"';
}

void write_name(std::string_view name, bool comma, std::string& out) {
  if (!needs_no_escape(name)) {
    if (comma) out += ',';
    write_string(name, out);
    out += ':';
    return;
  }
  char* at = grow(name.size() + 3 + (comma ? 1 : 0), out);
  if (comma) *at++ = ',';
  *at++ = '"';
  at = std::copy(name.begin(), name.end(), at);
  *at++ = '"';
  *at = ':';
}

void write_value(const ValueRef& value, SensitiveWriter* sensitive, std::string& out) {
  using Kind = ValueRef::Kind;
  switch (value.kind) {
    case Kind::null: out += "null"; break;
    case Kind::boolean: out += value.boolean ? "true" : "false"; break;
    case Kind::integer: write_number(value.integer, out); break;
    case Kind::unsigned_integer: write_number(value.unsigned_integer, out); break;
    case Kind::real: append_real(value.real, out); break;
    case Kind::number_text: out += value.text; break;
    case Kind::text: write_string(value.text, out); break;
    case Kind::secret: write_string(kRedacted, out); break;
    case Kind::sensitive:
      if (sensitive == nullptr) {
        write_string(kRedacted, out);
      } else {
        std::string token;
        sensitive->write(value.field_type, value.text, token);
        write_string(token, out);
      }
      break;
    case Kind::fields: {
      char before = '{';
      for (const Field& field : value.fields) {
        out += before;
        write_string(field.key, out);
        out += ':';
        write_value(field.value, sensitive, out);
        before = ',';
      }
      out += before == '{' ? "{}" : "}";
      break;
    }
    case Kind::items: {
      char before = '[';
      for (const ValueRef& item : value.items) {
        out += before;
        write_value(item, sensitive, out);
        before = ',';
      }
      out += before == '[' ? "[]" : "]";
      break;
    }
    case Kind::tree: write_tree(*value.tree, sensitive, out); break;
    case Kind::local: out += "null"; break;
  }
}

}  // namespace pii::log
