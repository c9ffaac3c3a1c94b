#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "detect/phone_table.hpp"
#include "detect/regions.hpp"

// Phone numbers as digits.
namespace pii::detect {

/// The country code that `digits` begin with, or nullptr; no code is the beginning of another.
const CountryCode* country_code_of(std::string_view digits) noexcept;
constexpr std::size_t size_of(const CountryCode& country) noexcept {
  return country.code < 10 ? 1 : country.code < 100 ? 2 : 3;
}
/// Whether `national` is a number of that country: size, and as much of the plan as is known.
bool is_national(const CountryCode& country, std::string_view national) noexcept;
/// Size of a trunk prefix "0" that stands between code and number all the same ("+44 (0)20 …"), 0 or 1.
std::size_t trunk_size(const CountryCode& country, std::string_view national) noexcept;

/// Whether `text` is a number in E.164, told at a glance of nearly all that events have: `+`, code and eight digits in all or more. False
/// says nothing.
bool is_plain_e164(std::string_view text) noexcept;

/// The code of the first of the regions whose national form `digits` have ("0501234567", "99887766"), or 0;
/// `trunk` gets the number of leading digits that go.
int region_of(std::string_view digits, const Regions& regions, std::size_t& trunk) noexcept;

/// Digits of a country of the table that have its code before them: "97455141719". Only where sizes are
/// exact.
bool is_bare_international(std::string_view digits) noexcept;

}  // namespace pii::detect
