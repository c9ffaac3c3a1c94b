#include "clock.hpp"

#include <gtest/gtest.h>

namespace piictl {
namespace {

TEST(Clock, WritesRfc3339) {
  EXPECT_EQ(to_rfc3339(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(to_rfc3339(1767225599), "2025-12-31T23:59:59Z");
}

TEST(Clock, ReadsWhatItWrites) {
  for (const std::time_t time :
       {std::time_t{0}, std::time_t{951827696}, std::time_t{1767225600}, std::time_t{4102444800}}) {
    EXPECT_EQ(parse_rfc3339(to_rfc3339(time)), time);
  }
}

TEST(Clock, ReadsOffsetsAndFractions) {
  EXPECT_EQ(parse_rfc3339("1970-01-01T02:00:00+02:00"), 0);
  EXPECT_EQ(parse_rfc3339("1969-12-31T22:30:00-01:30"), 0);
  EXPECT_EQ(parse_rfc3339("1970-01-01t00:00:01.987654321z"), 1);
  EXPECT_EQ(parse_rfc3339("2024-02-29T00:00:00Z"), 1709164800);
}

TEST(Clock, RefusesWhatIsNoDate) {
  for (const char* text :
       {"", "yesterday", "2025-01-01", "2025-01-01T00:00:00", "2025-02-29T00:00:00Z", "2025-13-01T00:00:00Z",
        "2025-01-01T24:00:00Z", "2025-01-01T00:60:00Z", "2025-01-01 00:00:00Z", "2025-01-01T00:00:00Zx",
        " 025-01-01T00:00:00Z", "+025-01-01T00:00:00Z", "2025-01-01T00:00:00Z ", "2025-01-01T00:00:00+2:0x",
        "2025-01-01T00:00:00."}) {
    EXPECT_EQ(parse_rfc3339(text), std::nullopt) << text;
  }
}

TEST(Clock, CountsWholeDays) {
  const std::time_t now = 1767225600;  // 2026-01-01
  EXPECT_EQ(age_in_days("2026-01-01T00:00:00Z", now), 0);
  EXPECT_EQ(age_in_days("2025-12-31T00:00:01Z", now), 0);
  EXPECT_EQ(age_in_days("2025-01-01T00:00:00Z", now), 365);
  EXPECT_EQ(age_in_days("2026-01-01T00:00:01Z", now), std::nullopt);  // not yet
  EXPECT_EQ(age_in_days("", now), std::nullopt);
}

}  // namespace
}  // namespace piictl
