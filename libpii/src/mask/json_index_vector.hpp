#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "detect/announcing.hpp"
#include "mask/json_index.hpp"

#if defined(__x86_64__) && !defined(PII_PORTABLE_ONLY)
#define PII_JSON_INDEX_VECTOR 1
#else
#define PII_JSON_INDEX_VECTOR 0
#endif

#if PII_JSON_INDEX_VECTOR
namespace pii::mask {

/// The inner loops of JsonIndex, for 64 bytes at a time.
std::size_t build_index_avx2(std::string_view text, Reader reader, std::uint32_t* out, const BlockBits& bits) noexcept;
TextCounts count_text_popcnt(const BlockBits& bits, std::uint32_t begin, std::uint32_t end) noexcept;
std::size_t build_index_avx512(std::string_view text, Reader reader, std::uint32_t* out, const BlockBits& bits) noexcept;

/// A byte's code, whose bits are planes of the text: one table, and the rest is logic. kBit6 to kBit7 are the byte's own. The others come from
/// a table by the byte without bit 5, so that two share them: a letter's cases, a control character and what stands 32 behind it. What may be
/// part of a word has kWord; kLast to kFifth say where in a word before a secret a letter may stand, from its end, and kOne tells `-` from
/// digits. Of other bytes, without kEight kOne is structure, kTwo `: = % &`, kFour `[ { *`; with it kOne is `" \`, kTwo `. @`, kFour a blank.
enum Plane : unsigned { kOne, kTwo, kFour, kEight, kWord, kBit6, kBit5, kBit7, kPlanes };
inline constexpr unsigned kLast = kOne, kThird = kTwo, kFourth = kFour, kFifth = kEight;

/// By bits 0 to 4 and 6 of a byte.
alignas(64) inline constexpr auto kCodes = [] {
  std::array<std::uint8_t, 64> codes{};
  const auto add = [&](std::string_view characters, std::initializer_list<unsigned> planes) {
    for (const char c : characters) {
      const auto byte = static_cast<unsigned char>(c);
      std::uint8_t& code = codes[(byte & 0x1FU) | (byte & 0x40U) >> 1];
      for (const unsigned plane : planes) code = static_cast<std::uint8_t>(code | 1U << plane);
    }
  };
  add("abcdefghijklmnopqrstuvwxyz_0123456789-", {kWord});
  add(detect::kAnnouncingLast, {kLast});
  add(detect::kAnnouncingThird, {kThird});
  add(detect::kAnnouncingFourth, {kFourth});
  add(detect::kAnnouncingFifth, {kFifth});
  add("-,:{}", {kOne});
  add(":=%&", {kTwo});
  add("{*", {kFour});
  add("\"\\", {kEight, kOne});
  add(".@", {kEight, kTwo});
  add(" ", {kEight, kFour});
  return codes;
}();

/// Which bytes of a block are what.
struct BlockClasses {
  std::uint64_t quotes, backslashes, structure, controls;
  std::uint64_t telling;  // by themselves, `@` left out but for ecsctx
  std::uint64_t digits, dots, words, dashes;
  std::uint64_t opening;                     // a blank, `{` and `[`
  std::uint64_t fifth, fourth, third, last;  // letters of the ends of words before a secret
  std::uint64_t ats, marks;                  // `@`; `[` and `*`
};

/// Which bytes a backslash escapes, from block to block.
class Escapes {
 public:
  /// Whether the next block's first byte is one.
  bool any() const noexcept { return first_ != 0; }
  [[gnu::always_inline]] inline std::uint64_t of(std::uint64_t backslashes) noexcept {
    if (backslashes == 0) {
      const std::uint64_t first = first_;
      first_ = 0;
      return first;
    }
    backslashes &= ~first_;
    const std::uint64_t follows = backslashes << 1 | first_;
    constexpr std::uint64_t kEven = 0x5555555555555555;
    const std::uint64_t odd_starts = backslashes & ~kEven & ~follows;
    unsigned long long even_sequences;
    first_ = __builtin_add_overflow(static_cast<unsigned long long>(odd_starts), static_cast<unsigned long long>(backslashes),
                                    &even_sequences)
                 ? 1
                 : 0;
    return (kEven ^ (even_sequences << 1)) & follows;
  }

 private:
  std::uint64_t first_ = 0;
};

/// What goes over from one block to the next, and how a block is understood by it.
class BlockState {
 public:
  /// Which bytes lie in strings, the opening quote included, the closing one not; the bits of block `at` go to `bits`. `quotes`: those
  /// that no backslash escapes, `strings`: their parity.
  template <Reader reader>
  [[gnu::always_inline]] inline std::uint64_t add(const BlockClasses& block, std::uint64_t quotes, std::uint64_t strings, const BlockBits& bits, std::size_t at) noexcept {
    const std::uint64_t in_string = strings ^ in_string_;
    in_string_ = static_cast<std::uint64_t>(static_cast<std::int64_t>(in_string) >> 63);
    bad_ |= (block.controls & in_string) | (block.backslashes & ~in_string);
    std::uint64_t telling = block.telling, more = 0;
    if constexpr (reader == Reader::detectors) {
      telling |= told_by_more(block, quotes & in_string);
      more = behind_strings_with(telling | block.marks, in_string, more_);
      telling |= block.ats;
    }
    bits.telling[at] = behind_strings_with(telling, in_string, telling_);
    bits.counted[at] = behind_strings_with(block.digits | block.dots, in_string, counted_);
    bits.digits[at] = block.digits | more;
    bits.dots[at] = block.dots;
    return in_string;
  }
  /// Those quotes that no backslash escapes.
  [[gnu::always_inline]] inline std::uint64_t unescaped(const BlockClasses& block) noexcept {
    return block.quotes & ~escapes_.of(block.backslashes);
  }
  bool is_json() const noexcept { return bad_ == 0 && in_string_ == 0; }

 private:
  // The bits `by` places on; `before` has those of the block before.
  template <int by>
  [[gnu::always_inline]] static std::uint64_t moved(std::uint64_t bits, std::uint64_t& before) noexcept {
    const std::uint64_t result = bits << by | before >> (64 - by);
    before = bits;
    return result;
  }
  // What tells by more than one byte.
  [[gnu::always_inline]] inline std::uint64_t told_by_more(const BlockClasses& block, std::uint64_t opening_quotes) noexcept {
    const std::uint64_t two = block.words & moved<1>(block.words, word_);
    std::uint64_t end = block.fourth & moved<1>(block.fifth, fifth_);
    end = block.third & moved<1>(end, fourth_);
    end = block.last & two & moved<2>(end, third_);
    const std::uint64_t four = two & moved<2>(two, two_);
    const std::uint64_t eight = four & moved<4>(four, four_);
    return (block.opening & moved<1>(end | opening_quotes, last_)) | (block.dashes & moved<1>(block.dashes, dash_)) |
           (eight & moved<8>(eight, eight_));
  }
  // A bit behind each string that has one of `marks`: added to the string's own bits, the lowest of them carries over all that are
  // above it. `carry`: for a string that goes on in the next block.
  [[gnu::always_inline]] static std::uint64_t behind_strings_with(std::uint64_t marks, std::uint64_t strings, bool& carry) noexcept {
    unsigned long long sum = 0;
    const bool over = __builtin_add_overflow(strings, marks & strings, &sum);
    carry = __builtin_add_overflow(sum, static_cast<unsigned long long>(carry), &sum) || over;
    return sum & ~strings;
  }

  Escapes escapes_;
  std::uint64_t in_string_ = 0, bad_ = 0;
  std::uint64_t fifth_ = 0, fourth_ = 0, third_ = 0, last_ = 0, dash_ = 0, word_ = 0, two_ = 0, four_ = 0, eight_ = 0;  // of the block before
  bool telling_ = false, counted_ = false, more_ = false;
};

}  // namespace pii::mask
#endif
