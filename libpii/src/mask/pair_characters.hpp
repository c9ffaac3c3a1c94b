#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "mask/text.hpp"

namespace pii::mask {

/// What characters mean to pairs in a text.
enum PairCharacter : std::uint16_t {
  kKey = 1,        // may stand in a key
  kQuote = 2,
  kTab = 4,        // a blank within a line
  kEndsBare = 8,   // a value without quotes
  kEndsWord = 16,  // a word in a header without quotes
  kBlank = 32,     // ' '
  kTellsCookies = 64,     // where cookies end, or what is in them, may be decided
  kName = 128,            // may stand in the name of a cookie
  kEndsCookieQuote = 256  // stands in no cookie's value in quotes
};

inline constexpr auto kPairCharacters = [] {
  std::array<std::uint16_t, 256> classes{};
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const char c = static_cast<char>(i);
    if (is_word(c)) classes[i] = kKey | kName;
    if (i < 0x20) classes[i] = kEndsBare;
  }
  const auto add = [&classes](std::string_view characters, std::uint16_t what) {
    for (const char c : characters) classes[static_cast<unsigned char>(c)] |= what;
  };
  add("-.[]", kKey);
  add("-.", kName);
  add(" \t\r\n\"'\\,;", kEndsCookieQuote);
  add("\"'", kQuote);
  add(" \t", kTab);
  add("\r\n\"'", kEndsWord);
  add(" \t,", kEndsWord);
  add(" &;,\"'<>)}]#", kEndsBare);
  add(" ", kBlank);
  add("=;:&\\\"' \t\r\n", kTellsCookies);
  return classes;
}();

/// Whether it is one of any of the kinds of PairCharacter.
constexpr bool is(char c, int what) noexcept { return (kPairCharacters[static_cast<unsigned char>(c)] & what) != 0; }

}  // namespace pii::mask
