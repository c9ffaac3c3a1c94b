#include "mask/json_scalar.hpp"

#include <algorithm>

#include "mask/hex_shape.hpp"

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
  constexpr std::size_t kUuid = 36;
  constexpr std::uint64_t kUuidDashes = std::uint64_t{1} << 8 | std::uint64_t{1} << 13 | std::uint64_t{1} << 18 | std::uint64_t{1} << 23;
  if (text.size() < kShortestIdentifier) return false;
  if (text.size() == kUuid && text[8] == '-') {
    const HexShape shape = hex_shape_of(text);
    return shape.is_all() && shape.dashes == kUuidDashes && shape.letters != 0;
  }
  // An IBAN may be hex as well: AE07 0331 2345 6789 0123 456.
  if (is_letter(text[0]) && is_letter(text[1]) && is_digit(text[2]) && is_digit(text[3])) return false;
  bool letter = false;
  for (; !text.empty(); text.remove_prefix(std::min(text.size(), HexShape::kLongest))) {
    const HexShape shape = hex_shape_of(text.substr(0, HexShape::kLongest));
    if (!shape.is_all() || shape.dashes != 0) return false;
    letter |= shape.letters != 0;
  }
  return letter;
}

}  // namespace pii::mask
