#include "mask/key_form.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <tuple>

#include "kit/masking.hpp"
#include "mask/policy_impl.hpp"
#include "mask/text.hpp"

namespace pii::mask {
namespace {

TEST(KeyForm, NumbersThatSayNothingAreAlike) {
  const auto form = [](std::string_view name) { return KeyForm(name, 3); };
  EXPECT_TRUE(form("email_1234") == form("email_9876"));
  EXPECT_TRUE(form("a12345@b7777") == form("a00000@b0123"));
  EXPECT_FALSE(form("email_1234") == form("email_12345"));
  EXPECT_FALSE(form("email_123") == form("email_124"));
  EXPECT_FALSE(form("email_1234") == form("emails1234"));
  EXPECT_FALSE(form("email_1234") == form(std::string_view("email_1234\0", 11)));
  EXPECT_TRUE(form("email_1234").hash(nullptr) == form("email_9876").hash(nullptr));
  EXPECT_FALSE(form("").known());
  EXPECT_TRUE(form(std::string(KeyForm::kLongest, '7')).known());
  EXPECT_FALSE(form(std::string(KeyForm::kLongest + 1, '7')).known());
  EXPECT_TRUE(KeyForm("k17", 0) == KeyForm("k18", 0));
  EXPECT_FALSE(KeyForm(std::string(40, '7'), 100) == KeyForm(std::string(40, '8'), 100));
}

TEST(KeyForm, AsByteByByte) {
  std::mt19937 random(7);
  constexpr std::string_view kBytes = "0189/:a.\xc3\xff_";
  for (int i = 0; i < 20000; ++i) {
    const std::size_t longest = random() % 6;
    std::string name(random() % 41, '0');
    for (char& c : name) c = random() % 3 == 0 ? kBytes[random() % kBytes.size()] : static_cast<char>('0' + random() % 10);
    std::string other = name, expected = name;
    for (std::size_t begin = 0; begin < name.size();) {
      std::size_t end = begin;
      while (end < name.size() && is_digit(name[end])) ++end;
      if (end - begin > longest) std::fill(expected.begin() + static_cast<std::ptrdiff_t>(begin), expected.begin() + static_cast<std::ptrdiff_t>(end), '0');
      begin = std::max(end, begin + 1);
    }
    if (name.empty()) continue;
    EXPECT_TRUE(KeyForm(name, longest) == KeyForm(expected, 1000)) << name;
    other[random() % name.size()] = 'b';
    EXPECT_EQ(KeyForm(other, longest) == KeyForm(name, longest), other == name);
  }
}

TEST(KeyForm, TellsWhereAnOutputMayBe) {
  for (const char* text : {"ptok:v1:", "[EMAIL]", "****1", "1.2.3.0/24", "a very long text that ends with one*"}) EXPECT_TRUE(may_have_output(text));
  for (const char* text : {"", "email", "a@b.co", "user.name-1 (x)"}) EXPECT_FALSE(may_have_output(text));
}

// What a place remembers by the form of a key: keys of one form say the same.
TEST(KeyForm, KeysOfOneFormSayTheSame) {
  constexpr const char* kPieces[] = {"email", "card", "e", "sha", "name", "Line", "LAST", "of", "api", "key", "tokens", "é", "٣", "هاتف", "ـ",
                                     "_",     "-",    ".", " ",   "~",    "]",    "@",    "İ",  "ß",  "s",    "\xff",  "164", "2",  "007", ""};
  PolicySpec spec = *PolicySpec::profile("gulf-payments");
  spec.sensitive_keys.push_back({"ticket 12345", Detector::generic});
  const auto policy = *MaskPolicy::compile(std::move(spec));
  const MaskPolicy::Impl& impl = policy->impl();
  const std::size_t longest = impl.keys.longest_number();
  EXPECT_EQ(longest, 5U);
  std::mt19937 random(11);
  std::size_t compared = 0;
  for (int i = 0; i < 60000; ++i) {
    std::string a, b;
    for (std::size_t pieces = 1 + random() % 5; pieces > 0; --pieces) {
      const char* const piece = kPieces[random() % std::size(kPieces)];
      a += piece;
      b += piece;
      if (random() % 2 != 0) continue;
      for (std::size_t digits = 1 + random() % 8; digits > 0; --digits) {
        a += static_cast<char>('0' + random() % 10);
        b += static_cast<char>('0' + random() % 10);
      }
    }
    if (!(KeyForm(a, longest) == KeyForm(b, longest)) || a.size() > KeyForm::kLongest || may_have_output(a)) continue;
    const KeyRole above{.any = i % 2 == 0, .card = i % 3 == 0, .person = i % 5 == 0, .machine = i % 7 == 0, .header = i % 11 == 0};
    const KeySaid of_a = impl.say(a, above), of_b = impl.say(b, above);
    ASSERT_TRUE(of_a.verdict == of_b.verdict && of_a.role.bits() == of_b.role.bits()) << a << " " << b;
    compared += a != b ? 1U : 0U;
  }
  EXPECT_GT(compared, 5000U);
}

}  // namespace
}  // namespace pii::mask
