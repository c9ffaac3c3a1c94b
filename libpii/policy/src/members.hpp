#pragma once

#include <span>
#include <string_view>

// The members that a policy's objects may have. docs/policy.schema.json says the same; a test compares them.
namespace pii::policy {

struct MemberList {
  std::string_view object;  // "policy", or the name of a definition of the schema
  std::span<const std::string_view> names;
};

namespace members {
inline constexpr std::string_view kPolicy[] = {
    "version", "extends", "on_error", "unconfigured_keys", "limits", "scope", "actions", "detectors", "keys",
    "paths",   "allow",   "stats",    "sampling"};
inline constexpr std::string_view kLimits[] = {"max_depth", "max_leaf_bytes", "over_limit",
                                               "embedded_json_depth", "max_line_bytes"};
inline constexpr std::string_view kScope[] = {"include", "never_scan"};
inline constexpr std::string_view kAction[] = {"type"};
inline constexpr std::string_view kRedact[] = {"type", "text"};
inline constexpr std::string_view kPartial[] = {"type", "keep_last", "char"};
inline constexpr std::string_view kKeep[] = {"type", "keep"};
inline constexpr std::string_view kIpPrefix[] = {"type", "v4", "v6"};
inline constexpr std::string_view kDetector[] = {"enabled", "action", "context"};
inline constexpr std::string_view kCard[] = {"enabled", "action", "context", "bare_requires_context",
                                             "iin_extra"};
inline constexpr std::string_view kPhone[] = {"enabled", "action", "context", "regions"};
inline constexpr std::string_view kIp[] = {"enabled", "action", "context", "skip_private"};
inline constexpr std::string_view kCustom[] = {"id", "regex", "keywords", "capture", "validator", "action"};
inline constexpr std::string_view kKeys[] = {"sensitive", "drop", "safe", "inherit_into"};
inline constexpr std::string_view kKeyWords[] = {"words", "type"};
inline constexpr std::string_view kPath[] = {"path", "exempt", "action"};
inline constexpr std::string_view kAllow[] = {"values", "domains", "regex", "test_cards"};
inline constexpr std::string_view kStats[] = {"level"};
inline constexpr std::string_view kSampling[] = {"report_rate"};
}  // namespace members

inline constexpr MemberList kMemberLists[] = {
    {"policy", members::kPolicy},
    {"limits", members::kLimits},
    {"scope", members::kScope},
    {"action_token", members::kAction},
    {"action_redact", members::kRedact},
    {"action_partial", members::kPartial},
    {"action_card", members::kKeep},
    {"action_email", members::kKeep},
    {"action_ip_prefix", members::kIpPrefix},
    {"detector", members::kDetector},
    {"detector_card", members::kCard},
    {"detector_phone", members::kPhone},
    {"detector_ip", members::kIp},
    {"custom_detector", members::kCustom},
    {"keys", members::kKeys},
    {"key_words", members::kKeyWords},
    {"path", members::kPath},
    {"allow", members::kAllow},
    {"stats", members::kStats},
    {"sampling", members::kSampling},
};

}  // namespace pii::policy
