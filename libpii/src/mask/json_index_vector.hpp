#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "mask/json_index.hpp"

#if defined(__x86_64__) && !defined(PII_PORTABLE_ONLY)
#define PII_JSON_INDEX_VECTOR 1
#else
#define PII_JSON_INDEX_VECTOR 0
#endif

#if PII_JSON_INDEX_VECTOR
namespace pii::mask {

/// The inner loops of JsonIndex::build, for 64 bytes at a time.
std::size_t build_index_avx2(std::string_view text, std::uint32_t* out, ByteBits* bits) noexcept;
std::size_t build_index_avx512(std::string_view text, std::uint32_t* out, ByteBits* bits) noexcept;

/// Which bytes of a block are what.
struct BlockClasses {
  std::uint64_t quotes, backslashes, structure, controls;
  std::uint64_t telling;  // by themselves
  std::uint64_t digits, dots, words, spaces, dashes;
  std::uint64_t third, second, last;  // letters before a blank that tells
};

/// What goes over from one block to the next, and how a block is understood by it.
class BlockState {
 public:
  /// The bits of the structural characters; the block's ByteBits go to `bits`.
  [[gnu::always_inline]] inline std::uint64_t add(const BlockClasses& block, std::uint64_t strings, ByteBits& bits) noexcept {
    const std::uint64_t in_string = strings ^ in_string_;  // opening quote included, closing one not
    in_string_ = static_cast<std::uint64_t>(static_cast<std::int64_t>(in_string) >> 63);
    bad_ |= (block.controls & in_string) | (block.backslashes & ~in_string);
    const std::uint64_t words_end = (block.last << 1 | last_) & (block.second << 2 | second_) & (block.third << 3 | third_);
    last_ = block.last >> 63;
    second_ = block.second >> 62;
    third_ = block.third >> 61;
    bits.marks = block.telling | block.digits | block.dots | (block.spaces & words_end) | (block.dashes & (block.dashes << 1 | dash_));
    dash_ = block.dashes >> 63;
    bits.digits = block.digits;
    bits.dots = block.dots;
    bits.words = block.words;
    return in_string;
  }
  /// Those quotes that no backslash escapes.
  [[gnu::always_inline]] inline std::uint64_t unescaped(const BlockClasses& block) noexcept {
    return block.quotes & ~escaped(block.backslashes);
  }
  bool is_json() const noexcept { return bad_ == 0 && in_string_ == 0; }

 private:
  // The bytes that a backslash escapes. `escaped_`: the byte before the block was such a backslash.
  [[gnu::always_inline]] inline std::uint64_t escaped(std::uint64_t backslashes) noexcept {
    if (backslashes == 0) {
      const std::uint64_t first = escaped_;
      escaped_ = 0;
      return first;
    }
    backslashes &= ~escaped_;
    const std::uint64_t follows = backslashes << 1 | escaped_;
    constexpr std::uint64_t kEven = 0x5555555555555555;
    const std::uint64_t odd_starts = backslashes & ~kEven & ~follows;
    unsigned long long even_sequences;
    escaped_ = __builtin_add_overflow(static_cast<unsigned long long>(odd_starts), static_cast<unsigned long long>(backslashes),
                                      &even_sequences)
                   ? 1
                   : 0;
    return (kEven ^ (even_sequences << 1)) & follows;
  }

  std::uint64_t escaped_ = 0, in_string_ = 0, bad_ = 0, last_ = 0, second_ = 0, third_ = 0, dash_ = 0;
};

}  // namespace pii::mask
#endif
