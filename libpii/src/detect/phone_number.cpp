#include "detect/phone_number.hpp"

#include <array>
#include <cstdint>
#include <iterator>

#include "base/chunk.hpp"
#include "detect/digits.hpp"

namespace pii::detect {

namespace {

// By code: its place in the table, counted from 1.
constexpr auto kPlaceOfCode = [] {
  static_assert(std::size(kCountryCodes) < 256);
  std::array<std::uint8_t, 1000> places{};
  for (std::size_t i = 0; i < std::size(kCountryCodes); ++i) places[kCountryCodes[i].code] = static_cast<std::uint8_t>(i + 1);
  return places;
}();

}  // namespace

const CountryCode* country_code_of(std::string_view digits) noexcept {
  std::size_t code = 0;
  for (std::size_t i = 0; i < 3 && i < digits.size(); ++i) {
    code = code * 10 + static_cast<std::size_t>(digit_of(digits[i]));
    if (kPlaceOfCode[code] != 0) return &kCountryCodes[kPlaceOfCode[code] - 1];
    if (code == 0) return nullptr;
  }
  return nullptr;
}

bool is_national(const CountryCode& country, std::string_view national) noexcept {
  if (national.empty() || national.size() > 14 || (country.sizes >> national.size() & 1) == 0) return false;
  const int first = digit_of(national.front());
  if ((country.firsts >> first & 1) == 0) return false;
  switch (country.code) {
    case 1:  // area and exchange begin with 2 to 9
      return national[3] >= '2';
    case 20:  // mobile 10, 11, 12, 15
      return national.size() != 10 || first == 1;
    case 971:
      return (national.size() == 9) == (first == 5 || first == 8);
    default:
      return true;
  }
}

bool is_plain_e164(std::string_view text) noexcept {
  if (text.size() <= base::kChunkSize / 2 || text.size() > base::kChunkSize || text.front() != '+') return false;
  text.remove_prefix(1);
  const base::Chunk bytes = base::load_chunk(text.data(), text.size());
  if (base::has_high_bit(~base::in_range<'0', '9'>(bytes))) return false;
  const CountryCode* country = country_code_of(text);
  return country != nullptr && is_national(*country, text.substr(size_of(*country)));
}

std::size_t trunk_size(const CountryCode& country, std::string_view national) noexcept {
  return country.exact && national.size() > 1 && national.front() == '0' && !is_national(country, national) &&
                 is_national(country, national.substr(1))
             ? 1
             : 0;
}

int region_of(std::string_view digits, const Regions& regions, std::size_t& trunk) noexcept {
  using Id = Regions::Id;
  const std::size_t size = digits.size();
  if (size < 8 || size > 10) return 0;
  const char first = digits.front();
  trunk = 0;
  for (const Id id : regions.ids()) {
    const auto is = [&](std::string_view firsts) {
      return size == 8 && firsts.find(first) != std::string_view::npos;
    };
    const bool leading_zero = first == '0' && size >= 9;
    const char second = digits[1];
    switch (id) {
      case Id::KW:
        if (is("2569")) return 965;
        break;
      case Id::SA:
        if (size == 9 && first == '5') return 966;
        if (leading_zero && size == 10 && (second == '5' || second == '1')) return trunk = 1, 966;
        break;
      case Id::AE:
        if (size == 9 && first == '5' && std::string_view("024568").find(second) != std::string_view::npos)
          return 971;
        if (leading_zero && size == 10 && second == '5') return trunk = 1, 971;
        if (leading_zero && size == 9 && std::string_view("234679").find(second) != std::string_view::npos) {
          return trunk = 1, 971;
        }
        break;
      case Id::BH:
        if (is("36") || (size == 8 && first == '1' && (second == '7' || second == '6' || second == '3')))
          return 973;
        break;
      case Id::QA:
        if (is("34567")) return 974;
        break;
      case Id::US:  // the numbering plan of North America: area and exchange begin with 2 to 9
        if (size == 10 && first >= '2' && digits[3] >= '2') return 1;
        break;
      case Id::OM:
        if (is("79") || (size == 8 && first == '2' && second >= '2' && second <= '6')) return 968;
        break;
    }
  }
  return 0;
}

bool is_bare_international(std::string_view digits) noexcept {
  if (digits.size() < 10 || digits.size() > 15 || digits.front() == '0') return false;
  const CountryCode* country = country_code_of(digits);
  return country != nullptr && country->exact && is_national(*country, digits.substr(size_of(*country)));
}

}  // namespace pii::detect
