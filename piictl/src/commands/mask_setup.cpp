#include "commands/mask_setup.hpp"

#include <algorithm>
#include <chrono>

#include "display_text.hpp"
#include "pii/policy/policy_file.hpp"
#include "report.hpp"
#include "settings.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::MaskAction;
using pii::PolicySpec;
using pii::Result;

Result<PolicySpec> profile_of(const std::string& name) {
  auto spec = PolicySpec::profile(name.empty() ? "default" : name);
  if (spec) return spec;
  std::string all;
  for (const std::string_view known : PolicySpec::profile_names()) {
    all += (all.empty() ? "" : ", ") + std::string(known);
  }
  return Error(ErrorCode::usage, "--profile has a value that it does not know", "it takes one of: " + all);
}

Result<void> check_rules(const RuleFlags& flags) {
  if (!flags.policy.empty() && !flags.profile.empty()) {
    return Error(ErrorCode::usage, "--policy and --profile are both given",
                 "a policy file names the profiles it builds on: extends");
  }
  return {};
}

bool encrypts(const PolicySpec& spec) {
  const auto is_encrypt = [](const MaskAction& action) { return action.type == MaskAction::Type::encrypt; };
  return std::ranges::any_of(spec.actions, is_encrypt) ||
         std::ranges::any_of(spec.custom, [&](const auto& custom) { return is_encrypt(custom.action); }) ||
         std::ranges::any_of(spec.paths,
                             [&](const auto& rule) { return rule.action && is_encrypt(*rule.action); });
}

Result<MaskSetup> make_rules(const MaskFlags& flags) {
  auto spec = load_rules(flags);
  if (!spec) return std::move(spec).error();
  if (flags.max_line != 0) spec->max_line_bytes = static_cast<std::uint32_t>(flags.max_line);
  auto policy = pii::MaskPolicy::compile(*std::move(spec));
  if (!policy) return std::move(policy).error();
  MaskSetup setup;
  setup.policy = *std::move(policy);
  setup.policy_name = "default";
  if (!flags.profile.empty()) setup.policy_name = flags.profile;
  if (!flags.policy.empty()) setup.policy_name = flags.policy;
  return setup;
}

Result<MaskSetup> follow_rules(const MaskFlags& flags, const Report& report) {
  constexpr std::chrono::milliseconds kInterval(200);
  if (auto checked = check_rules(flags); !checked) return std::move(checked).error();
  const auto adjust = [max_line = flags.max_line](PolicySpec& spec) {
    if (max_line != 0) spec.max_line_bytes = static_cast<std::uint32_t>(max_line);
  };
  auto file = pii::PolicyFile::open(flags.policy, {.interval = kInterval, .adjust = adjust});
  if (!file) return std::move(file).error();
  MaskSetup setup;
  setup.policy = (*file)->current();
  setup.policy_name = flags.policy;
  setup.followed = std::make_shared<FollowedPolicy>(*std::move(file), report);
  return setup;
}

}  // namespace

void RuleFlags::declare(OptionList& options) {
  options.add_file("--policy", policy, "FILE", "the rules to follow (docs/policy.md), YAML or .json");
  options.add_text("--profile", profile, "NAME", "the built-in rules to follow (default: default)");
}

void MaskFlags::declare(OptionList& options) {
  RuleFlags::declare(options);
  OptionSpec& longest = options.add_number("--max-line", max_line, "BYTES",
                                           "a longer line is replaced by a placeholder (default 1 MiB)");
  longest.minimum = 1024;
  longest.maximum = std::uint64_t{1} << 30;
}

Result<PolicySpec> load_rules(const RuleFlags& flags) {
  if (auto checked = check_rules(flags); !checked) return std::move(checked).error();
  return flags.policy.empty() ? profile_of(flags.profile) : pii::load_policy(flags.policy);
}

Result<MaskSetup> make_scan_setup(const MaskFlags& flags) { return make_rules(flags); }

Result<MaskSetup> make_mask_setup(const MaskFlags& flags, const Session& session) {
  auto setup = flags.policy.empty() ? make_rules(flags) : follow_rules(flags, session.report);
  if (!setup) return setup;
  auto keysets = encrypts(setup->policy->spec()) ? open_keysets(session) : open_keyset(pii::KeysetUsage::token, session);
  if (!keysets) {
    if (keysets.error().code() != ErrorCode::not_configured) return std::move(keysets).error();
    session.report.note(
        "no keyset is configured, so what would be a token is [PII_REDACTED]; piictl init makes local ones");
    return setup;
  }
  setup->keys.provider = std::move(keysets->provider);
  setup->keys.environment = std::move(keysets->environment);
  setup->keys.full_access = keysets->has_reveal;
  return setup;
}

std::string shown_name(pii::Masker& masker, std::string_view name) {
  const std::string shown = display_text(name);
  const auto mask = [&](std::string_view text) {
    std::string masked;
    masker.mask_text(text, masked);
    return masked;
  };
  // To the masker an address that ends as files do is none: ada@example.com.log.
  std::string_view stem = shown;
  for (int endings = 0; endings < 2; ++endings) {
    const std::size_t dot = stem.rfind('.');
    if (dot == std::string_view::npos) break;
    stem = stem.substr(0, dot);
    const std::string masked = mask(stem);
    if (masked != stem) return masked + mask(std::string_view(shown).substr(dot));
  }
  return mask(shown);
}

}  // namespace piictl
