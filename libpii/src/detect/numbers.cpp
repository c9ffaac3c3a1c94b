#include "detect/numbers.hpp"

#include <algorithm>
#include <bit>

#include "detect/byte_kinds.hpp"
#include "detect/characters.hpp"

namespace pii::detect {

inline void Numbers::add(std::string_view text, std::size_t begin, std::size_t end) noexcept {
  constexpr std::size_t kWidestGap = 8;  // ") (" with a dash of Unicode is 6
  const std::size_t size = end - begin;
  if (count_ > 0) {
    const std::size_t gap = begin - runs_[count_ - 1].end;
    if (gap > kWidestGap) chain_ = 0;
    grouped_ = grouped_ || gap == 1;
  }
  chain_ += size;
  longest_chain_ = std::max(longest_chain_, chain_);
  sizes_ |= std::uint32_t{1} << std::min<std::size_t>(size, 31);
  if (size >= 2 && text[begin] == '0' && text[begin + 1] == '0') international_ = true;
  if (begin > 0) {
    const char last = text[begin - 1];
    if (last == '+' || last == '(') international_ = true;
    if (last == ';') behind_semicolon_ = true;
    if (is_letter(last) && begin > 1 && is_letter(text[begin - 2])) behind_letters_ = true;
  }
  runs_[count_++] = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
}

void Numbers::build(std::string_view text, const Spans& spans) {
  clear();
  if (capacity_ < text.size() / 2 + 1) {
    const std::size_t capacity = text.size() + 64;
    runs_ = std::make_unique_for_overwrite<Number[]>(capacity);
    capacity_ = capacity;  // last: the allocation may throw
  }
  std::size_t from = 0;
  for (const Span& span : spans) {
    if (span.begin > from) build_window(text.substr(0, span.begin), from);
    from = span.end;
  }
  if (from < text.size()) build_window(text, from);
}

// Of what stands from `from` on.
void Numbers::build_window(std::string_view text, std::size_t from) {
  std::uint64_t before = 0;
  std::size_t begin = 0;
  for (std::size_t base = from; base < text.size(); base += 64) {
    const std::uint64_t bits = bits_of_64(text, base, kDigits);
    // Where runs begin and where they have ended, by turns.
    bool inside = before != 0;
    for (std::uint64_t edges = bits ^ (bits << 1 | before); edges != 0; edges &= edges - 1) {
      const std::size_t at = base + static_cast<std::size_t>(std::countr_zero(edges));
      if (inside) {
        add(text, begin, at);
      } else {
        begin = at;
      }
      inside = !inside;
    }
    before = bits >> 63;
  }
  // One that ends with the text: the last block's rest is no digit unless it is full.
  if (before != 0) add(text, begin, text.size());
}

}  // namespace pii::detect
