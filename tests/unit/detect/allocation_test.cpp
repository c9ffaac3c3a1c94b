#include <gtest/gtest.h>

#include <string>

#include "kit/counting_new.hpp"
#include "scan_text.hpp"

namespace pii::detect {
namespace {

TEST(Scanner, AllocatesNothingOnceWarm) {
  const Settings settings = default_settings();
  const std::string text =
      "call 99887766 or +965 9988 7766, mail jo@example.com, card 4111 1111 1111 1111, 188.236.1.7";
  Spans spans;
  find_all(text, settings, {}, spans);
  whole_match("jo@example.com", settings, {});
  const auto before = kit::allocation_count();
  for (int i = 0; i < 100; ++i) {
    spans.clear();
    find_all(text, settings, {}, spans);
    whole_match("jo@example.com", settings, {});
  }
  EXPECT_EQ(kit::allocation_count(), before);
  EXPECT_EQ(spans.size(), 5U);
}

}  // namespace
}  // namespace pii::detect
