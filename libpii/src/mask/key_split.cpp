#include "mask/key_split.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "base/utf8.hpp"
#include "normalize/lower.hpp"
#include "normalize/unicode_properties.hpp"

namespace pii::mask {
namespace {

enum class Class : std::uint8_t { separator, lower, upper, digit };

struct Letter {
  char32_t code_point;
  std::size_t begin;
  std::size_t end;
  Class kind;
};

bool is_joiner(char32_t c) {  // marks that belong to the letter before them
  return (c >= 0x0300 && c <= 0x036F) || (c >= 0x064B && c <= 0x065F) || c == 0x0670 || c == 0x0640 ||
         (c >= 0x200B && c <= 0x200F) || c == 0xFEFF;
}

Class class_of(char32_t c) {
  if (c >= 'a' && c <= 'z') return Class::lower;
  if (c >= 'A' && c <= 'Z') return Class::upper;
  if (c >= '0' && c <= '9') return Class::digit;
  if (c < 0x80 || c == base::kInvalidCodePoint) return Class::separator;
  const unicode::Properties& properties = unicode::properties_of(c);
  if (properties.has(unicode::Properties::kSpace)) return Class::separator;
  if (properties.has(unicode::Properties::kDigit)) return Class::digit;
  if ((c >= 0x2010 && c <= 0x206F && !is_joiner(c)) || (c >= 0x3000 && c <= 0x3020) || c == 0x00B7)
    return Class::separator;
  return properties.lower_distance != 0 ? Class::upper : Class::lower;
}

// Room for a letter a byte; returns how many there are.
std::size_t read_letters(std::string_view text, Letter* letters) noexcept {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size();) {
    const base::Decoded decoded = base::decode_utf8(text, at);
    Class kind = class_of(decoded.code_point);
    if (is_joiner(decoded.code_point) && count > 0) kind = letters[count - 1].kind;
    letters[count++] = {decoded.code_point, at, at + decoded.size, kind};
    at += decoded.size;
  }
  return count;
}

// `IDs`, `PINs`: the plural of an acronym.
bool plural_of_acronym(std::span<const Letter> letters, std::size_t i) {
  return i + 1 < letters.size() && letters[i + 1].code_point == 's' &&
         (i + 2 == letters.size() || letters[i + 2].kind == Class::separator);
}

bool starts_word(std::span<const Letter> letters, std::size_t i) {
  const Class before = letters[i - 1].kind;
  const Class here = letters[i].kind;
  if (before == Class::separator) return true;
  if ((before == Class::digit) != (here == Class::digit)) return true;
  if (here != Class::upper) return false;
  if (before == Class::lower) return true;
  // `HTTPServer`: the last capital of a run begins the next word.
  return i + 1 < letters.size() && letters[i + 1].kind == Class::lower && !plural_of_acronym(letters, i);
}

// In the place of `word`; returns its size.
std::size_t make_arabic_form(char* word, std::size_t size) noexcept {
  const std::string_view text(word, size);
  std::size_t out = 0;
  for (std::size_t at = 0; at < size;) {
    const base::Decoded decoded = base::decode_valid_utf8(text, at);
    at += decoded.size;
    char32_t c = decoded.code_point;
    if (is_joiner(c)) continue;
    if (c == 0x0622 || c == 0x0623 || c == 0x0625 || c == 0x0671) c = 0x0627;  // alef
    if (c == 0x0629) c = 0x0647;                                               // teh marbuta
    if (c == 0x0649 || c == 0x06CC) c = 0x064A;                                // yeh
    if (c == 0x06A9) c = 0x0643;                                               // kaf
    char bytes[4];
    const std::size_t more = base::encode_utf8(c, bytes);
    std::copy_n(bytes, more, word + out);
    out += more;
  }
  constexpr std::string_view kArticle = "\u0627\u0644";
  if (!std::string_view(word, out).starts_with(kArticle) || out < kArticle.size() + 4) return out;
  std::copy(word + kArticle.size(), word + out, word);
  return out - kArticle.size();
}

// Writes a word in its form, which has at most half as many bytes more; returns how many.
std::size_t write_form(std::string_view word, char* out) noexcept {
  const std::size_t size = unicode::lower(word, 0, out);
  return base::is_ascii({out, size}) ? make_form(out, size) : make_arabic_form(out, size);
}

// Calls visit(bytes) for each word.
template <class Visit>
void for_each_run(std::string_view segment, std::span<const Letter> letters, Visit visit) {
  std::size_t begin = 0;
  const auto flush = [&](std::size_t end) {
    while (begin < end && letters[begin].kind == Class::separator) ++begin;
    std::size_t stop = end;
    while (stop > begin && letters[stop - 1].kind == Class::separator) --stop;
    if (stop > begin) visit(segment.substr(letters[begin].begin, letters[stop - 1].end - letters[begin].begin));
    begin = end;
  };
  for (std::size_t i = 1; i < letters.size(); ++i) {
    if (letters[i].kind == Class::separator || starts_word(letters, i)) flush(i);
  }
  flush(letters.size());
}

bool ends_with_any(std::string_view word, std::initializer_list<std::string_view> endings) noexcept {
  return std::any_of(endings.begin(), endings.end(),
                     [&](std::string_view ending) { return word.ends_with(ending); });
}

}  // namespace

std::size_t make_form(char* lower_word, std::size_t size) noexcept {
  const std::string_view word(lower_word, size);
  if (word == "ids" || word == "ips") return 2;
  if (size < 4 || word.back() != 's') return size;
  if (ends_with_any(word, {"sses", "xes", "ches", "shes"})) return size - 2;
  if (size > 4 && word.ends_with("ies") && !word.ends_with("kies")) {
    lower_word[size - 3] = 'y';
    return size - 2;
  }
  return ends_with_any(word, {"ss", "us", "is"}) ? size : size - 1;
}

KeyWordList split_words(std::string_view segment) {
  KeyWordList words;
  std::vector<Letter> letters(segment.size());
  letters.resize(read_letters(segment, letters.data()));
  for_each_run(segment, letters, [&words](std::string_view word) {
    std::string form(unicode::max_lower_size(word.size()), '\0');
    form.resize(write_form(word, form.data()));
    words.push_back(std::move(form));
  });
  return words;
}

ShortWords::ShortWords(std::string_view segment) noexcept {
  static_assert(unicode::max_lower_size(kLongest) <= sizeof text_);
  std::array<Letter, kLongest> letters;
  std::size_t end = 0;
  for_each_run(segment, {letters.data(), read_letters(segment, letters.data())}, [&](std::string_view word) {
    end += write_form(word, text_ + end);
    ends_[count_++] = static_cast<std::uint8_t>(end);
  });
}

}  // namespace pii::mask
