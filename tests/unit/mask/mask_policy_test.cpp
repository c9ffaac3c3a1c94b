// What a policy may not say.
#include <gtest/gtest.h>

#include "kit/mask_race.hpp"
#include "pii/mask_policy.hpp"

namespace pii {
namespace {

std::string refusal(PolicySpec spec) {
  const auto policy = MaskPolicy::compile(std::move(spec));
  if (policy) return "accepted";
  EXPECT_EQ(policy.error().code(), ErrorCode::invalid_setting);
  return policy.error().message();
}

PolicySpec base() { return *PolicySpec::profile("default"); }

/// What becomes of the default profile with one thing changed.
template <class Change>
std::string refusal_with(Change change) {
  PolicySpec spec = base();
  change(spec);
  return refusal(std::move(spec));
}

bool names(const std::string& message, std::string_view member) { return message.find(member) != std::string::npos; }

TEST(MaskPolicy, TakesEveryProfileAndTheRacePolicies) {
  for (const std::string_view name : PolicySpec::profile_names()) EXPECT_EQ(refusal(*PolicySpec::profile(name)), "accepted") << name;
  for (const kit::RacePolicy& policy : kit::race_policies()) EXPECT_EQ(refusal(policy.spec), "accepted") << policy.name;
  EXPECT_FALSE(PolicySpec::profile("no-such-profile"));
}

TEST(MaskPolicy, RefusesOutputsOutsideTheGrammar) {
  for (const char* label : {"plain", "[lower]", "[]", "[1A]", "[A B]", "[A", "A]", "[A\"]", "[A234567890123456789012345678901234]"}) {
    const std::string message = refusal_with([&](PolicySpec& spec) {
      MaskAction& action = spec.actions[static_cast<std::size_t>(Detector::email)];
      action.type = MaskAction::Type::redact;
      action.label = label;
    });
    EXPECT_TRUE(names(message, "email") && names(message, "grammar")) << label << ": " << message;
  }
  const auto with_path_action = [](MaskAction action) {
    return refusal_with([&](PolicySpec& spec) { spec.paths = {{"a.b", PathRule::Exempt::none, action}}; });
  };
  MaskAction action;
  action.type = MaskAction::Type::redact;
  action.label = "nothing";
  EXPECT_TRUE(names(with_path_action(action), "paths.a.b"));
  action = {};
  action.type = MaskAction::Type::partial;
  action.keep_last = 5;
  EXPECT_TRUE(names(with_path_action(action), "keep_last"));
  action = {};
  action.type = MaskAction::Type::card_parts;
  action.bin = 7;
  EXPECT_TRUE(names(with_path_action(action), "bin"));
  action.bin = 6;
  action.keep_last = 3;
  EXPECT_TRUE(names(with_path_action(action), "4"));
  action = {};
  action.type = MaskAction::Type::ip_prefix;
  EXPECT_TRUE(names(with_path_action(action), "ip_prefix"));  // the detectors make tokens
  action.v4_prefix = 32;
  EXPECT_TRUE(names(with_path_action(action), "v4"));
  action.v4_prefix = 24;
  action.v6_prefix = 15;
  EXPECT_TRUE(names(with_path_action(action), "v6"));
}

TEST(MaskPolicy, RefusesToSwitchMaskingOff) {
  for (const char* path : {"**", "**.**"}) {
    EXPECT_TRUE(names(refusal_with([&](PolicySpec& spec) { spec.paths = {{path, PathRule::Exempt::all}}; }), "switch masking off"));
    EXPECT_TRUE(names(refusal_with([&](PolicySpec& spec) { spec.never_scan = {path}; }), "never_scan"));
  }
  EXPECT_EQ(refusal_with([](PolicySpec& spec) { spec.paths = {{"**", PathRule::Exempt::keys}}; }), "accepted");
}

TEST(MaskPolicy, RefusesBadPatternsAndLists) {
  EXPECT_TRUE(names(refusal_with([](PolicySpec& spec) { spec.include = {""}; }), "scope.include"));
  EXPECT_TRUE(names(refusal_with([](PolicySpec& spec) { spec.never_scan = {"a..b"}; }), "scope.never_scan"));
  EXPECT_TRUE(names(refusal_with([](PolicySpec& spec) { spec.paths = {{"a["}}; }), "paths"));
  EXPECT_TRUE(names(refusal_with([](PolicySpec& spec) { spec.allow_values = {""}; }), "allow.values"));
  EXPECT_TRUE(names(refusal_with([](PolicySpec& spec) { spec.allow_domains = {""}; }), "allow.domains"));
  EXPECT_NE(refusal_with([](PolicySpec& spec) { spec.regions = {"XX"}; }), "accepted");
  EXPECT_NE(refusal_with([](PolicySpec& spec) { spec.extra_iins = {"12"}; }), "accepted");
  EXPECT_NE(refusal_with([](PolicySpec& spec) { spec.custom = {{"mine", {}, nullptr}}; }), "accepted");
  EXPECT_NE(refusal_with([](PolicySpec& spec) { spec.paths.assign(5000, {"a"}); }), "accepted");
}

TEST(MaskPolicy, RefusesPhrasesThatNoKeyHas) {
  EXPECT_TRUE(names(refusal_with([](PolicySpec& spec) { spec.drop_keys = {"a b c d e f g"}; }), "keys.drop[0]: has more than six words"));
  EXPECT_TRUE(names(refusal_with([](PolicySpec& spec) { spec.safe_keys = {"a", "***"}; }), "keys.safe[1]: has no word"));
  EXPECT_TRUE(names(refusal_with([](PolicySpec& spec) { spec.sensitive_keys = {{"cardholdernames of a big bank here"}}; }), "keys.sensitive[0]"));
  EXPECT_EQ(refusal_with([](PolicySpec& spec) { spec.drop_keys = {"a b c d e f", "x.y.z code"}; }), "accepted");
}

TEST(MaskPolicy, RefusesLimitsOutOfRange) {
  EXPECT_TRUE(names(refusal_with([](PolicySpec& spec) { spec.max_depth = 0; }), "limits.max_depth"));
  EXPECT_TRUE(names(refusal_with([](PolicySpec& spec) { spec.max_depth = 1001; }), "limits.max_depth"));
  EXPECT_TRUE(names(refusal_with([](PolicySpec& spec) { spec.max_leaf_bytes = 255; }), "limits.max_leaf_bytes"));
  EXPECT_TRUE(names(refusal_with([](PolicySpec& spec) { spec.embedded_json_depth = 9; }), "limits.embedded_json_depth"));
  EXPECT_TRUE(names(refusal_with([](PolicySpec& spec) { spec.max_line_bytes = 1023; }), "limits.max_line_bytes"));
}

}  // namespace
}  // namespace pii
