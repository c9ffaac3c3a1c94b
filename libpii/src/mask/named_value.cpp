#include "mask/named_value.hpp"

#include <algorithm>
#include <cstddef>
#include <initializer_list>

#include "mask/layer.hpp"
#include "mask/text.hpp"

namespace pii::mask {
namespace {

// Members that are looked at in each direction, so that time stays linear.
constexpr int kMostMembers = 4;
constexpr std::size_t kLongestName = 64;

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) noexcept {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return text.size() == word.size() && std::equal(text.begin(), text.end(), word.begin(), [](char a, char b) { return to_lower(a) == b; });
  });
}

bool is_called_k(std::string_view name) noexcept { return is_one_of(name, {"k"}); }
bool is_called_name(std::string_view name) noexcept {
  return is_one_of(name, {"name", "key", "field", "header", "attribute", "property", "param", "parameter", "variable"});
}

// Nothing that outputs are made of, networks apart: a name that was masked is none, so that masking twice changes nothing.
bool can_be_key(std::string_view name) noexcept {
  const auto stands_in_none = [](char c) { return static_cast<unsigned char>(c) < ' ' || std::string_view(":@*[]").find(c) != std::string_view::npos; };
  return !name.empty() && name.size() <= kLongestName && std::none_of(name.begin(), name.end(), stands_in_none);
}

// Calls `use` with the string unescaped.
template <class Use>
bool unescaped(std::string_view raw, Use use) {
  if (raw.find('\\') == std::string_view::npos) return use(raw);
  Arena arena;
  EscapeFaults faults;
  return use(unescape_json({.text = raw}, arena, faults).text);
}

}  // namespace

bool is_called_value(std::string_view name) noexcept { return is_one_of(name, {"value", "values", "val", "v", "rejectedvalue", "rejected_value"}); }

std::optional<std::string_view> name_beside(std::string_view text, const std::uint32_t* begin, const std::uint32_t* end, const std::uint32_t* key) {
  const auto between = [&](const std::uint32_t* quote) { return text.substr(*quote + 1, quote[1] - *quote - 1); };
  // `v` is the version of an event that has a name, too.
  const bool brief = unescaped(between(key), [](std::string_view name) { return name.size() == 1; });
  const auto named = [&](const std::uint32_t* quote) { return unescaped(between(quote), brief ? is_called_k : is_called_name); };
  const auto name_in = [&](const std::uint32_t* quote) {
    const std::string_view name = between(quote);
    return unescaped(name, can_be_key) ? name : std::string_view();
  };
  // Before it: `,"key":"text"` has six positions, `,"key":1` four. The object's first member has its brace before it.
  const std::uint32_t* at = key;
  for (int n = 0; n < kMostMembers && at - begin > 4 && text[at[-1]] == ','; ++n) {
    const std::uint32_t* last = at - 2;
    if (text[*last] == '"') {
      if (at - begin < 6 || text[at[-4]] != ':') break;
      at -= 6;
      if (named(at)) return name_in(at + 3);
    } else if (text[*last] == ':') {
      at -= 4;
    } else {
      break;  // a container
    }
  }
  // Behind it.
  at = key;
  for (int n = 0; n <= kMostMembers && end - at > 4; ++n) {
    if (text[*at] != '"' || text[at[2]] != ':') break;
    const bool string = text[at[3]] == '"';
    if (n > 0 && string && end - at > 5 && named(at)) return name_in(at + 3);
    at += string ? 5 : 3;
    if (at >= end || text[*at] != ',') break;
    ++at;
  }
  return std::nullopt;
}

}  // namespace pii::mask
