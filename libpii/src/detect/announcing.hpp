#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <string_view>

namespace pii::detect {

/// The words that announce a secret behind a blank: "Bearer abc".
inline constexpr std::string_view kAnnouncing[] = {"bearer", "basic", "digest", "apikey", "token"};

inline constexpr std::size_t kShortestAnnouncing =
    std::min_element(std::begin(kAnnouncing), std::end(kAnnouncing), [](std::string_view a, std::string_view b) { return a.size() < b.size(); })->size();

namespace announcing {
/// The letters that stand so far from their ends, of each word in small and of each in capitals.
template <std::size_t from_end>
inline constexpr auto kLetters = [] {
  constexpr std::size_t kCount = std::size(kAnnouncing);
  std::array<char, 2 * kCount> letters{};
  for (std::size_t i = 0; i < kCount; ++i) {
    const char letter = kAnnouncing[i][kAnnouncing[i].size() - from_end];
    letters[i] = letter;
    letters[kCount + i] = static_cast<char>(letter - 'a' + 'A');
  }
  return letters;
}();
template <std::size_t from_end>
inline constexpr std::string_view kAll{kLetters<from_end>.data(), kLetters<from_end>.size()};
}  // namespace announcing

/// Those of their ends, of either case: what vector code looks for. No two words end alike. In English text the second from the end, mostly an
/// `e`, tells least.
inline constexpr std::string_view kAnnouncingFifth = announcing::kAll<5>, kAnnouncingFourth = announcing::kAll<4>, kAnnouncingThird = announcing::kAll<3>,
                                  kAnnouncingSecond = announcing::kAll<2>, kAnnouncingLast = announcing::kAll<1>;

static_assert(kShortestAnnouncing >= 5 && std::all_of(std::begin(kAnnouncing), std::end(kAnnouncing), [](std::string_view word) {
  return std::count_if(std::begin(kAnnouncing), std::end(kAnnouncing), [&](std::string_view other) { return other.back() == word.back(); }) == 1;
}));

}  // namespace pii::detect
