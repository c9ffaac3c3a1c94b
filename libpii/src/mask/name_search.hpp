#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace pii::mask {

/// What a few names begin with: their first, second and fourth byte, with the bit set that letters of either case differ in.
struct NameMarks {
  static constexpr std::size_t kMost = 4, kFourth = 3;
  static constexpr char kCaseBit = 0x20;

  std::size_t count = 1;  // one at least, where they are searched for
  char first[kMost] = {}, second[kMost] = {}, fourth[kMost] = {};
};

/// Where, from `from` on, bytes of the text stand as in one of the marks, that bit left out; npos: nowhere.
std::size_t search_names(std::string_view text, std::size_t from, const NameMarks& marks) noexcept;

/// The interchangeable inner loops, for texts of `least` bytes or more.
struct NameSearch {
  const char* name;
  std::size_t least;
  std::size_t (*search)(std::string_view text, std::size_t from, const NameMarks& marks) noexcept;
};
/// Those that this processor can run; the first one is portable, the last one is the fastest.
std::span<const NameSearch> name_searches() noexcept;

}  // namespace pii::mask
