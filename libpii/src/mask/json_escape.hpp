#pragma once

#include <string>
#include <string_view>

namespace pii::mask {

/// Appends `text` as it stands between the quotes of a JSON string (RFC 8259 section 7).
inline void append_json_escaped(std::string_view text, std::string& out) {
  constexpr char kHex[] = "0123456789abcdef";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += "\\u00";
      out += kHex[static_cast<unsigned char>(c) >> 4];
      out += kHex[c & 15];
    } else {
      out += c;
    }
  }
}

}  // namespace pii::mask
