#include "mask/masked_keys.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <random>
#include <string>
#include <tuple>

namespace pii::mask {
namespace {

// Beside a map, over more events than its table tells apart at once.
TEST(MaskedKeys, CountsAsAMapDoes) {
  MaskedKeys keys;
  std::mt19937 random(3);
  for (int event = 0; event < 700; ++event) {
    std::map<std::tuple<std::uint32_t, std::uint32_t, std::string>, std::uint32_t> expected;
    std::deque<std::string> texts;
    const std::size_t count = event % 100 == 7 ? 5000 : random() % 60;
    for (std::size_t i = 0; i < count; ++i) {
      const auto object = static_cast<std::uint32_t>(1 + random() % 3), field = static_cast<std::uint32_t>(random() % 2);
      const std::string& text = texts.emplace_back("a long name with number " + std::to_string(random() % (count / 2 + 1))).erase(0, random() % 26);
      ASSERT_EQ(keys.count({object, field, text}, i % 2 == 0 ? 0 : count), (++expected[{object, field, text}]));
    }
    keys.clear();
    if (event == 300) keys.give_back();
  }
}

}  // namespace
}  // namespace pii::mask
