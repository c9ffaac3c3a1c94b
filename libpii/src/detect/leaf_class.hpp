#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace pii::detect {

/// What kinds of bytes a text has: decides which detectors need to look at it at all.
class LeafClass {
 public:
  enum Bit : std::uint32_t {
    at = 1,            // '@'
    digits = 2,        // six digits or more
    colon = 4,         // ':'
    equals = 8,        // '='
    percent = 16,      // '%' or '&'
    backslash = 32,    // '\\'
    non_ascii = 64,    // a byte above 0x7F
    long_run = 128,    // sixteen bytes or more of [A-Za-z0-9_-] on end
    dot = 256,         // '.'
    announces = 512,   // a blank behind Bearer, Basic, Digest, ApiKey or Token; or four '-' on end
    brace = 1024,      // the first byte that is no white space is '{' or '['
    dots = 2048,       // three '.' or more
    colons = 4096,     // two ':' or more
    space = 8192,      // ' '
    marks = 16384,     // '[' or '*': outputs of the masker may have it
  };
  /// What a text must have one of for anything to be found in it by the detectors of the default profile.
  static constexpr std::uint32_t kWorthScanning =
      at | digits | colon | equals | percent | backslash | non_ascii | long_run | announces | brace | dots;

  constexpr LeafClass() noexcept = default;
  constexpr LeafClass(std::uint32_t bits, std::size_t digit_count) noexcept
      : bits_(bits), digit_count_(digit_count < 255 ? static_cast<std::uint8_t>(digit_count) : 255) {}
  constexpr bool any(std::uint32_t bits) const noexcept { return (bits_ & bits) != 0; }
  constexpr bool all(std::uint32_t bits) const noexcept { return (bits_ & bits) == bits; }
  constexpr std::uint32_t bits() const noexcept { return bits_; }
  /// How many digits there are; 255 for that many or more.
  constexpr std::uint8_t digit_count() const noexcept { return digit_count_; }

 private:
  std::uint32_t bits_ = 0;
  std::uint8_t digit_count_ = 0;
};

/// Classifies a text; reads only its bytes. Some 10 ns for a short one where the processor has AVX2.
LeafClass classify_leaf(std::string_view text) noexcept;
/// The same of what lies between two finds, mostly a few bytes.
LeafClass classify_gap(std::string_view text) noexcept;

}  // namespace pii::detect
