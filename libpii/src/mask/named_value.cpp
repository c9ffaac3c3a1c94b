#include "mask/named_value.hpp"

#include <algorithm>
#include <initializer_list>
#include <string>

#include "detect/characters.hpp"
#include "mask/layer.hpp"
#include "mask/text.hpp"

namespace pii::mask {
namespace {

// Positions of a container that is passed over, so that time stays linear.
constexpr std::ptrdiff_t kLongestContainer = 64;
// What takes the place of a container that is too deep. It parts name and value, as what it was may have done.
constexpr std::string_view kRedacted = "[PII_REDACTED]";

using detect::equals_folded;

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> lower) noexcept {
  return std::any_of(lower.begin(), lower.end(), [&](std::string_view word) { return equals_folded(text, word); });
}
bool ends_with(std::string_view text, std::string_view lower) noexcept {
  return text.size() >= lower.size() && equals_folded(text.substr(text.size() - lower.size()), lower);
}

std::string unescaped(std::string_view raw) {
  if (raw.find('\\') == std::string_view::npos) return std::string(raw);
  Arena arena;
  EscapeFaults faults;
  return std::string(unescape_json({.text = raw}, arena, faults).text);
}

// What names the member called `value`.
class Namer {
 public:
  explicit Namer(std::string_view value) : stem_(to_lower(value)) {
    brief_ = stem_.size() == 1;  // a lone `v` is the version of an event that has a name, too
    for (const std::string_view ending : {"values", "value", "val"}) {
      if (!ends_with(stem_, ending)) continue;
      stem_.resize(stem_.size() - ending.size());
      break;
    }
    if (is_one_of(stem_, {"rejected", "rejected_"})) stem_.clear();
  }
  bool is(std::string_view key) const noexcept {
    if (brief_) return equals_folded(key, "k");
    if (stem_.empty()) return is_one_of(key, {"name", "key", "field", "header", "attribute", "property", "param", "parameter", "variable", "path"});
    if (key.size() <= stem_.size() || !equals_folded(key.substr(0, stem_.size()), stem_)) return false;
    return is_one_of(key.substr(stem_.size()), {"name", "key"});
  }

 private:
  std::string stem_;  // in lower case: `parameter` of ParameterValue, which ParameterKey names
  bool brief_;
};

}  // namespace

bool is_called_value(std::string_view name) noexcept { return is_one_of(name, {"v", "val"}) || ends_with(name, "value") || ends_with(name, "values"); }

NamesBeside names_beside(std::string_view text, const std::uint32_t* begin, const std::uint32_t* end, const std::uint32_t* key) {
  NamesBeside beside;
  const auto between = [&](const std::uint32_t* quote) { return text.substr(*quote + 1, quote[1] - *quote - 1); };
  const Namer namer(unescaped(between(key)));
  // Whether the search goes on behind a member, whose string begins at `value`.
  const auto passes = [&](const std::uint32_t* quote, const std::uint32_t* value) {
    const std::string_view name = between(value);
    const bool parts = name == kRedacted, is_name = namer.is(unescaped(between(quote)));
    beside.by_contents |= parts || is_name;
    if (is_name && !parts) beside.names[beside.count++] = name;
    return !parts;
  };
  // How many positions the container has that begins at `at`, or ends there; 0: it parts.
  const auto size_of = [&](const std::uint32_t* at, std::ptrdiff_t step) -> std::ptrdiff_t {
    std::ptrdiff_t depth = 0;
    const std::uint32_t* i = at;
    for (std::ptrdiff_t size = 1; size <= kLongestContainer && i >= begin && i < end; ++size, i += step) {
      const char c = text[*i];
      depth += c == '{' || c == '[' ? step : c == '}' || c == ']' ? -step : 0;
      if (depth > 0) continue;
      const auto [first, last] = std::minmax(*at, *i);
      const bool parts = text.substr(first, last - first).find(kRedacted) != std::string_view::npos;
      beside.by_contents |= parts;
      return parts ? 0 : size;
    }
    return 0;
  };

  const std::uint32_t* at = key;
  for (std::size_t n = 0; n < kMembersBeside && at - begin >= 5 && text[at[-1]] == ','; ++n) {
    const std::uint32_t* last = at - 2;  // of the member's value; its colon where that is no string and no container
    const char mark = text[*last];
    const std::ptrdiff_t size = mark == '"' ? 2 : mark == ':' ? 0 : size_of(last, -1);
    if (last - begin < size + 2 || (size == 0 && mark != ':') || text[last[-size]] != ':') break;
    at = last - size - 2;
    if (mark == '"' && !passes(at, last - 1)) break;
  }
  at = key;
  for (std::size_t n = 0; n <= kMembersBeside && end - at >= 4 && text[*at] == '"' && text[at[2]] == ':'; ++n) {
    const char mark = text[at[3]];
    const bool container = mark == '{' || mark == '[';
    const std::ptrdiff_t size = mark == '"' ? 2 : container ? size_of(at + 3, 1) : 0;
    if (end - at <= 3 + size || (container && size == 0)) break;
    if (n > 0 && mark == '"' && !passes(at, at + 3)) break;
    at += 3 + size;
    if (text[*at] != ',') break;
    ++at;
  }
  return beside;
}

}  // namespace pii::mask
