#include "mask/placeholder.hpp"

#include <algorithm>
#include <array>
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

// What they begin with, in either case.
constexpr auto kFirst = [] {
  std::array<bool, 256> first{};
  for (const Placeholder& known : kPlaceholders) {
    for (const char c : {known.lower.front(), to_upper(known.lower.front())}) first[static_cast<unsigned char>(c)] = true;
  }
  return first;
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
  if (!kFirst[static_cast<unsigned char>(value.front())]) return false;
  const char first = to_lower(value.front());
  return std::any_of(std::begin(kPlaceholders), std::end(kPlaceholders), [&](const Placeholder& known) {
    if (first != known.lower.front() || value.size() < known.lower.size()) return false;
    const bool word = is_letter(known.lower.front());
    return std::equal(known.lower.begin(), known.lower.end(), value.begin(), [word](char a, char b) { return a == (word ? to_lower(b) : b); }) &&
           stands_as(known.as, value, rest, known.lower.size());
  });
}

}  // namespace pii::mask
