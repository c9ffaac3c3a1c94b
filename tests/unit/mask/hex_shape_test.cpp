#include "mask/hex_shape.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "mask/hex_digit.hpp"
#include "mask/json_scalar.hpp"
#include "mask/values.hpp"

namespace pii::mask {
namespace {

TEST(HexDigit, IsOneOfEitherCase) {
  for (int i = 0; i < 256; ++i) ASSERT_EQ(is_hex_digit(static_cast<char>(i)), hex_digit(static_cast<char>(i)) >= 0) << i;
}

TEST(HexShape, SaysOfEachByteWhatItIs) {
  std::mt19937 random(1);
  for (int round = 0; round < 20'000; ++round) {
    std::string text(random() % (HexShape::kLongest + 1), '\0');
    for (char& c : text) c = random() % 8 == 0 ? static_cast<char>(random()) : "0123456789abcdefABCDEF-gG/:@`"[random() % 29];
    HexShape expected;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const std::uint64_t bit = std::uint64_t{1} << i;
      expected.all |= bit;
      if (std::string_view("0123456789").find(text[i]) != std::string_view::npos) expected.digits |= bit;
      if (std::string_view("abcdefABCDEF").find(text[i]) != std::string_view::npos) expected.letters |= bit;
      if (text[i] == '-') expected.dashes |= bit;
    }
    const HexShape shape = hex_shape_of(text);
    ASSERT_EQ(shape.all, expected.all) << text;
    ASSERT_EQ(shape.digits, expected.digits) << text;
    ASSERT_EQ(shape.letters, expected.letters) << text;
    ASSERT_EQ(shape.dashes, expected.dashes) << text;
  }
}

TEST(HexShape, IdentifiersAreUuidsAndLongHexWithALetter) {
  const std::string hex = "0123456789abcdef";
  for (const std::string& text : {hex, hex + hex, hex + hex + hex + hex + "0", std::string("47223179-9330-4259-b66c-f2db26efb20c")}) {
    EXPECT_TRUE(is_identifier(text)) << text;
  }
  // No letter, too short, an IBAN's beginning, dashes elsewhere, something else in the last block.
  for (const std::string& text : {std::string(16, '1'), hex.substr(1), "AE07" + hex, "47223179-9330-4259-9330-" + std::string(12, '1'),
                                  std::string("47223179-93304-259-b66c-f2db26efb20c"), "47223179-" + hex, hex + hex + hex + hex + "g"}) {
    EXPECT_FALSE(is_identifier(text)) << text;
  }
  EXPECT_TRUE(has_expected_shape("47223179-9330-4259-b66c-f2db26efb20c") && has_expected_shape(hex));
  EXPECT_FALSE(has_expected_shape(std::string(20, '1')) || has_expected_shape(hex.substr(1)) || has_expected_shape(hex + hex + hex + hex + "0"));
}

}  // namespace
}  // namespace pii::mask
