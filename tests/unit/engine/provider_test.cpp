#include "pii/provider.hpp"

#include <gtest/gtest.h>

#include <set>

#include "pii/observer.hpp"

namespace pii {
namespace {

TEST(ProviderEvent, KindsHaveDistinctNames) {
  using Kind = ProviderEvent::Kind;
  std::set<std::string_view> names;
  for (const Kind kind : {Kind::loaded, Kind::reload_failed, Kind::load_failed, Kind::permissions_too_wide,
                          Kind::withdrawn, Kind::not_verified, Kind::key_worn}) {
    EXPECT_TRUE(names.insert(to_string(kind)).second);
  }
  EXPECT_EQ(names.count("unknown"), 0u);
  EXPECT_EQ(to_string(static_cast<Kind>(99)), "unknown");
}

}  // namespace
}  // namespace pii
