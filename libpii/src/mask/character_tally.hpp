#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "mask/text.hpp"

namespace pii::mask {

/// How many characters of each kind a stretch of a text has. Asked about stretches that begin and end ever further right it looks at
/// each character twice, however much of them they share.
class CharacterTally {
 public:
  /// Of stretches no longer than this.
  static constexpr std::size_t kLongest = 512;

  class Counts {
   public:
    std::size_t digits() const noexcept { return of(kDigit); }
    std::size_t capitals() const noexcept { return of(kCapital); }
    std::size_t small_letters() const noexcept { return of(kSmall); }
    std::size_t dots() const noexcept { return of(kDot); }
    std::size_t at_signs() const noexcept { return of(kAt); }
    /// Neither letter nor digit nor `.`, `:`, `-`, `_`.
    std::size_t symbols() const noexcept { return of(kSymbol) + at_signs(); }

   private:
    friend class CharacterTally;
    std::size_t of(unsigned shift) const noexcept { return sums >> shift & 0x3FF; }
    std::uint64_t sums = 0;
  };

  /// The text is another one.
  void begin(std::string_view text) noexcept {
    text_ = text;
    begin_ = end_ = 0;
    counts_.sums = 0;
  }
  const Counts& of(std::size_t begin, std::size_t end) noexcept {
    if (begin < begin_ || begin > end_ || end < end_) {
      begin_ = end_ = begin;
      counts_.sums = 0;
    }
    // Before what joins: a sum has ten bits.
    for (; begin_ < begin; ++begin_) counts_.sums -= kUnits[static_cast<unsigned char>(text_[begin_])];
    for (; end_ < end; ++end_) counts_.sums += kUnits[static_cast<unsigned char>(text_[end_])];
    return counts_;
  }

 private:
  static constexpr unsigned kDigit = 0, kCapital = 10, kSmall = 20, kDot = 30, kAt = 40, kSymbol = 50;
  static constexpr auto kUnits = [] {
    std::array<std::uint64_t, 256> units{};
    for (std::size_t i = 0; i < units.size(); ++i) {
      const char c = static_cast<char>(i);
      const bool joins = c == ':' || c == '-' || c == '_';
      const unsigned shift = is_digit(c)    ? kDigit
                             : is_letter(c) ? (c == to_lower(c) ? kSmall : kCapital)
                             : c == '.'     ? kDot
                             : c == '@'     ? kAt
                                            : kSymbol;
      if (!joins) units[i] = std::uint64_t{1} << shift;
    }
    return units;
  }();

  std::string_view text_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  Counts counts_;
};

}  // namespace pii::mask
