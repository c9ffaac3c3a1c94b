#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "kit/reference_masker.hpp"
#include "pii/mask_policy.hpp"
#include "pii/masker.hpp"

namespace pii::kit {

/// A policy that both run under.
struct RacePolicy {
  std::string name;
  PolicySpec spec;
};
inline void PrintTo(const RacePolicy& policy, std::ostream* out) { *out << policy.name; }
/// Its name as a test may have it.
std::string test_name(const RacePolicy& policy);
/// The catalogue's profiles and some that have a bit of everything.
std::vector<RacePolicy> race_policies();

/// The engine beside the reference, both with or without keys.
class MaskRace {
 public:
  MaskRace(const RacePolicy& policy, bool with_keys);

  /// Both mask `lines`. What differs, for people to read; empty when nothing does.
  std::string differs(std::string_view lines);
  /// What the engine made of them last.
  const std::string& output() const { return out_; }

 private:
  RacePolicy policy_;
  Masker engine_;
  reference::ReferenceMasker reference_;
  MaskCounts engine_before_;
  MaskCounts reference_before_;
  std::string out_;
};

/// No two ciphertexts are equal, but what they hold is: a text with field and plaintext in the place of each that the test
/// keyset opens.
std::string revealed(std::string_view text);

/// A text of any bytes, for people to read.
std::string printable(std::string_view bytes);

}  // namespace pii::kit
