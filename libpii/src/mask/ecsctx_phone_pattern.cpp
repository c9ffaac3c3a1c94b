#include "mask/ecsctx_phone_pattern.hpp"

#include <array>

namespace pii::mask::ecsctx {
namespace {

constexpr std::size_t kNone = PhoneText::kNone;
constexpr int kMinDigits = 8;  // E.164, and what is too short to be told from other numbers
constexpr int kMaxDigits = 15;

/// Digits of a country's numbers, the code counted. Where a grouping of that many is, it ends the number:
/// what follows is another one.
struct Country {
  std::string_view code;
  int min_digits;
  int max_digits;
  bool gulf;  // also written with 00
};
constexpr std::array kCountries{Country{"965", 11, 11, true}, Country{"973", 11, 11, true},
                                Country{"974", 11, 11, true}, Country{"968", 11, 11, true},
                                Country{"966", 12, 12, true}, Country{"971", 11, 12, true},
                                Country{"44", 12, 12, false}, Country{"1", 11, 11, false}};

const Country* country_of(std::string_view digits) noexcept {
  for (const Country& country : kCountries) {
    if (digits.starts_with(country.code)) return &country;
  }
  return nullptr;
}

/// The groups of digits from `at` on.
struct Groups {
  struct End {
    int digits;
    std::size_t at;
  };
  std::array<End, kMaxDigits> ends;  // where a number may end
  std::size_t count = 0;
  std::array<char, 3> first{};  // the first digits, where they are ASCII
  std::size_t first_size = 0;

  std::string_view first_digits() const noexcept { return {first.data(), first_size}; }
};

Groups read_groups(const PhoneText& text, std::size_t at) noexcept {
  Groups groups;
  int digits = 0;
  while (true) {
    const std::size_t open = text.skip_optional(at, PhoneUnit::open);
    const bool in_parentheses = open != at;
    at = open;
    const int before = digits;
    while (digits <= kMaxDigits && text.is(at, PhoneUnit::digit)) {
      const char digit = text.text()[at];
      if (digits < 3 && groups.first_size == static_cast<std::size_t>(digits) && digit >= '0' &&
          digit <= '9') {
        groups.first[groups.first_size++] = digit;
      }
      at += text.at(at).size;
      ++digits;
    }
    if (digits == before || digits > kMaxDigits) return groups;
    if (in_parentheses) {
      if (!text.is(at, PhoneUnit::close)) return groups;
      at = text.skip_optional(at, PhoneUnit::close);
    } else if (text.ends_word(at)) {
      groups.ends[groups.count++] = {digits, at};
    }
    at = text.skip_optional(at, PhoneUnit::separator);
  }
}

std::size_t longest(const Groups& groups, int min_digits, int max_digits) noexcept {
  for (std::size_t i = groups.count; i-- > 0;) {
    const auto [digits, at] = groups.ends[i];
    if (digits >= min_digits && digits <= max_digits) return at;
  }
  return kNone;
}

}  // namespace

std::size_t match_number_from(const PhoneText& text, std::size_t at, int run, int done) noexcept {
  for (; run < 2; ++run) {
    at = text.skip_digits(at, 3 - done);
    if (at == kNone) return kNone;
    done = 0;
    if (run == 0) at = text.skip_optional(at, PhoneUnit::close);
    at = text.skip_optional(at, PhoneUnit::separator);
  }
  while (done <= 6 && text.is(at, PhoneUnit::digit)) {
    at += text.at(at).size;
    ++done;
  }
  return done >= 4 && done <= 6 && text.ends_word(at) ? at : kNone;
}

std::size_t match_number(const PhoneText& text, std::size_t at) noexcept {
  return match_number_from(text, text.skip_optional(at, PhoneUnit::open), 0, 0);
}

std::size_t match_prefixed(const PhoneText& text, std::size_t at) noexcept {
  ++at;
  for (int count = 3; count > 0; --count) {
    const std::size_t behind = text.skip_digits(at, count);
    if (behind == kNone) continue;
    const std::size_t end = match_number(text, text.skip_optional(behind, PhoneUnit::separator));
    if (end != kNone) return end;
  }
  return kNone;
}

std::size_t match_international(const PhoneText& text, std::size_t at) noexcept {
  const bool plus = text.is(at, PhoneUnit::plus);
  if (!plus && !text.text().substr(at).starts_with("00")) return kNone;
  at += plus ? 1 : 2;
  if (!text.is(at, PhoneUnit::digit)) return kNone;
  const Groups groups = read_groups(text, at);
  if (const Country* country = country_of(groups.first_digits());
      country != nullptr && (plus || country->gulf)) {
    const std::size_t end = longest(groups, country->min_digits, country->max_digits);
    if (end != kNone || !plus) return end;
  }
  return plus ? longest(groups, kMinDigits, kMaxDigits) : kNone;
}

}  // namespace pii::mask::ecsctx
