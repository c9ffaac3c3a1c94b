#pragma once

#include <string>
#include <vector>

#include "pii/export.hpp"

namespace pii {

/// One known-answer test of this build on this machine.
struct SelfTestResult {
  std::string name;            // "sha256/shani", "aes-256-gcm/libsodium", ...
  bool passed = false;
  std::string detail;          // which implementation, or what differed; never key material
};

/// Runs every known-answer test of every implementation that this processor can run.
PII_EXPORT std::vector<SelfTestResult> run_self_test();

/// Names of the implementations in use, e.g. {"sha256", "shani + avx512 x16"}.
struct Implementation {
  std::string primitive;
  std::string name;
};
PII_EXPORT std::vector<Implementation> implementations();

}  // namespace pii
