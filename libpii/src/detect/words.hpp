#pragma once

#include <cstddef>
#include <string_view>

#include "detect/scan.hpp"

namespace pii::detect {

/// Calls visit(begin, end, code) for each word of the window that has the shape given, `code` in capitals: L
/// a letter, d a digit, o a digit or a letter that stands for one (omocodia), X a digit or one of X Y Z. Two
/// digits and four may be set apart by single blanks, the last letter by a hyphen or a blank.
template <typename Visit>
void for_each_code(Scan& scan, std::string_view shape, Visit visit) {
  const std::string_view text = scan.free_text();
  const auto fits = [](char kind, char c) {
    switch (kind) {
      case 'L':
        return is_class(c, kUpper);
      case 'd':
        return is_digit(c);
      case 'o':
        return is_digit(c) || (c >= 'L' && c <= 'N') || (c >= 'P' && c <= 'V');
      case 'X':
        return is_digit(c) || (c >= 'X' && c <= 'Z');
      default:
        return false;
    }
  };
  char code[32];
  std::size_t i = scan.begin();
  while (i < text.size()) {
    if (!is_word(text[i])) {
      ++i;
      continue;
    }
    const std::size_t begin = i;
    while (i < text.size() && is_word(text[i])) ++i;
    if (begin < scan.begin() || scan.touches(begin - 1)) continue;
    std::size_t end = begin;
    std::size_t n = 0;
    for (; n < shape.size(); ++n, ++end) {
      char c = to_upper(scan.at(end));
      const bool apart = shape[n] == 'L' ? n + 1 == shape.size() && (c == '-' || c == ' ')
                                         : shape[n] == 'd' && n >= 2 && n % 2 == 0 && c == ' ';
      if (apart && n > 0 && !scan.is_wall(end)) c = to_upper(scan.at(++end));
      if (!fits(shape[n], c) || scan.is_wall(end)) break;
      code[n] = c;
    }
    if (n < shape.size() || !scan.stands_free(begin, end)) continue;
    visit(begin, end, std::string_view(code, n));
    if (scan.begin() > i) i = scan.begin();
  }
}

}  // namespace pii::detect
