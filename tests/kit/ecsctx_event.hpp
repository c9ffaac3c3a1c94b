#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "mask/ecsctx_rules.hpp"
#include "pii/tokenizer.hpp"

namespace pii::kit {

/// How the Python package ecsctx is set up.
struct EcsctxSetup {
  const Tokenizer* tokenizer = nullptr;  // null: not configured
  std::vector<std::string> exempt_paths = {};
  bool fixed = false;  // the rules of ecsctx-fixed
};

/// What its processor mask_sensitive_data makes of an event: slow, a value at a time, each step as the
/// package takes it. Integers beyond 64 bits are what parse_exact() makes of them.
nlohmann::ordered_json mask_ecsctx_event(nlohmann::ordered_json event, const EcsctxSetup& setup);
/// What it makes of a text.
std::string scrub_ecsctx_text(std::string_view text, const EcsctxSetup& setup);
/// The paths of its variable PII_MASK_EXEMPT_PATHS.
std::vector<std::string> split_exempt_paths(std::string_view variable);

}  // namespace pii::kit
