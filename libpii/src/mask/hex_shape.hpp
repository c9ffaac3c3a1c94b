#pragma once

#include <cstdint>
#include <string_view>

namespace pii::mask {

/// Which bytes of a text, at most 64, are what, a bit each.
struct HexShape {
  static constexpr std::size_t kLongest = 64;

  std::uint64_t letters = 0;  // a to f, of either case
  std::uint64_t digits = 0;
  std::uint64_t dashes = 0;
  std::uint64_t all = 0;  // of the text

  /// Whether it has nothing else.
  bool is_all() const noexcept { return (letters | digits | dashes) == all; }
};
HexShape hex_shape_of(std::string_view text) noexcept;

}  // namespace pii::mask
