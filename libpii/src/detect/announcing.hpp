#pragma once

#include <algorithm>
#include <string_view>

namespace pii::detect {

/// The words that announce a secret behind a blank: "Bearer abc".
inline constexpr std::string_view kAnnouncing[] = {"bearer", "basic", "digest", "apikey", "token"};

/// The letters of their last three, of either case: what vector code looks for. No two words end alike.
inline constexpr std::string_view kAnnouncingThird = "rsekRSEK", kAnnouncingSecond = "eisEIS", kAnnouncingLast = "rctynRCTYN";
inline constexpr std::size_t kShortestAnnouncing = 5;

static_assert(std::all_of(std::begin(kAnnouncing), std::end(kAnnouncing), [](std::string_view word) {
  return word.size() >= kShortestAnnouncing && kAnnouncingThird.find(word[word.size() - 3]) != std::string_view::npos &&
         kAnnouncingSecond.find(word[word.size() - 2]) != std::string_view::npos && kAnnouncingLast.find(word.back()) != std::string_view::npos &&
         std::count_if(std::begin(kAnnouncing), std::end(kAnnouncing), [&](std::string_view other) { return other.back() == word.back(); }) == 1;
}));

}  // namespace pii::detect
