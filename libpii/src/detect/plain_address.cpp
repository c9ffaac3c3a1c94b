#include "detect/plain_address.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>

#include "detect/byte_kinds.hpp"
#include "detect/characters.hpp"

namespace pii::detect {
namespace {

constexpr std::size_t kWidth = 32;  // bytes looked at on either side

// What most local parts are written in.
constexpr auto kLocals = [](base::Chunk x) { return kJoined(x) | kDots(x) | (x == '+'); };

// Where the local part begins that ends at `at`, or `at`.
std::size_t local_begin(const Scan& scan, std::size_t at) noexcept {
  const std::string_view text = scan.text();
  const std::size_t from = at < kWidth ? 0 : at - kWidth;
  const std::size_t free = std::min(kWidth, at - scan.begin());
  if (free == 0) return at;
  // The byte before the '@' has the highest bit.
  const std::size_t shift = kWidth - (at - from);
  const auto size = static_cast<std::size_t>(std::countl_one(bits_of_32(text, from, kLocals) << shift));
  std::size_t begin = at - size;
  if (size >= free) {
    if (free == kWidth || scan.begin() != 0) return at;
    begin = 0;
  } else if (is_class(text[begin - 1], kLocal | kHigh)) {
    return at;
  }
  if (begin == at || !is_alnum(text[begin])) return at;
  const std::uint32_t dots = bits_of_32(text, from, kDots) << shift >> (kWidth - (at - begin));
  return (dots & dots >> 1 & dots >> 2) != 0 ? at : begin;
}

}  // namespace

bool read_plain_address(const Scan& scan, std::size_t at, Address& address) noexcept {
  const std::string_view text = scan.text();
  if (text.size() < base::kChunkSize) return false;
  address.begin = local_begin(scan, at);
  if (address.begin == at) return false;

  const std::size_t begin = at + 1;
  const std::size_t free = scan.end() - begin;
  const std::size_t from = std::min(begin, text.size() < kWidth ? 0 : text.size() - kWidth);
  if (free == 0) return false;  // a shift by all bits
  const auto bits = [&](auto kind) { return bits_of_32(text, from, kind) >> (begin - from); };
  const std::uint32_t letters = bits(kSmallLetters), digits = bits(kDigits), dots = bits(kDots), dashes = bits(kDashes);
  auto size = static_cast<std::size_t>(std::countr_one(letters | digits | dots | dashes));
  if (size >= free) {
    if (scan.end() != text.size()) return false;
    size = free;
  } else if (is_word(text[begin + size]) || is_class(text[begin + size], kHigh)) {
    return false;
  }
  if (size >= kWidth || size == 0) return false;
  if ((dots >> (size - 1) & 1) != 0) --size;  // a sentence's
  const std::uint32_t all = (std::uint32_t{1} << size) - 1, joints = dots & all;
  const std::uint32_t label_begins = joints << 1 | 1;
  if (joints == 0 || (label_begins & ~(letters | digits)) != 0) return false;
  const auto last = static_cast<std::size_t>(std::bit_width(joints));
  address.end = begin + size;
  address.top_level = {text.data() + begin + last, size - last};
  return (all & ~letters) >> last == 0 && address.top_level.size() >= 2 && address.top_level != "xn";
}

}  // namespace pii::detect
