#include "mask/masked_keys.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <tuple>

namespace pii::mask {
namespace {

// Beside a map, over more events than its table tells apart at once.
TEST(MaskedKeys, CountsAsAMapDoes) {
  MaskedKeys keys;
  Arena arena;
  std::mt19937 random(3);
  for (int event = 0; event < 700; ++event) {
    std::map<std::tuple<std::uint32_t, std::uint32_t, std::string>, std::uint32_t> expected;
    std::deque<std::string> texts;  // of tokens
    std::string scratch;            // of what is none
    const std::size_t count = event % 100 == 7 ? 5000 : random() % 60;
    for (std::size_t i = 0; i < count; ++i) {
      const auto object = static_cast<std::uint32_t>(1 + random() % 3), field = static_cast<std::uint32_t>(random() % 2);
      scratch = ("a long name with number " + std::to_string(random() % (count / 2 + 1))).substr(random() % 26);
      const std::string_view text = field != 0 ? std::string_view(texts.emplace_back(scratch)) : scratch;
      ASSERT_EQ(keys.count({object, field, text}, i % 2 == 0 ? 0 : count, arena), (++expected[{object, field, scratch}]));
    }
    keys.clear();
    arena.reset();
    if (event == 300) keys.give_back();
  }
}

}  // namespace
}  // namespace pii::mask
