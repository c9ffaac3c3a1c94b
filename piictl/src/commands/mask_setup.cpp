#include "commands/mask_setup.hpp"

#include <algorithm>

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

Result<PolicySpec> load_spec(const MaskFlags& flags) {
  if (!flags.policy.empty() && !flags.profile.empty()) {
    return Error(ErrorCode::usage, "--policy and --profile are both given",
                 "a policy file names the profiles it builds on: extends");
  }
  if (!flags.policy.empty()) return pii::load_policy(flags.policy);
  auto spec = PolicySpec::profile(flags.profile.empty() ? "default" : flags.profile);
  if (spec) return spec;
  std::string all;
  for (const std::string_view name : PolicySpec::profile_names()) {
    all += (all.empty() ? "" : ", ") + std::string(name);
  }
  return Error(ErrorCode::usage, "--profile has a value that it does not know", "it takes one of: " + all);
}

bool encrypts(const PolicySpec& spec) {
  const auto is_encrypt = [](const MaskAction& action) { return action.type == MaskAction::Type::encrypt; };
  return std::ranges::any_of(spec.actions, is_encrypt) ||
         std::ranges::any_of(spec.custom, [&](const auto& custom) { return is_encrypt(custom.action); }) ||
         std::ranges::any_of(spec.paths,
                             [&](const auto& rule) { return rule.action && is_encrypt(*rule.action); });
}

Result<MaskSetup> make_rules(const MaskFlags& flags, bool& with_encryption) {
  auto spec = load_spec(flags);
  if (!spec) return std::move(spec).error();
  if (flags.max_line != 0) spec->max_line_bytes = static_cast<std::uint32_t>(flags.max_line);
  with_encryption = encrypts(*spec);
  auto policy = pii::MaskPolicy::compile(*std::move(spec));
  if (!policy) return std::move(policy).error();
  MaskSetup setup;
  setup.policy = *std::move(policy);
  setup.policy_name = "default";
  if (!flags.profile.empty()) setup.policy_name = flags.profile;
  if (!flags.policy.empty()) setup.policy_name = flags.policy;
  return setup;
}

}  // namespace

void MaskFlags::declare(OptionList& options) {
  options.add_text("--policy", policy, "FILE", "the rules to follow (docs/policy.md), YAML or .json")
      .is_file = true;
  options.add_text("--profile", profile, "NAME", "the built-in rules to follow (default: default)");
  OptionSpec& longest = options.add_number("--max-line", max_line, "BYTES",
                                           "a longer line is replaced by a placeholder (default 1 MiB)");
  longest.minimum = 1024;
  longest.maximum = std::uint64_t{1} << 30;
}

Result<MaskSetup> make_scan_setup(const MaskFlags& flags) {
  bool with_encryption = false;
  return make_rules(flags, with_encryption);
}

Result<MaskSetup> make_mask_setup(const MaskFlags& flags, const Session& session) {
  bool with_encryption = false;
  auto setup = make_rules(flags, with_encryption);
  if (!setup) return setup;
  auto keysets = with_encryption ? open_keysets(session) : open_keyset(pii::KeysetUsage::token, session);
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
