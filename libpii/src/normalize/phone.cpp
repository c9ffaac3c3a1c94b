#include <array>
#include <cstdint>
#include <cstring>

#include "base/utf8.hpp"
#include "normalize/rules.hpp"
#include "normalize/unicode_properties.hpp"

namespace pii::unicode {
namespace {

constexpr auto kKeptAscii = [] {
  std::array<std::uint8_t, 256> kept{};
  kept['+'] = 1;
  for (std::size_t c = '0'; c <= '9'; ++c) kept[c] = 1;
  return kept;
}();

bool is_kept(char32_t code_point) noexcept {
  return code_point < 0x80 ? kKeptAscii[code_point] != 0 : properties_of(code_point).has(Properties::kDigit);
}

template <class Sink>
void for_each_kept(std::string_view text, Sink sink) {
  std::size_t offset = 0;
  while (offset < text.size()) {
    const auto [code_point, size] = base::decode_valid_utf8(text, offset);
    if (is_kept(code_point)) sink(offset, size);
    offset += size;
  }
}

ErrorCode normalize_any(std::string_view text, ValueNormalizer& writer) {
  if (base::find_invalid_utf8(text) != std::string_view::npos) return ErrorCode::invalid_utf8;
  std::size_t total = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
  for_each_kept(text, [&](std::size_t offset, std::size_t size) {
    if (total == 0) begin = offset;
    total += size;
    end = offset + size;
  });
  if (total == end - begin) {
    writer.show(text.substr(begin, total));
    return ErrorCode::ok;
  }
  char* const out = writer.buffer(total);
  char* next = out;
  for_each_kept(text, [&](std::size_t offset, std::size_t size) {
    std::memcpy(next, text.data() + offset, size);
    next += size;
  });
  writer.show_buffer(out, total);
  return ErrorCode::ok;
}

}  // namespace

ErrorCode normalize_phone(std::string_view value, ValueNormalizer& writer) {
  if (value.size() > ValueNormalizer::kInlineSize) return normalize_any(value, writer);
  // Every byte is written and the next one overwrites it unless it is kept: no branch depends on the digits.
  char* out = writer.buffer(value.size());
  std::size_t total = 0;
  unsigned seen = 0;
  for (const char byte : value) {
    const auto c = static_cast<unsigned char>(byte);
    seen |= c;
    out[total] = byte;
    total += kKeptAscii[c];
  }
  if (seen >= 0x80) {
    writer.clear();
    return normalize_any(value, writer);
  }
  if (total == value.size()) {
    writer.show(value);
  } else {
    writer.show_buffer(out, total);
  }
  return ErrorCode::ok;
}

}  // namespace pii::unicode
