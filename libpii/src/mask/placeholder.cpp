#include "mask/placeholder.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <iterator>

#include "mask/pairs.hpp"
#include "mask/text.hpp"

namespace pii::mask {
namespace {

// What stands for a secret without being one: as the value, as its begin, as its first word, or as a first word that begins with a
// run of one character and has at most four other letters and digits, or a key behind the run. Words in any case, signs as they are.
enum class As : std::uint8_t { value, begin, word, run };
struct Placeholder {
  std::string_view lower;
  As as;
};
constexpr Placeholder kPlaceholders[] = {
    {"${", As::begin},   {"$(", As::begin},  {"{{", As::begin},  {"%s", As::begin},      {"****", As::run},    {"<", As::begin},    {"null", As::value},   {"none", As::value},
    {"nil", As::value}, {"true", As::value}, {"false", As::word}, {"undefined", As::word}, {"your_", As::begin}, {"your-", As::begin}, {"xxxx", As::run}, {"redacted", As::word}};

// Those that begin with a character, in either case: a bit each.
constexpr auto kBeginning = [] {
  static_assert(std::size(kPlaceholders) <= 16);
  std::array<std::uint16_t, 256> beginning{};
  for (std::size_t i = 0; i < std::size(kPlaceholders); ++i) {
    const char first = kPlaceholders[i].lower.front();
    for (const char c : {first, to_upper(first)}) beginning[static_cast<unsigned char>(c)] |= static_cast<std::uint16_t>(1U << i);
  }
  return beginning;
}();

constexpr bool is_mark(char c) noexcept { return c == '=' || c == ':'; }

bool stands_as(As as, std::string_view value, std::string_view rest, std::size_t size) noexcept {
  constexpr std::ptrdiff_t kMostShown = 4;
  switch (as) {
    case As::value: return value.size() == size;
    case As::begin: return true;
    case As::word: return value.size() == size || !(is_letter(value[size]) || is_digit(value[size]));
    case As::run: break;
  }
  // A key that stands in it, or ends with it, is not to be taken with it: `****\r\nCookie: a=b`, with backslashes. No further than to its
  // mark: a text may have one value behind the other up to its end.
  const auto end = std::find_if(value.begin(), value.end(), [](char c) { return is_mark(c) || ends_bare_value(c); });
  if (end != value.end() && is_mark(*end)) return true;
  const char run = to_lower(value.front());
  std::size_t behind = static_cast<std::size_t>(end - value.begin());
  if (behind < rest.size() && rest[behind] == '\\') ++behind;
  if (behind < rest.size() && (rest[behind] == '"' || rest[behind] == '\'')) ++behind;
  while (behind < rest.size() && (rest[behind] == ' ' || rest[behind] == '\t')) ++behind;
  if (behind < rest.size() && is_mark(rest[behind])) return true;
  return std::count_if(value.begin(), end, [run](char c) { return is_word(c) && to_lower(c) != run; }) <= kMostShown;
}

}  // namespace

bool is_placeholder(std::string_view value, std::string_view rest) noexcept {
  for (unsigned left = kBeginning[static_cast<unsigned char>(value.front())]; left != 0; left &= left - 1) {
    const Placeholder& known = kPlaceholders[std::countr_zero(left)];
    if (value.size() < known.lower.size()) continue;
    const bool word = is_letter(known.lower.front());
    const auto same = [word](char a, char b) { return a == (word ? to_lower(b) : b); };
    if (std::equal(known.lower.begin(), known.lower.end(), value.begin(), same) && stands_as(known.as, value, rest, known.lower.size())) return true;
  }
  return false;
}

}  // namespace pii::mask
