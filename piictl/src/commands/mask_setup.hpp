#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "command.hpp"
#include "commands/followed_policy.hpp"
#include "pii/masker.hpp"

namespace piictl {

/// The flags that say by which rules personal data is found.
struct RuleFlags {
  std::string policy;
  std::string profile;

  void declare(OptionList& options);
};
/// And how long a line may be.
struct MaskFlags : RuleFlags {
  std::uint64_t max_line = 0;  // 0: what the policy says

  void declare(OptionList& options);
};

/// What the flags name. Errors: usage, and what reading a policy file gives.
pii::Result<pii::PolicySpec> load_rules(const RuleFlags& flags);

/// What a masker is made of, and how the rules are called.
struct MaskSetup {
  std::shared_ptr<const pii::MaskPolicy> policy;
  pii::MaskKeys keys;
  std::string policy_name;  // of the profile, or the path of the policy file
  std::shared_ptr<FollowedPolicy> followed = {};  // of make_mask_setup, where there is a policy file

  pii::Masker make_masker() const { return {policy, keys}; }
};

/// The rules alone, for a look: every token is [PII_REDACTED]. Errors: usage, invalid_setting, and what
/// reading a policy file gives.
pii::Result<MaskSetup> make_scan_setup(const MaskFlags& flags);
/// Rules and keys; a policy file is followed. Without a keyset configured personal data is redacted, and a note says so. Errors: those,
/// and what a configured keyset that cannot be had gives.
pii::Result<MaskSetup> make_mask_setup(const MaskFlags& flags, const Session& session);

/// A file's name (or any other text) as people may be shown it: masked, and safe for a terminal.
std::string shown_name(pii::Masker& masker, std::string_view name);

}  // namespace piictl
