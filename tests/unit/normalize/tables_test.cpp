// Every code point of the generated tables against what the Python package was seen to do.
#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "base/utf8.hpp"
#include "kit/effort.hpp"
#include "normalize/unicode_properties.hpp"
#include "unit/normalize/reference.hpp"

namespace pii {
namespace {

using unicode::Properties;

constexpr char32_t kLastCodePoint = 0x10FFFF;

bool is_surrogate(char32_t c) { return c >= 0xD800 && c <= 0xDFFF; }

std::string name_of(char32_t c) {
  std::ostringstream out;
  out << "U+" << std::hex << static_cast<std::uint32_t>(c);
  return out.str();
}

class Tables : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    reference_ = new test::ReferenceNormalizer(PII_TEST_VECTORS "/ecsctx/unicode_tables.json");
  }
  static void TearDownTestSuite() {
    delete reference_;
    reference_ = nullptr;
  }
  static const test::ReferenceNormalizer* reference_;
};
const test::ReferenceNormalizer* Tables::reference_ = nullptr;

TEST_F(Tables, AgreeOnEveryCodePoint) {
  std::size_t spaces = 0;
  std::size_t digits = 0;
  for (char32_t c = 0; c <= kLastCodePoint; ++c) {
    const Properties& properties = unicode::properties_of(c);
    ASSERT_EQ(properties.has(Properties::kSpace), reference_->is_space(c)) << name_of(c);
    ASSERT_EQ(properties.has(Properties::kDigit), reference_->is_digit(c)) << name_of(c);
    ASSERT_EQ(properties.has(Properties::kCased), reference_->is_cased(c)) << name_of(c);
    ASSERT_EQ(properties.has(Properties::kCaseIgnorable), reference_->is_case_ignorable(c)) << name_of(c);
    ASSERT_EQ(properties.has(Properties::kWord), reference_->is_word(c)) << name_of(c);
    spaces += properties.has(Properties::kSpace);
    digits += properties.has(Properties::kDigit);
  }
  EXPECT_EQ(spaces, 29U);
  EXPECT_EQ(digits, 660U);
}

TEST_F(Tables, LowerCaseOfEveryCodePoint) {
  for (char32_t c = 0; c <= kLastCodePoint; ++c) {
    const Properties& properties = unicode::properties_of(c);
    std::u32string lower(1, c + static_cast<char32_t>(properties.lower_distance));
    if (properties.has(Properties::kLowerExpands)) lower += char32_t{0x307};
    ASSERT_EQ(lower, reference_->lower_of(c)) << name_of(c);
  }
}

// The e-mail rule sizes its buffer by this.
TEST_F(Tables, LowerCaseGrowsByHalfAtMost) {
  for (char32_t c = 0; c <= kLastCodePoint; ++c) {
    if (is_surrogate(c)) continue;
    const std::size_t before = test::encode(std::u32string(1, c)).size();
    const std::size_t after = test::encode(reference_->lower_of(c)).size();
    ASSERT_LE(after, before + before / 2) << name_of(c);
    ASSERT_TRUE(after <= before || before == 2) << name_of(c);
  }
}

TEST_F(Tables, EveryCodePointAloneIsNormalizedLikeTheReference) {
  NormalizedValue value;
  // Under sanitizers every eleventh behind U+3000.
  for (char32_t c = 0; c <= kLastCodePoint; c += kit::kSanitized && c > 0x3000 ? 11 : 1) {
    if (is_surrogate(c)) continue;
    const std::string text = test::encode(std::u32string(1, c));
    for (const auto rule : {Normalization::strip, Normalization::email, Normalization::phone}) {
      ASSERT_EQ(normalize(rule, text, value), ErrorCode::ok) << name_of(c);
      ASSERT_EQ(value.view(), reference_->normalize(rule, text)) << name_of(c);
    }
  }
}

}  // namespace
}  // namespace pii
