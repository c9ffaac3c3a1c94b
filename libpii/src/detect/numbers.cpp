#include "detect/numbers.hpp"

#include <algorithm>
#include <cstring>

#include "detect/characters.hpp"

namespace pii::detect {
namespace {

// Whether any of eight bytes may be a digit: its high half is 3.
bool may_hold_digit(const char* at) noexcept {
  std::uint64_t word;
  std::memcpy(&word, at, sizeof word);
  const std::uint64_t other = (word & 0xF0F0F0F0F0F0F0F0U) ^ 0x3030303030303030U;
  return ((other - 0x0101010101010101U) & ~other & 0x8080808080808080U) != 0;
}

}  // namespace

void Numbers::clear() noexcept {
  runs_.clear();
  sizes_ = 0;
  chain_ = longest_chain_ = 0;
}

void Numbers::build(std::string_view text) {
  clear();
  const char* data = text.data();
  for (std::size_t i = 0; i < text.size();) {
    while (i + 8 <= text.size() && !may_hold_digit(data + i)) i += 8;
    const std::size_t stop = std::min(i + 8, text.size());
    while (i < stop && !is_digit(data[i])) ++i;
    if (i == stop) continue;
    const std::size_t begin = i;
    while (i < text.size() && is_digit(data[i])) ++i;
    add(begin, i);
  }
}

void Numbers::add(std::size_t begin, std::size_t end) {
  constexpr std::size_t kWidestGap = 8;  // ") (" with a dash of Unicode is 6
  if (!runs_.empty() && begin - runs_.back().end > kWidestGap) chain_ = 0;
  chain_ += end - begin;
  longest_chain_ = std::max(longest_chain_, chain_);
  sizes_ |= std::uint32_t{1} << std::min<std::size_t>(end - begin, 31);
  runs_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)});
}

}  // namespace pii::detect
