#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace pii::mask {

/// What stands where in sixty-four bytes of a text: a bit a byte, the first byte's the lowest.
struct ByteBits {
  std::uint64_t marks;  // `@ : = % & \`, beyond ASCII, a blank behind what may be a word before a secret, the second of two `-`,
                        // digits and dots
  std::uint64_t digits;
  std::uint64_t dots;
  std::uint64_t words;  // letters, digits, `_` and `-`
};

/// Where the structure of a JSON text lies: every quote that opens or closes a string, and every `{ } [ ] , :` outside of
/// strings, in order; and of its strings, what the detectors begin with. Keeps its memory between texts.
class JsonIndex {
 public:
  /// Indexes `text` (below 4 GiB). False when a string does not end or holds a raw control
  /// character, or a backslash stands outside of strings: no JSON.
  bool build(std::string_view text);

  /// Zeros stand behind the last one.
  const std::uint32_t* begin() const noexcept { return positions_.get(); }
  const std::uint32_t* end() const noexcept { return positions_.get() + count_; }

  /// Whether the string [begin, end), not empty, surely has no bit of detect::LeafClass::kWorthScanning but, perhaps, `brace`.
  bool is_plain(std::uint32_t begin, std::uint32_t end) const noexcept {
    const std::uint32_t size = end - begin;
    if (size > 64) return is_plain_long(begin, end);
    if (bits_of(&ByteBits::marks, begin, size) != 0 && !is_plain_marked(begin, size)) return false;
    return size < 16 || !has_sixteen_on_end(bits_of(&ByteBits::words, begin, size));
  }

 private:
  // Those of a string of 1 to 64 bytes; the last one's is the highest.
  std::uint64_t bits_of(std::uint64_t ByteBits::*which, std::uint32_t begin, std::uint32_t size) const noexcept {
    const ByteBits* at = bits_.get() + begin / 64;
    const unsigned shift = begin % 64;
    return (at[0].*which >> shift | at[1].*which << 1 << (63 - shift)) << (64 - size);
  }
  static constexpr std::uint64_t without_lowest(std::uint64_t bits) noexcept { return bits & (bits - 1); }
  static constexpr bool has_six(std::uint64_t bits) noexcept {
    for (int i = 0; i < 5; ++i) bits = without_lowest(bits);
    return bits != 0;
  }
  static constexpr bool has_sixteen_on_end(std::uint64_t bits) noexcept {
    bits &= bits >> 1;
    bits &= bits >> 2;
    bits &= bits >> 4;
    return (bits & bits >> 8) != 0;
  }
  bool is_plain_marked(std::uint32_t begin, std::uint32_t size) const noexcept;
  bool is_plain_long(std::uint32_t begin, std::uint32_t end) const noexcept;

  std::unique_ptr<std::uint32_t[]> positions_;
  std::unique_ptr<ByteBits[]> bits_;  // one more than the text has blocks
  std::size_t capacity_ = 0;
  std::size_t count_ = 0;
};

/// The interchangeable inner loops. `out` holds text.size() + 64 positions, `bits` one for each block of 64 bytes.
struct IndexImplementation {
  const char* name;
  /// Returns the number of positions, or npos where the text is no JSON as build() says.
  std::size_t (*build)(std::string_view text, std::uint32_t* out, ByteBits* bits) noexcept;
};
inline constexpr std::size_t kNoJson = static_cast<std::size_t>(-1);
/// Those that this processor can run; the portable one is the first, the last one is in force.
std::span<const IndexImplementation> index_implementations() noexcept;

}  // namespace pii::mask
