#include <gtest/gtest.h>

#include <set>
#include <string>

#include "pii/selftest.hpp"

namespace pii {
namespace {

TEST(SelfTest, EveryImplementationPassesAndIsNamedOnce) {
  std::set<std::string> names;
  for (const SelfTestResult& result : run_self_test()) {
    EXPECT_TRUE(result.passed) << result.name << ": " << result.detail;
    EXPECT_TRUE(names.insert(result.name).second) << result.name;
  }
  for (const char* name : {"sha256/portable", "sha256/openssl", "hmac-sha256/portable x1", "hmac-sha256/openssl x1",
                           "aes-256-gcm/openssl", "aes-256/openssl", "xaes-256-gcm/openssl and openssl",
                           "hkdf-sha256/rfc 5869", "pii-aead-2/own vector", "base64url/portable"}) {
    EXPECT_EQ(names.count(name), 1U) << name;
  }
}

TEST(SelfTest, WhatIsInForceIsAmongWhatWasTested) {
  std::set<std::string> tested;
  for (const SelfTestResult& result : run_self_test()) tested.insert(result.name);
  std::set<std::string> primitives;
  for (const Implementation& implementation : implementations()) {
    primitives.insert(implementation.primitive);
    if (implementation.primitive == "random") continue;
    std::string names = implementation.name + " + ";
    while (!names.empty()) {
      const std::size_t end = names.find(" + ");
      EXPECT_EQ(tested.count(implementation.primitive + "/" + names.substr(0, end)), 1U)
          << implementation.name;
      names.erase(0, end + 3);
    }
  }
  EXPECT_EQ(primitives,
            (std::set<std::string>{"sha256", "hmac-sha256", "aes-256-gcm", "xaes-256-gcm", "base64url", "random"}));
}

}  // namespace
}  // namespace pii
