// What a policy document says, and what is refused with the place where it stands.
#include <gtest/gtest.h>

#include <string>

#include "pii/policy/policy_file.hpp"

namespace pii {
namespace {

Result<PolicySpec> yaml(const std::string& text) { return parse_policy(text, PolicySyntax::yaml); }
Result<PolicySpec> json(const std::string& text) { return parse_policy(text, PolicySyntax::json); }

const MaskAction& action_of(const PolicySpec& spec, Detector detector) {
  return spec.actions[static_cast<std::size_t>(detector)];
}

// The refusal of a document, or "taken".
std::string refusal(const std::string& text) {
  const auto spec = yaml(text);
  return spec ? "taken" : spec.error().message();
}

TEST(PolicyDocument, TheShortestIsTheProfileDefault) {
  const auto spec = yaml("version: 1\n");
  ASSERT_TRUE(spec) << spec.error().message();
  const PolicySpec standard = *PolicySpec::profile("default");
  EXPECT_EQ(spec->enabled, standard.enabled);
  EXPECT_EQ(spec->actions, standard.actions);
  EXPECT_EQ(spec->never_scan, standard.never_scan);
}

TEST(PolicyDocument, ReadsEverySection) {
  const auto spec = yaml(R"(
version: 1
extends: [gulf-payments, pci-strict]
on_error: placeholder-event
unconfigured_keys: redact
limits: { max_depth: 32, max_leaf_bytes: 4096, over_limit: redact-leaf, embedded_json_depth: 1, max_line_bytes: 65536 }
scope:
  include: ["payload.**", "http"]
  never_scan: ["trace.id"]
actions:
  last4: { type: partial, keep_last: 4, char: "*" }
  pan:   { type: card, keep: [bin6, last4] }
  dom:   { type: email, keep: domain }
  net:   { type: ip_prefix, v4: 16, v6: 56 }
  label: { type: redact, text: "[{detector}]" }
detectors:
  email: { action: dom }
  card:  { action: pan, bare_requires_context: true, iin_extra: ["968299"] }
  phone: { regions: [SA, KW], action: last4 }
  sa_id: { enabled: false }
  iban:  { context: required }
  ipv4:  { action: net, skip_private: true }
  mac:   { action: drop }
  custom:
    - { id: merchant_orn, regex: 'ORN-([0-9A-F]{12})', keywords: [orn], capture: 1, validator: entropy>=2.5, action: label }
    - { id: any_word, regex: 'w+', keywords: none }
keys:
  sensitive: [payer, { words: "customer no", type: account }]
  drop: [magic]
  safe: [gateway_name]
  inherit_into: objects
paths:
  - { path: "a.b", action: { type: redact, text: "[GONE]" } }
  - { path: "payload.items[*].name", exempt: keys }
allow:
  values: ["support@example.com"]
  domains: ["corp.example"]
  regex: ["^test-"]
stats: { level: paths }
sampling: { report_rate: 0.5 }
)");
  ASSERT_TRUE(spec) << spec.error().message();
  EXPECT_EQ(spec->on_error, PolicySpec::OnError::placeholder_event);
  EXPECT_EQ(spec->max_depth, 32U);
  EXPECT_EQ(spec->max_leaf_bytes, 4096U);
  EXPECT_EQ(spec->over_limit, PolicySpec::OverLimit::redact_leaf);
  EXPECT_EQ(spec->embedded_json_depth, 1U);
  EXPECT_EQ(spec->max_line_bytes, 65536U);
  EXPECT_EQ(spec->include, (std::vector<std::string>{"payload.**", "http"}));
  EXPECT_EQ(action_of(*spec, Detector::email).type, MaskAction::Type::keep_domain);
  EXPECT_EQ(action_of(*spec, Detector::card).bin, 6);
  EXPECT_EQ(action_of(*spec, Detector::card).keep_last, 4);
  EXPECT_EQ(action_of(*spec, Detector::phone).keep_last, 4);
  EXPECT_EQ(action_of(*spec, Detector::ipv4).v4_prefix, 16);
  EXPECT_EQ(action_of(*spec, Detector::card_expiry).type, MaskAction::Type::drop);  // pci-strict
  EXPECT_TRUE(spec->enabled.contains(Detector::qa_qid));                            // gulf-payments
  EXPECT_TRUE(spec->enabled.contains(Detector::mac));
  EXPECT_FALSE(spec->enabled.contains(Detector::sa_id));
  EXPECT_EQ(spec->context_required, (DetectorSet{Detector::card, Detector::iban}));
  EXPECT_EQ(spec->regions, (std::vector<std::string>{"SA", "KW"}));
  EXPECT_EQ(spec->extra_iins, std::vector<std::string>{"968299"});
  EXPECT_TRUE(spec->skip_private_ips);
  ASSERT_EQ(spec->custom.size(), 2U);
  EXPECT_EQ(spec->custom[0].check.kind, CandidateCheck::Kind::min_entropy);
  EXPECT_EQ(spec->custom[0].check.min_entropy, 2.5);
  EXPECT_TRUE(spec->custom[1].keywords.empty());
  const auto match = spec->custom[0].matcher->find("an ORN-0123456789AB, ORN-0000", 0);
  ASSERT_TRUE(match);
  EXPECT_EQ(match->begin, 7U);
  EXPECT_EQ(match->end, 19U);
  EXPECT_FALSE(spec->custom[0].matcher->find("an ORN-0123456789AB, ORN-0000", 4));
  ASSERT_EQ(spec->sensitive_keys.size(), 2U);
  EXPECT_EQ(spec->sensitive_keys[1].type, Detector::account);
  EXPECT_EQ(spec->inherit, PolicySpec::Inherit::objects);
  ASSERT_EQ(spec->paths.size(), 2U);
  EXPECT_EQ(spec->paths[0].action->label, "[GONE]");
  EXPECT_EQ(spec->paths[1].exempt, PathRule::Exempt::keys);
  EXPECT_EQ(spec->allow_patterns.size(), 1U);
  EXPECT_FALSE(spec->allow_test_cards);
  EXPECT_EQ(spec->stats, PolicySpec::Stats::paths);
  EXPECT_EQ(spec->report_rate, 0.5);
  const auto compiled = MaskPolicy::compile(*spec);
  EXPECT_TRUE(compiled) << compiled.error().message();
}

TEST(PolicyDocument, JsonIsItsTwin) {
  const auto spec = json(
      R"({"version": 1, "keys": {"sensitive": ["\u0645\u062f\u0646\u064a"]}, "allow": {"test_cards": true}})");
  ASSERT_TRUE(spec) << spec.error().message();
  EXPECT_EQ(spec->sensitive_keys.at(0).words, "مدني");
  EXPECT_TRUE(spec->allow_test_cards);
  for (const char* bad :
       {"", "{", R"({"version": 1,})", R"({"version": 01})", R"({"version": 1} x)", R"({"a": "\ud800"})",
        R"({"version": 1, "version": 1})", "{\"a\": \"\n\"}", R"({"a": nul})"}) {
    EXPECT_FALSE(json(bad)) << bad;
  }
  EXPECT_EQ(json("{\"version\": 1,\n  \"keys\": {\"x\": 1}}").error().message(),
            "policy: line 2, column 12: keys.x: is no member that a policy knows");
}

TEST(PolicyDocument, RefusesWithThePlace) {
  EXPECT_EQ(refusal("version: 1\nlimit: {}\n"),
            "policy: line 2, column 1: limit: is no member that a policy knows");
  EXPECT_EQ(refusal("version: 1\nlimits: { max_depth: 0 }\n"),
            "policy: line 2, column 22: limits.max_depth: must be a number from 1 to 1000");
  EXPECT_EQ(refusal("version: 2\n"), "policy: version must be the number 1");
  EXPECT_EQ(refusal("version: '1'\n"), "policy: version must be the number 1");
  EXPECT_EQ(refusal("on_error: redact-leaf\n"), "policy: line 1, column 1: version: is missing");
  EXPECT_EQ(refusal("version: 1\non_error: pass\n"),
            "policy: line 2, column 11: on_error: has none of the values that are known");
  EXPECT_EQ(refusal("version: 1\nkeys: { drop: [ok, 'a b c d e f g'] }\n"), "policy: line 2, column 20: keys.drop[1]: has more than six words");
  EXPECT_EQ(refusal("version: 1\nkeys:\n  safe: ['--']\n"), "policy: line 3, column 10: keys.safe[0]: has no word");
  EXPECT_EQ(refusal("version: 1\nkeys:\n  sensitive: [{ words: '***' }]\n"), "policy: line 3, column 15: keys.sensitive[0]: has no word");
  EXPECT_EQ(refusal("version: 1\nversion: 1\n"), "policy: line 2, column 1: this member stands there twice");
}

TEST(PolicyDocument, RefusesWhatYamlCouldHide) {
  EXPECT_EQ(refusal("version: &a 1\n"), "policy: line 1, column 10: anchors are not allowed");
  EXPECT_NE(refusal("version: 1\nstats: &a {level: off}\nsampling: *a\n").find("not allowed"),
            std::string::npos);
  EXPECT_EQ(refusal("version: !!int 1\n"), "policy: line 1, column 10: tags are not allowed");
  EXPECT_EQ(refusal("version: 1\n---\nversion: 1\n"),
            "policy: line 1, column 1: there is more than one document");
  EXPECT_NE(refusal("version: 1\nkeys: " + std::string(40, '[') + std::string(40, ']') + "\n").find("nested"),
            std::string::npos);
  EXPECT_NE(refusal("version: 1\nkeys: {\n").find("this is not YAML"), std::string::npos);
  EXPECT_NE(refusal(std::string("version: 1\n# \xff\n")).find("UTF-8"), std::string::npos);
  EXPECT_EQ(refusal(std::string(kMaxPolicySize + 1, ' ')), "policy: larger than 1 MiB");
  EXPECT_EQ(refusal("version: 1\nallow: { test_cards: yes }\n"),
            "policy: line 2, column 22: allow.test_cards: must be true or false");
}

TEST(PolicyDocument, CannotTurnMaskingOff) {
  for (const char* path : {"**", "*", "**.*", "[*]", "$"}) {
    EXPECT_NE(refusal("version: 1\npaths: [{ path: \"" + std::string(path) + "\", exempt: all }]\n")
                  .find("masking off"),
              std::string::npos)
        << path;
  }
  EXPECT_EQ(refusal("version: 1\npaths: [{ path: \"**.blob\", exempt: all }]\n"), "taken");
  EXPECT_NE(refusal("version: 1\nscope: { include: [] }\n").find("nothing to mask"), std::string::npos);
  EXPECT_NE(refusal("version: 1\nscope: { never_scan: [\"**\"] }\n").find("names nothing"),
            std::string::npos);
  for (const char* member : {"check: true", "dry_run: true", "enabled: false", "report_only: true"}) {
    EXPECT_NE(refusal("version: 1\n" + std::string(member) + "\n").find("is no member"), std::string::npos)
        << member;
  }
}

TEST(PolicyDocument, RefusesActionsOutsideTheGrammar) {
  for (const char* action :
       {"{ type: redact, text: \"x\" }", "{ type: redact, text: \"[lower]\" }",
        "{ type: partial, keep_last: 5 }", "{ type: partial, keep_last: 4, char: \"x\" }",
        "{ type: card, keep: [bin6, bin8] }", "{ type: card }", "{ type: ip_prefix, v4: 32 }",
        "{ type: email, keep: local }", "{ type: pass }", "{ type: token, text: \"[A]\" }", "{}",
        "nowhere"}) {
    EXPECT_NE(refusal("version: 1\ndetectors: { email: { action: " + std::string(action) + " } }\n"), "taken")
        << action;
  }
}

TEST(PolicyDocument, RefusesPatternsThatMatchEverywhereOrCost) {
  const auto custom = [](const std::string& members) {
    return refusal("version: 1\ndetectors:\n  custom:\n    - { id: mine, " + members + " }\n");
  };
  EXPECT_EQ(custom("regex: 'A1+', keywords: none"), "taken");
  for (const char* bad :
       {"regex: '', keywords: none", "regex: 'a*', keywords: none", "regex: '^', keywords: none",
        "regex: '(', keywords: none", "regex: '(?=a)', keywords: none",
        "regex: '((a{1,100}){1,100}){1,100}', keywords: none", "regex: 'a'", "regex: 'a', keywords: []",
        "regex: 'a', keywords: none, capture: 1", "regex: 'a', keywords: none, validator: crc"}) {
    EXPECT_NE(custom(bad), "taken") << bad;
  }
  EXPECT_NE(refusal("version: 1\nallow: { regex: ['.*'] }\n").find("empty text"), std::string::npos);
  EXPECT_NE(refusal("version: 1\ndetectors: { custom: [{ id: email, regex: 'a', keywords: none }] }\n"),
            "taken");
  EXPECT_NE(refusal("version: 1\ndetectors: { emial: {} }\n"), "taken");
}

TEST(PolicyDocument, NeverRepeatsAValue) {
  for (const std::string& text : {std::string("version: 1\nallow: { values: [canary@x.example, {}] }\n"),
                                  std::string("version: 1\n\"canary@x.example\": 1\n"),
                                  std::string("version: 1\non_error: canary@x.example\n"),
                                  std::string("version: 1\nallow: { values: \"canary@x.example }\n")}) {
    EXPECT_EQ(refusal(text).find("canary"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace pii
