#include "detect/regions.hpp"

#include <gtest/gtest.h>

namespace pii::detect {
namespace {

TEST(Regions, KnownOnesInOrder) {
  const auto regions = Regions::make({"SA", "KW", "SA"});
  ASSERT_TRUE(regions);
  EXPECT_EQ(regions->ids(), (std::vector<Regions::Id>{Regions::Id::SA, Regions::Id::KW}));
  EXPECT_FALSE(Regions::make({"XX"}));
  EXPECT_TRUE(Regions::make({"US"}));
  EXPECT_EQ(Regions::make({"kw"}).error().code(), ErrorCode::invalid_setting);
}

TEST(ExtraIins, Prefixes) {
  const auto iins = ExtraIins::make({"968201", "9999"});
  ASSERT_TRUE(iins);
  EXPECT_TRUE(iins->contains("9682011234567890"));
  EXPECT_TRUE(iins->contains("9999000000000000"));
  EXPECT_FALSE(iins->contains("9682021234567890"));
  EXPECT_FALSE(iins->contains(""));
  for (const char* prefix : {"", "123", "123456789", "12a4"})
    EXPECT_FALSE(ExtraIins::make({prefix})) << prefix;
}

}  // namespace
}  // namespace pii::detect
