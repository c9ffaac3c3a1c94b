#include "keyset/key_text.hpp"

namespace pii::keyset {
namespace {

// libsodium's decoder is not used: version 1.0.18 takes bytes above 0x7F for characters of the alphabet.

// All ones when first <= c <= last, else 0, without a branch. c is 0 to 255.
int mask_between(int c, int first, int last) noexcept { return ((first - 1 - c) & (c - last - 1)) >> 8; }

// What was seen of a text while it was decoded.
struct Seen {
  int foreign = 0;   // a character of neither alphabet
  int url_safe = 0;  // - or _
  int standard = 0;  // + or /
};

unsigned decode_character(char character, Seen& seen) noexcept {
  const int c = static_cast<unsigned char>(character);
  const int upper = mask_between(c, 'A', 'Z');
  const int lower = mask_between(c, 'a', 'z');
  const int digit = mask_between(c, '0', '9');
  const int minus = mask_between(c, '-', '-');
  const int underscore = mask_between(c, '_', '_');
  const int plus = mask_between(c, '+', '+');
  const int slash = mask_between(c, '/', '/');
  seen.foreign |= ~(upper | lower | digit | minus | underscore | plus | slash);
  seen.url_safe |= minus | underscore;
  seen.standard |= plus | slash;
  const int value = (upper & (c - 'A')) | (lower & (c - 'a' + 26)) | (digit & (c - '0' + 52)) |
                    ((minus | plus) & 62) | ((underscore | slash) & 63);
  return static_cast<unsigned>(value);
}

// Takes right padding off; wrong padding stays and is foreign to the alphabet.
std::string_view without_padding(std::string_view text) noexcept {
  if (text.size() % 4 != 0) return text;
  if (text.ends_with("==")) return text.substr(0, text.size() - 2);
  if (text.ends_with('=')) return text.substr(0, text.size() - 1);
  return text;
}

}  // namespace

std::optional<std::size_t> decode_key_text(std::string_view text, std::span<std::byte> out) noexcept {
  const std::string_view data = without_padding(text);
  const std::size_t size = data.size() / 4 * 3 + data.size() % 4 * 3 / 4;
  if (data.size() % 4 == 1 || size > out.size()) return std::nullopt;

  Seen seen;
  unsigned bits = 0;  // those not written yet are the lowest `count`
  unsigned count = 0;
  std::size_t written = 0;
  for (const char character : data) {
    bits = bits << 6 | decode_character(character, seen);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out[written++] = static_cast<std::byte>(bits >> count);
  }
  const unsigned spare = bits & ((1U << count) - 1);
  const bool canonical = seen.foreign == 0 && (seen.url_safe & seen.standard) == 0 && spare == 0;
  return canonical ? std::optional(size) : std::nullopt;
}

}  // namespace pii::keyset
