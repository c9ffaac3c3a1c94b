#include "detect/finding.hpp"

#include <gtest/gtest.h>

namespace pii::detect {
namespace {

TEST(Spans, StaySorted) {
  Spans spans;
  spans.add({10, 12, Detector::email});
  spans.add({2, 4, Detector::card});
  spans.add({6, 8, Detector::none});
  spans.put_aside({0, 1, Detector::phone});
  spans.put_aside({4, 6, Detector::phone});
  spans.put_aside({20, 21, Detector::phone});
  EXPECT_EQ(spans.size(), 3U);
  spans.merge();
  ASSERT_EQ(spans.size(), 6U);
  for (std::size_t i = 1; i < spans.size(); ++i) EXPECT_LE(spans[i - 1].end, spans[i].begin);
  spans.merge();
  EXPECT_EQ(spans.size(), 6U);
}

TEST(Spans, Overlaps) {
  Spans spans;
  EXPECT_FALSE(spans.overlaps(0, 100));
  spans.add({2, 4, Detector::none});
  EXPECT_FALSE(spans.overlaps(0, 2));
  EXPECT_TRUE(spans.overlaps(0, 3));
  EXPECT_TRUE(spans.covers(3));
  EXPECT_FALSE(spans.covers(4));
}

}  // namespace
}  // namespace pii::detect
