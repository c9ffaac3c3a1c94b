#include "mask/json_scalar.hpp"

#include "mask/hex_digit.hpp"

namespace pii::mask {
namespace {

// The number grammar of RFC 8259.
bool is_number(std::string_view text) noexcept {
  const char* at = text.data();
  const char* const end = at + text.size();
  const auto digits = [&] {
    const char* const first = at;
    while (at != end && is_digit(*at)) ++at;
    return at != first;
  };
  if (*at == '-' && ++at == end) return false;
  if (*at == '0') {
    ++at;
  } else if (!digits()) {
    return false;
  }
  if (at == end) return true;
  if (*at == '.') {
    ++at;
    if (!digits()) return false;
  }
  if (at != end && (*at | 0x20) == 'e') {
    ++at;
    if (at != end && (*at == '+' || *at == '-')) ++at;
    if (!digits()) return false;
  }
  return at == end;
}

}  // namespace

bool is_json_scalar(std::string_view text) noexcept {
  if (text.front() == '-' || is_digit(text.front())) return is_number(text);
  return text == "true" || text == "false" || text == "null";
}

bool is_identifier(std::string_view text) noexcept {
  constexpr std::string_view kUuid = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  const bool uuid = text.size() == kUuid.size() && text[8] == '-';
  // An IBAN may be hex as well: AE07 0331 2345 6789 0123 456.
  if (!uuid && text.size() >= 4 && is_letter(text[0]) && is_letter(text[1]) && is_digit(text[2]) && is_digit(text[3])) return false;
  bool letter = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_digit(text[i])) continue;
    if (hex_digit(text[i]) >= 0) {
      letter = true;
    } else if (!uuid || text[i] != '-') {
      return false;
    }
    if (uuid && (kUuid[i] == '-') != (text[i] == '-')) return false;
  }
  if (uuid && (text[13] != '-' || text[18] != '-' || text[23] != '-')) return false;
  return letter && text.size() >= 16;
}

}  // namespace pii::mask
