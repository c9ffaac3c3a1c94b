#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pii::kit::reference {

/// A text and where each byte of it stands in the line; the last place is where it ends.
struct Placed {
  std::string text;
  std::vector<std::size_t> places = {0};
  std::size_t nesting = 0;  // strings of JSON around it

  Placed part(std::size_t begin, std::size_t end) const {
    return {text.substr(begin, end - begin),
            {places.begin() + static_cast<std::ptrdiff_t>(begin), places.begin() + static_cast<std::ptrdiff_t>(end + 1)},
            nesting};
  }
  std::size_t begin() const { return places.front(); }
  std::size_t end() const { return places.back(); }
};

/// The line itself.
Placed placed(std::string_view line);

struct Unescaped {
  Placed value;
  bool bad_escape = false;
  bool lone_surrogate = false;
};
/// A JSON string's content without its escapes.
Unescaped unescape(const Placed& raw);

/// As the detectors see it: docs/masking.md section 5.
Placed fold(const Placed& text);

bool is_ascii_word(char c);  // [A-Za-z0-9_]
bool is_any_word(char c);    // the same and everything beyond ASCII
bool is_ascii_digit(char c);
bool is_ascii_letter(char c);
char lower(char c);
std::string lower(std::string_view text);
std::string trimmed(std::string_view text);  // space, tab, CR, LF

}  // namespace pii::kit::reference
