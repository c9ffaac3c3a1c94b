#include "detect/phone_number.hpp"

#include <gtest/gtest.h>

#include <string>

#include "scan_text.hpp"

namespace pii::detect {
namespace {

TEST(Phone, NationalFormsNeedContextAndRegion) {
  EXPECT_EQ(found_in("99887766"), "");
  EXPECT_EQ(found_in("otp to 99887766"), "phone{99887766}");
  Settings settings = default_settings();
  settings.regions = *Regions::make({"SA"});
  EXPECT_EQ(found_in("otp to 99887766", settings), "");
  EXPECT_EQ(found_in("otp to 0501234567", settings), "phone{0501234567}");
  EXPECT_EQ(found_in("otp to 99887766 a b c d"), "phone{99887766}");
}

TEST(Phone, ContextReachesFiveCountedChunks) {
  EXPECT_EQ(found_in("phone a b c d 99887766"), "phone{99887766}");
  EXPECT_EQ(found_in("phone a b c d e 99887766"), "");
  EXPECT_EQ(found_in("phone 1 2 3 4 5 6 99887766"), "phone{99887766}");
}

TEST(Phone, NorthAmericanFormsAreGrouped) {
  EXPECT_EQ(found_in("call 212-867-5309"), "phone{212-867-5309}");
  EXPECT_EQ(found_in("phone: (415) 867-5309, ext"), "phone{(415) 867-5309}");
  EXPECT_EQ(found_in("tel 415.867.5309 now"), "phone{415.867.5309}");
  for (const char* text : {"call 2128675309", "212-867-5309", "call 212-8675-309", "call 112-867-5309", "call 21-28-67-5309"}) {
    EXPECT_EQ(found_in(text), "") << text;
  }
}

TEST(Phone, WhatIsNone) {
  for (const char* text :
       {"call 20260812", "call 2026-08-12", "call 1748503543", "call 402-118-2260", "call 99887.766",
        "call 88888888", "+96588888888", "+1 015 625 0424", "0000000001234567"}) {
    EXPECT_EQ(found_in(text), "") << text;
  }
}

TEST(Phone, CountryCodes) {
  EXPECT_EQ(country_code_of("96599887766")->code, 965);
  EXPECT_EQ(country_code_of("14156250424")->code, 1);
  EXPECT_EQ(country_code_of("79161234567")->code, 7);
  for (const char* text : {"", "0", "210123", "999123", "384123"})
    EXPECT_EQ(country_code_of(text), nullptr) << text;
}

TEST(Phone, NoCodeBeginsAnother) {
  for (const CountryCode& country : kCountryCodes) {
    for (const CountryCode& other : kCountryCodes) {
      if (&country == &other) continue;
      EXPECT_FALSE(std::to_string(other.code).starts_with(std::to_string(country.code))) << other.code;
    }
    EXPECT_EQ(country_code_of(std::to_string(country.code) + "99999999"), &country);
  }
}

}  // namespace
}  // namespace pii::detect
