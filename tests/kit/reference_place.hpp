#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "detect/outputs.hpp"
#include "mask/key_policy.hpp"
#include "pii/mask_policy.hpp"

// What the keys above a value and the policy's paths say of it: docs/masking.md section 3.
namespace pii::kit::reference {

/// A step down from the event: a member's name or an element's index.
struct PathStep {
  bool is_index = false;
  std::string name = {};
  std::uint32_t index = 0;
};
using Path = std::vector<PathStep>;

/// Whether a pattern of docs/policy.md "Paths" matches a path or one above it.
bool path_matches(std::string_view pattern, const Path& path);

/// By keys alone.
struct Place {
  Path path = {};
  std::vector<std::string> keys = {};  // of the objects above, the value's own last
  mask::KeyVerdict own = {};           // of the last of them
  std::vector<DetectorSet> contexts = {};
  bool masked = false;                 // whole, or as a header
  mask::KeyVerdict::Kind kind = mask::KeyVerdict::Kind::plain;  // what masks it, its own key or one above
  Detector type = Detector::none;

  /// Of the key and the two that enclose it.
  DetectorSet context() const;
  std::string key() const { return keys.empty() ? std::string() : keys.back(); }
};
Place member_of(const Place& object, const std::string& key, const mask::KeyPolicy& keys, const PolicySpec& spec,
                const detect::OutputGrammar& grammar);
/// Whether a path of the policy has `name` as a step in the object.
bool is_on_a_path(const Place& object, const std::string& name, const PolicySpec& spec);
/// Whether a member beside may say what the member `below` of the object at `object` is: no key and no path of the policy does.
bool may_be_named(const Place& object, const Place& below, const PolicySpec& spec);
Place element_of(const Place& array, std::uint32_t index, const PolicySpec& spec);

/// What the policy's scope and paths add: the last rule that matches.
struct Ruling {
  bool included = false;
  bool never_scan = false;
  const MaskAction* action = nullptr;
  PathRule::Exempt exempt = PathRule::Exempt::none;

  bool untouched() const { return !included || exempt == PathRule::Exempt::all; }
};
Ruling ruling_of(const Path& path, const PolicySpec& spec);

}  // namespace pii::kit::reference
