#include "scan/finding_table.hpp"

#include <gtest/gtest.h>

namespace piictl {
namespace {

using pii::Detector;

TEST(FindingTable, counts_by_place_and_type_the_worst_first) {
  FindingTable table;
  for (int i = 0; i < 3; ++i) table.add(0, Detector::email, "email", "user.email", i == 0 ? "A@a" : "a@a.a");
  table.add(0, Detector::card, "card", "pan", "9");
  table.add(1, Detector::email, "email", "user.email", "a@a.a");
  table.add(0, Detector::ipv4, "ipv4", "", "9.9");
  const auto all = table.by_risk();
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[0].type, "card");
  EXPECT_EQ(all[0].severity, Severity::critical);
  EXPECT_EQ(all[1].count, 3U);
  EXPECT_EQ(all[1].shape, "a@a.a");  // the most frequent
  EXPECT_EQ(all[2].file, 1U);
  EXPECT_EQ(all[3].severity, Severity::low);
}

TEST(FindingTable, parts_add_up_to_what_one_table_would_have) {
  FindingTable whole, a, b;
  for (int i = 0; i < 1000; ++i) {
    const std::string path = "p" + std::to_string(i % 7);
    whole.add(0, Detector::phone, "phone", path, "9");
    (i % 3 == 0 ? a : b).add(0, Detector::phone, "phone", path, "9");
  }
  a.merge(b);
  const auto expected = whole.by_risk();
  const auto got = a.by_risk();
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    EXPECT_EQ(got[i].path, expected[i].path);
    EXPECT_EQ(got[i].count, expected[i].count);
  }
}

TEST(FindingTable, memory_is_bounded_and_no_count_is_lost) {
  FindingTable table(10);
  for (int i = 0; i < 1000; ++i) {
    table.add(0, Detector::email, "email", "k" + std::to_string(i), "a@a.a");
  }
  table.add(0, Detector::email, "email", std::string(100000, 'x'), std::string(1000, 'a'));
  const auto all = table.by_risk();
  EXPECT_LE(all.size(), 11U);
  EXPECT_EQ(all[0].path, "(other)");
  EXPECT_EQ(all[0].file, ScanFinding::kOtherFiles);
  std::uint64_t sum = 0;
  for (const auto& finding : all) sum += finding.count;
  EXPECT_EQ(sum, 1001U);
}

TEST(FindingTable, long_and_hostile_paths_are_cut_and_cleaned) {
  FindingTable table;
  std::string path = "a\x1b[2J\u202e";
  for (int i = 0; i < 1000; ++i) path += "\u0647";
  table.add(0, Detector::email, "email", path, "a@a");
  const auto all = table.by_risk();
  EXPECT_LE(all[0].path.size(), 512U);
  EXPECT_EQ(all[0].path.substr(0, 7), "a?[2J\u0647");
}

TEST(Severity, every_detector_has_one) {
  for (int i = 1; i < pii::kDetectorCount; ++i) {
    EXPECT_FALSE(to_string(severity_of(static_cast<Detector>(i))).empty());
  }
  EXPECT_EQ(severity_of(Detector::private_key), Severity::critical);
  EXPECT_EQ(severity_of(Detector::kw_civil_id), Severity::high);
  EXPECT_EQ(severity_of(Detector::email), Severity::medium);
}

}  // namespace
}  // namespace piictl
