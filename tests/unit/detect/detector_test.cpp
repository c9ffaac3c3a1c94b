#include "pii/detector.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace pii {
namespace {

TEST(Detector, NamesGoBothWays) {
  std::set<std::string> names;
  for (int i = 0; i < kDetectorCount; ++i) {
    const auto detector = static_cast<Detector>(i);
    EXPECT_EQ(detector_from(to_string(detector)), detector);
    EXPECT_FALSE(field_type_of(detector).empty());
    names.emplace(to_string(detector));
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(kDetectorCount));
  EXPECT_EQ(detector_from("e-mail"), std::nullopt);
}

TEST(Detector, FieldTypes) {
  EXPECT_EQ(field_type_of(Detector::email), "email");
  EXPECT_EQ(field_type_of(Detector::ipv6), "ip");
  EXPECT_EQ(field_type_of(Detector::card_track), "card");
  EXPECT_EQ(field_type_of(Detector::kw_civil_id), "kw_civil_id");
  EXPECT_EQ(field_type_of(Detector::person_name), "name");
  EXPECT_EQ(field_type_of(Detector::dob), "dob");
  EXPECT_EQ(field_type_of(Detector::secret), "generic");
}

TEST(Detector, Sets) {
  DetectorSet set{Detector::email, Detector::custom};
  EXPECT_TRUE(set.contains(Detector::custom));
  set.erase(Detector::email);
  EXPECT_FALSE(set.contains(Detector::email));
  EXPECT_TRUE(DetectorSet{}.empty());
}

}  // namespace
}  // namespace pii
