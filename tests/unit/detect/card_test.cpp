#include "detect/card.hpp"

#include "detect/card_table.hpp"
#include "detect/digits.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "scan_text.hpp"

namespace pii::detect {
namespace {

// ISO/IEC 7812-1, annex B: from the right every second digit is doubled, and the digits of the products are summed up.
bool passes_luhn_slowly(std::string_view digits) {
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const int product = (digits[digits.size() - 1 - i] - '0') * (i % 2 == 0 ? 1 : 2);
    sum += product / 10 + product % 10;
  }
  return sum % 10 == 0;
}

TEST(Card, CheckDigitsOfAnySize) {
  std::mt19937_64 random(1);
  for (std::size_t size = 0; size <= 40; ++size) {
    for (int i = 0; i < 200; ++i) {
      std::string digits;
      for (std::size_t k = 0; k < size; ++k) digits += static_cast<char>('0' + random() % 10);
      ASSERT_EQ(passes_luhn(digits), passes_luhn_slowly(digits)) << digits;
    }
  }
}

TEST(Card, Kinds) {
  EXPECT_EQ(card_kind("4111111111111111", {}), CardKind::issued);
  EXPECT_EQ(card_kind("4111111111111112", {}), CardKind::none);
  EXPECT_EQ(card_kind("4222222222222", {}), CardKind::issued);
  EXPECT_EQ(card_kind("6771798021000008", {}), CardKind::ambiguous);
  EXPECT_EQ(card_kind("180000000000002", {}), CardKind::ambiguous);
  EXPECT_EQ(card_kind("0000000000000000", {}), CardKind::none);
  EXPECT_EQ(card_kind("411111111111116", {}), CardKind::none);
  EXPECT_EQ(card_kind("", {}), CardKind::none);
}

TEST(Card, ExtraPrefixes) {
  EXPECT_EQ(card_kind("9999990000000006", {}), CardKind::none);
  EXPECT_EQ(card_kind("9999990000000006", *ExtraIins::make({"999999"})), CardKind::issued);
}

TEST(Card, PublishedNumbersAreCards) {
  EXPECT_TRUE(is_published_test_card("4111111111111111"));
  EXPECT_FALSE(is_published_test_card("4111111111111129"));
  EXPECT_FALSE(is_published_test_card(""));
  for (const std::string_view digits : kTestCards) EXPECT_TRUE(passes_luhn(digits)) << digits;
}

TEST(Card, Groups) {
  EXPECT_EQ(found_in("3782-822463-10005"), "card{3782-822463-10005}");
  EXPECT_EQ(found_in("4111 1111-1111 1111"), "");
  EXPECT_EQ(found_in("4111  1111 1111 1111"), "");
  EXPECT_EQ(found_in("4111-1111-1111-1111-1"), "");
  EXPECT_EQ(found_in("a-4111-1111-1111-1111"), "");
  EXPECT_EQ(found_in("6205 5000 0000 0000 004"), "card{6205 5000 0000 0000 004}");
}

TEST(Card, Tracks) {
  EXPECT_EQ(found_in("%B4111111111111111^DOE/JO ANN^2512101?;4111111111111111=2512101?"),
            "card_track{%B4111111111111111^DOE/JO ANN^2512101?;4111111111111111=2512101?}");
  EXPECT_EQ(found_in(";a=b;c=4111"), "");
}

}  // namespace
}  // namespace pii::detect
