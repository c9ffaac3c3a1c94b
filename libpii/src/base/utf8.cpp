#include "base/utf8.hpp"

#include "base/chunk.hpp"

namespace pii::base {
namespace {

constexpr std::uint64_t kHighBits = 0x8080808080808080;

// What the second byte may be narrows after some leads: that is where overlongs, surrogates and code points
// past U+10FFFF are shut out (Unicode 14, table 3-7).
struct Lead {
  std::uint8_t size;  // 0: no lead byte
  std::uint8_t second_min;
  std::uint8_t second_max;
};

constexpr Lead classify_lead(unsigned char byte) noexcept {
  if (byte < 0xC2) return {0, 0, 0};
  if (byte < 0xE0) return {2, 0x80, 0xBF};
  if (byte == 0xE0) return {3, 0xA0, 0xBF};
  if (byte == 0xED) return {3, 0x80, 0x9F};
  if (byte < 0xF0) return {3, 0x80, 0xBF};
  if (byte == 0xF0) return {4, 0x90, 0xBF};
  if (byte < 0xF4) return {4, 0x80, 0xBF};
  if (byte == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

bool is_continuation(char byte) noexcept { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

// Size of the well-formed sequence at text[offset], or 0.
std::size_t sequence_size(std::string_view text, std::size_t offset) noexcept {
  const auto first = static_cast<unsigned char>(text[offset]);
  if (first < 0x80) return 1;
  const Lead lead = classify_lead(first);
  if (lead.size == 0 || text.size() - offset < lead.size) return 0;
  const auto second = static_cast<unsigned char>(text[offset + 1]);
  if (second < lead.second_min || second > lead.second_max) return 0;
  for (std::size_t i = 2; i < lead.size; ++i) {
    if (!is_continuation(text[offset + i])) return 0;
  }
  return lead.size;
}

}  // namespace

Decoded decode_utf8(std::string_view text, std::size_t offset) noexcept {
  if (sequence_size(text, offset) == 0) return {kInvalidCodePoint, 1};
  return decode_valid_utf8(text, offset);
}

std::size_t encode_utf8(char32_t code_point, char* out) noexcept {
  if (code_point < 0x80) {
    out[0] = static_cast<char>(code_point);
    return 1;
  }
  if (code_point < 0x800) {
    out[0] = static_cast<char>(0xC0 | code_point >> 6);
    out[1] = static_cast<char>(0x80 | (code_point & 0x3F));
    return 2;
  }
  if (code_point < 0x10000) {
    out[0] = static_cast<char>(0xE0 | code_point >> 12);
    out[1] = static_cast<char>(0x80 | (code_point >> 6 & 0x3F));
    out[2] = static_cast<char>(0x80 | (code_point & 0x3F));
    return 3;
  }
  out[0] = static_cast<char>(0xF0 | code_point >> 18);
  out[1] = static_cast<char>(0x80 | (code_point >> 12 & 0x3F));
  out[2] = static_cast<char>(0x80 | (code_point >> 6 & 0x3F));
  out[3] = static_cast<char>(0x80 | (code_point & 0x3F));
  return 4;
}

bool is_ascii(std::string_view text) noexcept {
  Chunk seen{};
  for_each_chunk(text.size(), [&](std::size_t offset, std::size_t size) {
    seen |= load_chunk(text.data() + offset, size);
  });
  return !has_high_bit(seen);
}

std::size_t find_invalid_utf8(std::string_view text) noexcept {
  std::size_t offset = 0;
  while (offset < text.size()) {
    if (text.size() - offset >= 8 && (load<std::uint64_t>(text.data() + offset) & kHighBits) == 0) {
      offset += 8;
      continue;
    }
    const std::size_t size = sequence_size(text, offset);
    if (size == 0) return offset;
    offset += size;
  }
  return std::string_view::npos;
}

}  // namespace pii::base
