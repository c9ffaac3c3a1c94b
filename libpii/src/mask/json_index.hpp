#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "detect/leaf_class.hpp"

namespace pii::mask {

/// Who looks for something in strings: the detectors, or ecsctx's rules, which know e-mails and phones alone.
enum class Reader : std::uint8_t { detectors, ecsctx };

/// What is known of a text: arrays of a word for each sixty-four bytes, in it a bit a byte, the first byte's the lowest. Of strings it stands at
/// the quote that closes them. Each array has room for a multiple of eight words.
struct BlockBits {
  std::uint64_t* telling;  // the string holds something that detectors begin with: `@ : = % & \`, a byte beyond ASCII, `--`, sixteen
                           // letters, digits, `_` (or DEL) and `-` on end, or a blank, `{` or `[` as its first byte or behind what
                           // may be a word before a secret; for ecsctx `@`, `\` or a byte beyond ASCII
  std::uint64_t* counted;  // it holds digits or dots, which tell where there are enough of them; for ecsctx digits
  std::uint64_t* digits;   // wherever they stand; and at a closing quote, where none stands, whether the string holds anything else
                           // that tells but `@`, or `[` or `*`; for ecsctx digits alone
  std::uint64_t* dots;     // for ecsctx none
};

/// Where the structure of a JSON text lies: every quote that opens or closes a string, and every `{ } [ ] , :` outside of
/// strings, in order; and of its strings, what the detectors begin with. Keeps its memory between texts.
class JsonIndex {
 public:
  /// Indexes `text` (below 4 GiB) for `reader`. False when a string does not end or holds a raw control
  /// character, or a backslash stands outside of strings: no JSON.
  bool build(std::string_view text, Reader reader);

  /// Gives the memory back; nothing is indexed then.
  void give_back() noexcept {
    positions_.reset();
    words_.reset();
    bits_ = {};
    capacity_ = count_ = 0;
  }

  /// Zeros stand behind the last one.
  const std::uint32_t* begin() const noexcept { return positions_.get(); }
  const std::uint32_t* end() const noexcept { return positions_.get() + count_; }

  /// What is known of the text's strings, while it is indexed.
  class Strings {
   public:
    /// The few digits and dots of a date or a version do not tell.
    static constexpr int kFewDigits = 5, kFewDots = 2;

    explicit Strings(const BlockBits& bits) noexcept : bits_(bits) {}
    const BlockBits& bits() const noexcept { return bits_; }
    /// Whether the string [begin, end) surely has nothing for the reader, that is, no bit of detect::LeafClass::kWorthScanning
    /// or of kWorthScanningByEcsctx. `end` is its quote's.
    bool is_plain(std::uint32_t begin, std::uint32_t end) const noexcept {
      if (is_set(bits_.telling, end)) return false;
      return !is_set(bits_.counted, end) || has_few_digits(begin, end);
    }

    /// Whether the string holds nothing to the detectors but `@`, digits, dots and what does not tell.
    bool is_simple(std::uint32_t end) const noexcept { return !is_set(bits_.digits, end); }
    /// The class of such a string, which is not empty; it has the blank's bit whether there is a blank or not.
    detect::LeafClass simple_class(std::uint32_t begin, std::uint32_t end) const noexcept;

   private:
    static bool is_set(const std::uint64_t* words, std::uint32_t at) noexcept { return (words[at / 64] >> (at % 64) & 1) != 0; }
    bool has_few_digits(std::uint32_t begin, std::uint32_t end) const noexcept;

    BlockBits bits_;
  };
  Strings strings() const noexcept { return Strings(bits_); }
  bool is_plain(std::uint32_t begin, std::uint32_t end) const noexcept { return strings().is_plain(begin, end); }

 private:
  std::unique_ptr<std::uint32_t[]> positions_;
  std::unique_ptr<std::uint64_t[]> words_;
  BlockBits bits_ = {};  // in words_, of one block more than the text has
  std::size_t capacity_ = 0;
  std::size_t count_ = 0;
};

struct TextCounts {
  std::size_t digits, dots;
};

/// The interchangeable inner loops. `out` holds text.size() + 64 positions.
struct IndexImplementation {
  const char* name;
  /// Returns the number of positions, or kNoJson where the text is none as build() says; the bits then mean nothing.
  std::size_t (*build)(std::string_view text, Reader reader, std::uint32_t* out, const BlockBits& bits) noexcept;
  /// Of the bytes [begin, end) of a string.
  TextCounts (*count)(const BlockBits& bits, std::uint32_t begin, std::uint32_t end) noexcept;
};
inline constexpr std::size_t kNoJson = static_cast<std::size_t>(-1);
/// Those that this processor can run; the portable one is the first, the last one is in force.
std::span<const IndexImplementation> index_implementations() noexcept;

}  // namespace pii::mask
