#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/utf8.hpp"
#include "mask/text.hpp"

// A key as its words: `customerPhone_No2` is customer, phone, no, 2.
namespace pii::mask {

/// Words in lower case and the singular, numbers of their own. Bytes that are not UTF-8 separate.
using KeyWordList = std::vector<std::string>;

/// The words of one segment: cut at everything but letters and digits, at humps, and between letters and
/// digits.
KeyWordList split_words(std::string_view segment);

/// What a byte is to the words of keys.
namespace key_byte {
enum Kind : std::uint8_t { separator = 0, lower = 1, upper = 2, digit = 4, cut = 8, star = 16, beyond_ascii = 32 };
inline constexpr auto kKinds = [] {
  std::array<std::uint8_t, 256> kinds{};
  for (std::size_t c = 'a'; c <= 'z'; ++c) kinds[c] = lower;
  for (std::size_t c = 'A'; c <= 'Z'; ++c) kinds[c] = upper;
  for (std::size_t c = '0'; c <= '9'; ++c) kinds[c] = digit;
  for (const char c : {'.', '/', ':', '[', ']'}) kinds[static_cast<unsigned char>(c)] = cut;
  kinds['*'] = star;
  for (std::size_t c = 0x80; c <= 0xFF; ++c) kinds[c] = beyond_ascii;
  return kinds;
}();
constexpr std::uint8_t kind_of(char c) noexcept { return kKinds[static_cast<unsigned char>(c)]; }
}  // namespace key_byte

/// Calls visit(segment) for the segments of a key, cut at `. / : [ ]`, without empty ones and array indices: `user[0].name` is
/// user, name.
template <class Visit>
void for_each_segment(std::string_view key, Visit visit) {
  for (std::size_t begin = 0; begin < key.size();) {
    std::size_t end = begin;
    while (end < key.size() && (key_byte::kind_of(key[end]) & (key_byte::digit | key_byte::star)) != 0) ++end;
    const bool index = end == key.size() || key_byte::kind_of(key[end]) == key_byte::cut;
    while (end < key.size() && key_byte::kind_of(key[end]) != key_byte::cut) ++end;
    if (!index) visit(key.substr(begin, end - begin));
    begin = end + 1;
  }
}

/// The spelling under which a word of ASCII is compared, the singular, in its place; returns its size. Of Arabic ones it is the word
/// without article, vowel marks and spellings of alef.
std::size_t make_form(char* lower_word, std::size_t size) noexcept;

/// Whether a new word begins at key[i], of ASCII, behind a letter or digit of the kind `before`.
inline bool starts_word(std::string_view key, std::size_t i, std::uint8_t before) noexcept {
  using namespace key_byte;
  const std::uint8_t here = kind_of(key[i]);
  if (((before ^ here) & digit) != 0) return true;
  if (here != upper) return false;
  if (before == lower) return true;
  // `HTTPServer`: the last capital of a run begins the next word; `IDs`: the plural of an acronym.
  if (i + 1 == key.size() || kind_of(key[i + 1]) != lower) return false;
  return !(key[i + 1] == 's' && (i + 2 == key.size() || (kind_of(key[i + 2]) & (lower | upper | digit)) == 0));
}

/// The words of a short segment, in memory of their own.
class ShortWords {
 public:
  static constexpr std::size_t kLongest = 64;  // bytes of the segment

  explicit ShortWords(std::string_view segment) noexcept;
  std::size_t size() const noexcept { return count_; }
  std::string_view operator[](std::size_t i) const noexcept {
    const std::size_t begin = i == 0 ? 0 : ends_[i - 1];
    return {text_ + begin, ends_[i] - begin};
  }

 private:
  char text_[2 * kLongest];
  std::uint8_t ends_[kLongest];
  std::size_t count_ = 0;
};

/// Calls visit(word) for each of split_words(); of all but very long segments without any memory.
template <class Visit>
void for_each_word(std::string_view segment, Visit visit) {
  if (segment.size() > ShortWords::kLongest) {
    for (const std::string& one : split_words(segment)) visit(std::string_view(one));
    return;
  }
  if (!base::is_ascii(segment)) {
    const ShortWords words(segment);
    for (std::size_t i = 0; i < words.size(); ++i) visit(words[i]);
    return;
  }
  constexpr std::uint8_t kOfWord = key_byte::lower | key_byte::upper | key_byte::digit;
  char word[ShortWords::kLongest];
  for (std::size_t i = 0; i < segment.size();) {
    std::uint8_t kind = key_byte::kind_of(segment[i]);
    if ((kind & kOfWord) == 0) {
      ++i;
      continue;
    }
    const std::size_t begin = i;
    bool capitals = false;
    for (;;) {
      capitals = capitals || kind == key_byte::upper;
      if (++i == segment.size()) break;
      const std::uint8_t next = key_byte::kind_of(segment[i]);
      if (next == key_byte::lower && kind == key_byte::lower) continue;
      if ((next & kOfWord) == 0 || ((next != kind || next == key_byte::upper) && starts_word(segment, i, kind))) break;
      kind = next;
    }
    // Most are in their form; of what was just written byte by byte a look-up would wait for all of it.
    std::string_view form = segment.substr(begin, i - begin);
    if (capitals || form.back() == 's') {
      std::transform(form.begin(), form.end(), word, [](char c) { return to_lower(c); });
      form = {word, word[form.size() - 1] == 's' ? make_form(word, form.size()) : form.size()};
    }
    visit(form);
  }
}

}  // namespace pii::mask
