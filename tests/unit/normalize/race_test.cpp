// The fast normalization against the slow one, on random strings of the code points that rules turn on.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "kit/effort.hpp"
#include "unit/normalize/reference.hpp"

namespace pii {
namespace {

class Race : public testing::Test {
 protected:
  char32_t pick(const std::vector<char32_t>& from) { return from[below(from.size())]; }
  std::size_t below(std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
  }

  std::u32string random_text() {
    static const std::vector<char32_t> kAscii = {U'a', U'Z',  U'Q',  U'0', U'9',  U'+', U'.', U'@',
                                                 U'-', U' ',  U'\t', U'(', U'\'', U':', U'^', U'`',
                                                 U'[', U'\0', 0x1B,  0x1C, 0x1F,  0x7F};
    static const std::vector<char32_t> kSpaces = {0x20,   0x09,   0x0D,   0x1C,   0x85,   0xA0,
                                                  0x1680, 0x2000, 0x200A, 0x200B, 0x2028, 0x2029,
                                                  0x202F, 0x205F, 0x2060, 0x3000, 0xFEFF, 0x180E};
    static const std::vector<char32_t> kCase = {0x3A3,  0x3A3,  0x3C3,  0x3C2,  0x391, 0x130,   0x131,
                                                0x1E9E, 0xDF,   0x212A, 0x23A,  0x23E, 0x10400, 0x1E900,
                                                0x1C5,  0x13A0, 0x2160, 0x24B6, 0x10A0};
    static const std::vector<char32_t> kIgnorable = {0x301,  0x345,  0x37A,   0x2B0,   0xAD,    0x2019, 0xB7,
                                                     0x200D, 0xFE0F, 0xE0001, 0xE01EF, 0x1F3FB, 0x27,   0x2E};
    static const std::vector<char32_t> kDigits = {0x660,   0x6F9, 0x966,  0xFF10, 0xFF19, 0x1D7CE, 0x1D7FF,
                                                  0x1FBF0, 0xB2,  0x2460, 0xBD,   0xFF0B, 0x11DA0};
    static const std::vector<const std::vector<char32_t>*> kFamilies = {
        &kAscii, &kAscii, &kSpaces, &kCase, &kCase, &kIgnorable, &kDigits};
    // Mostly short, sometimes around the inline buffer's size.
    const std::size_t size = below(20) == 0 ? 60 + below(300) : below(24);
    const bool ascii_only = below(4) == 0;
    std::u32string text;
    while (text.size() < size) {
      if (below(40) == 0 && !ascii_only) {
        const auto c = static_cast<char32_t>(below(0x110000));
        if (c < 0xD800 || c > 0xDFFF) text += c;
        continue;
      }
      text += ascii_only ? pick(kAscii) : pick(*kFamilies[below(kFamilies.size())]);
    }
    return text;
  }

  void mutate(std::string& bytes) {
    if (bytes.empty()) return;
    switch (below(3)) {
      case 0:
        bytes[below(bytes.size())] = static_cast<char>(below(256));
        break;
      case 1:
        bytes.erase(below(bytes.size()), 1);
        break;
      default:
        bytes.insert(below(bytes.size()), 1, static_cast<char>(0x80 | below(128)));
    }
  }

  std::mt19937_64 random_{20240229};
  const test::ReferenceNormalizer reference_{PII_TEST_VECTORS "/ecsctx/unicode_tables.json"};
};

TEST_F(Race, FastAndSlowAgree) {
  constexpr int kStrings = kit::rounds(250'000);
  int refused = 0;
  NormalizedValue fast;
  for (int i = 0; i < kStrings; ++i) {
    std::string bytes = test::encode(random_text());
    if (below(5) == 0) mutate(bytes);
    for (const auto rule : {Normalization::strip, Normalization::email, Normalization::phone}) {
      const std::optional<std::string> slow = reference_.normalize(rule, bytes);
      const ErrorCode code = normalize(rule, bytes, fast);
      ASSERT_EQ(code == ErrorCode::ok, slow.has_value()) << testing::PrintToString(bytes);
      ASSERT_EQ(fast.view(), slow.value_or("")) << testing::PrintToString(bytes);
      ASSERT_EQ(find_invalid_utf8(bytes) == std::string_view::npos, slow.has_value());
      refused += !slow.has_value();
    }
  }
  EXPECT_GT(refused, kStrings / 20);
  EXPECT_LT(refused, kStrings);
}

}  // namespace
}  // namespace pii
