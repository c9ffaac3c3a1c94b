#include "unit/mask/ecsctx_patterns.hpp"

#include <functional>
#include <limits>
#include <string>

#include "base/utf8.hpp"
#include "normalize/unicode_properties.hpp"

namespace pii::test {
namespace {

using mask::ecsctx::Replacement;
using unicode::Properties;
using Class = std::function<bool(char32_t)>;

constexpr std::size_t kMany = std::numeric_limits<std::size_t>::max();
constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

struct Item {
  Class matches;
  std::size_t min;
  std::size_t max;
};
using Pattern = std::vector<Item>;  // between two \b

bool has(char32_t c, std::uint8_t flag) { return unicode::properties_of(c).has(flag); }
Class one_of(std::string characters, std::uint8_t flags = 0) {
  return [=](char32_t c) {
    return (c < 0x80 && characters.find(static_cast<char>(c)) != std::string::npos) ||
           (flags != 0 && has(c, flags));
  };
}

class Search {
 public:
  explicit Search(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
      const auto [code_point, size] = base::decode_valid_utf8(text, at);
      characters_.push_back(code_point);
      offsets_.push_back(at);
      at += size;
    }
    offsets_.push_back(text.size());
  }

  /// At each place the alternatives are tried in order.
  std::vector<Replacement> all(const std::vector<Pattern>& alternatives, Replacement::Kind kind) const {
    std::vector<Replacement> found;
    std::size_t at = 0;
    while (at < characters_.size()) {
      std::size_t end = kNone;
      for (const Pattern& pattern : alternatives) {
        if (end == kNone && boundary(at)) end = match(pattern, 0, at);
      }
      if (end != kNone) found.push_back({offsets_[at], offsets_[end], kind});
      at = end == kNone ? at + 1 : end;
    }
    return found;
  }

 private:
  bool word(std::size_t at) const {
    return at < characters_.size() && has(characters_[at], Properties::kWord);
  }
  bool boundary(std::size_t at) const { return word(at) != (at != 0 && word(at - 1)); }

  std::size_t match(const Pattern& pattern, std::size_t item, std::size_t at) const {
    if (item == pattern.size()) return boundary(at) ? at : kNone;
    std::size_t count = 0;
    while (count < pattern[item].max && at + count < characters_.size() &&
           pattern[item].matches(characters_[at + count])) {
      ++count;
    }
    for (; count + 1 > pattern[item].min; --count) {
      const std::size_t end = match(pattern, item + 1, at + count);
      if (end != kNone) return end;
      if (count == 0) break;
    }
    return kNone;
  }

  std::vector<char32_t> characters_;
  std::vector<std::size_t> offsets_;
};

const std::string kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

}  // namespace

std::vector<Replacement> search_emails(std::string_view text) {
  static const Pattern kEmail{{one_of(kLetters + "0123456789._%+-"), 1, kMany},
                              {one_of("@"), 1, 1},
                              {one_of(kLetters + "0123456789.-"), 1, kMany},
                              {one_of("."), 1, 1},
                              {one_of(kLetters + "|"), 2, kMany}};
  return Search(text).all({kEmail}, Replacement::Kind::email);
}

std::vector<Replacement> search_phones(std::string_view text) {
  const Class digit = one_of("", Properties::kDigit);
  const Class separator = one_of("-.", Properties::kSpace);
  const Pattern number{{one_of("("), 0, 1}, {digit, 3, 3},     {one_of(")"), 0, 1}, {separator, 0, 1},
                       {digit, 3, 3},       {separator, 0, 1}, {digit, 4, 6}};
  Pattern prefixed{{one_of("+"), 1, 1}, {digit, 1, 3}, {separator, 0, 1}};
  prefixed.insert(prefixed.end(), number.begin(), number.end());
  return Search(text).all({prefixed, number}, Replacement::Kind::phone);
}

}  // namespace pii::test
