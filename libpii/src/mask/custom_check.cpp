#include "mask/custom_check.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>

#include "detect/digits.hpp"
#include "mask/hex_digit.hpp"
#include "mask/text.hpp"

namespace pii::mask {
namespace {

// Bits a character, by the candidate's own frequencies (Shannon).
double entropy(std::string_view text) {
  std::array<std::size_t, 256> counts{};
  for (const char c : text) ++counts[static_cast<unsigned char>(c)];
  double bits = 0;
  for (const std::size_t count : counts) {
    if (count == 0) continue;
    const double share = static_cast<double>(count) / static_cast<double>(text.size());
    bits -= share * std::log2(share);
  }
  return bits;
}

std::string only_digits(std::string_view text) {
  std::string digits;
  std::copy_if(text.begin(), text.end(), std::back_inserter(digits), is_digit);
  return digits;
}

// ISO 7064 mod 97-10 as IBANs use it: the first four characters go behind the others.
bool passes_mod97(std::string_view text) {
  std::string characters;
  std::copy_if(text.begin(), text.end(), std::back_inserter(characters), [](char c) { return is_digit(c) || is_letter(c); });
  if (characters.size() < 5) return false;
  std::rotate(characters.begin(), characters.begin() + 4, characters.end());
  unsigned rest = 0;
  for (const char c : characters) {
    rest = is_digit(c) ? (rest * 10 + static_cast<unsigned>(c - '0')) % 97
                       : (rest * 100 + static_cast<unsigned>(to_lower(c) - 'a' + 10)) % 97;
  }
  return rest == 1;
}

}  // namespace

bool passes(const CandidateCheck& check, std::string_view candidate) {
  using Kind = CandidateCheck::Kind;
  switch (check.kind) {
    case Kind::none: return true;
    case Kind::luhn: return detect::passes_luhn(only_digits(candidate));
    case Kind::verhoeff: return detect::passes_verhoeff(only_digits(candidate));
    case Kind::mod97: return passes_mod97(candidate);
    case Kind::min_entropy: return entropy(candidate) >= check.min_entropy;
    case Kind::non_hex:
      return !std::all_of(candidate.begin(), candidate.end(), [](char c) { return hex_digit(c) >= 0 || c == '-'; });
  }
  return false;
}

}  // namespace pii::mask
