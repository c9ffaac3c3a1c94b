#include "display_text.hpp"

#include <algorithm>

#include "stream/json_text.hpp"

namespace piictl {
namespace {

char32_t decode(std::string_view sequence) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(sequence[i]); };
  if (sequence.size() == 1) return byte(0);
  char32_t code = byte(0) & (0xFFU >> (sequence.size() + 1));
  for (std::size_t i = 1; i < sequence.size(); ++i) code = code << 6 | (byte(i) & 0x3FU);
  return code;
}

bool is_control(char32_t c) noexcept {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 || c >= 0xE0000;
}

// Marks of direction, joiners, and what else takes no place of its own.
bool is_invisible(char32_t c) noexcept {
  return c == 0xAD || c == 0x61C || c == 0x180E || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
         (c >= 0xFFF9 && c <= 0xFFFB);
}

}  // namespace

std::string display_text(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    const std::size_t size = static_cast<unsigned char>(*at) < 0x80 ? 1 : stream::utf8_sequence(at, end);
    const std::string_view sequence(at, std::max<std::size_t>(size, 1));
    at += sequence.size();
    const char32_t code = size == 0 ? U'\0' : decode(sequence);
    if (is_control(code)) {
      shown += '?';
    } else if (!is_invisible(code)) {
      shown += sequence;
    }
  }
  return shown;
}

std::size_t display_width(std::string_view text) noexcept {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace piictl
