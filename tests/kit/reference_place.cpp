#include "kit/reference_place.hpp"

#include <algorithm>
#include <regex>

#include "kit/reference_pairs.hpp"
#include "kit/reference_text.hpp"

namespace pii::kit::reference {
namespace {

using Kind = mask::KeyVerdict::Kind;

struct PatternStep {
  enum class Kind { name, any_name, index, any_index, any_steps } kind;
  std::string name = {};
  std::uint32_t index = 0;
};

std::vector<PatternStep> steps_of(std::string_view pattern) {
  using StepKind = PatternStep::Kind;
  std::vector<PatternStep> steps;
  if (pattern.starts_with("$.")) pattern.remove_prefix(2);
  while (!pattern.empty()) {
    std::size_t size = 1;
    if (pattern.starts_with("[*]")) {
      size = 3;
      steps.push_back({StepKind::any_index});
    } else if (pattern.starts_with("['") || pattern.starts_with("[\"")) {
      size = pattern.find(']') + 1;
      steps.push_back({StepKind::name, std::string(pattern.substr(2, size - 4))});
    } else if (pattern.front() == '[') {
      size = pattern.find(']') + 1;
      steps.push_back({StepKind::index, {}, static_cast<std::uint32_t>(std::stoul(std::string(pattern.substr(1, size - 2))))});
    } else if (pattern.front() != '.') {
      size = std::min(pattern.find_first_of(".["), pattern.size());
      const std::string name(pattern.substr(0, size));
      steps.push_back({name == "**" ? StepKind::any_steps : name == "*" ? StepKind::any_name : StepKind::name, name});
    }
    pattern.remove_prefix(size);
  }
  return steps;
}

bool fits(const PatternStep& pattern, const PathStep& step) {
  using StepKind = PatternStep::Kind;
  if (step.is_index) {
    return pattern.kind == StepKind::any_index || (pattern.kind == StepKind::index && pattern.index == step.index);
  }
  return pattern.kind == StepKind::any_name || (pattern.kind == StepKind::name && pattern.name == step.name);
}

// Whether the pattern from step `i` on matches the path from step `j` on, or a part of it from there.
bool matches(const std::vector<PatternStep>& pattern, std::size_t i, const Path& path, std::size_t j) {
  if (i == pattern.size()) return true;
  if (pattern[i].kind == PatternStep::Kind::any_steps) {
    return matches(pattern, i + 1, path, j) || (j < path.size() && matches(pattern, i, path, j + 1));
  }
  return j < path.size() && fits(pattern[i], path[j]) && matches(pattern, i + 1, path, j + 1);
}

// Whether the first `n` steps of the pattern are all of the first `m` of the path.
bool reaches(const std::vector<PatternStep>& pattern, std::size_t n, const Path& path, std::size_t m) {
  if (n == 0) return m == 0;
  if (pattern[n - 1].kind == PatternStep::Kind::any_steps) {
    return reaches(pattern, n - 1, path, m) || (m > 0 && reaches(pattern, n, path, m - 1));
  }
  return m > 0 && fits(pattern[n - 1], path[m - 1]) && reaches(pattern, n - 1, path, m - 1);
}

// A name with dots also counts as the names between them: every way to read a path.
std::vector<Path> readings(const Path& path) {
  std::vector<Path> all = {{}};
  for (const PathStep& step : path) {
    Path pieces;
    std::size_t at = 0;
    while (!step.is_index && at <= step.name.size()) {
      const std::size_t end = std::min(step.name.find('.', at), step.name.size());
      pieces.push_back({false, step.name.substr(at, end - at)});
      at = end + 1;
    }
    const std::size_t before = all.size();
    for (std::size_t i = 0; i < before; ++i) {
      if (pieces.size() > 1) {
        all.push_back(all[i]);
        all.back().insert(all.back().end(), pieces.begin(), pieces.end());
      }
      all[i].push_back(step);
    }
  }
  return all;
}

}  // namespace

bool path_matches(std::string_view pattern, const Path& path) {
  const std::vector<PatternStep> steps = steps_of(pattern);
  const std::vector<Path> ways = readings(path);
  return std::any_of(ways.begin(), ways.end(), [&](const Path& way) { return matches(steps, 0, way, 0); });
}

DetectorSet Place::context() const {
  DetectorSet all;
  for (std::size_t i = contexts.size(); i > 0 && i + 3 > contexts.size(); --i) all = all | contexts[i - 1];
  return all;
}

Place member_of(const Place& object, const std::string& key, const mask::KeyPolicy& keys, const PolicySpec& spec,
                const detect::OutputGrammar& grammar) {
  using Inherit = PolicySpec::Inherit;
  Place place{object.path, object.keys, {}, object.contexts};
  // What was masked says nothing; the mark that keeps it apart from others is no part of it.
  if (!detect::is_output(std::regex_replace(key, std::regex("~[0-9]+$"), ""), grammar)) {
    place.own = judge(keys, spec.enabled, without_outputs(key, grammar), without_outputs(object.key(), grammar));
  }
  place.path.push_back({false, key});
  place.keys.push_back(key);
  place.contexts.push_back(place.own.context);
  place.type = place.own.type;
  place.kind = place.own.kind;
  place.masked = place.kind != Kind::plain && place.kind != Kind::safe;
  const bool whole_above = object.masked && object.kind != Kind::cookie && object.kind != Kind::set_cookie;
  const bool reaches = spec.inherit == Inherit::objects || (spec.inherit == Inherit::arrays && place.own.part);
  if (place.kind == Kind::plain && whole_above && reaches) {
    place.masked = true;
    place.kind = object.kind;
    place.type = object.type;
  }
  // A jar of cookies: the attributes stay and, of each in an array, the name.
  static const std::regex kMember(
      "expires|originalmaxage|max-?age|domain|path|samesite|priority|secure|httponly|partitioned|version|expirationdate|hostonly", std::regex_constants::icase);
  static const std::regex kName("name", std::regex_constants::icase);
  const bool jar = object.masked && (object.kind == Kind::cookie || object.kind == Kind::set_cookie);
  const bool in_array = !object.path.empty() && object.path.back().is_index;
  const bool stays = key.size() < 32 && (std::regex_match(key, kMember) || (in_array && std::regex_match(key, kName)));
  if (jar && (place.own.kind == Kind::plain || place.own.kind == Kind::safe) && !stays) {
    place.masked = true;
    place.kind = Kind::secret;
    place.type = Detector::cookie;
  }
  return place;
}

bool is_on_a_path(const Place& object, const std::string& name, const PolicySpec& spec) {
  std::vector<std::string> patterns = spec.include;
  patterns.insert(patterns.end(), spec.never_scan.begin(), spec.never_scan.end());
  for (const PathRule& rule : spec.paths) patterns.push_back(rule.path);
  for (const std::string& pattern : patterns) {
    const std::vector<PatternStep> steps = steps_of(pattern);
    for (std::size_t i = 0; i < steps.size(); ++i) {
      if (steps[i].kind != PatternStep::Kind::name) continue;
      for (const Path& way : readings(object.path)) {
        for (const Path& read : readings({{false, name}})) {
          Path before = way;
          for (const PathStep& step : read) {
            if (step.name == steps[i].name && reaches(steps, i, before, before.size())) return true;
            before.push_back(step);
          }
        }
      }
    }
  }
  return false;
}

bool may_be_named(const Place& object, const Place& below, const PolicySpec& spec) {
  const std::string name = below.key(), folded = lower(name);
  if (folded != "v" && folded != "val" && !folded.ends_with("value") && !folded.ends_with("values")) return false;
  return !below.masked && below.own.kind == Kind::plain && below.own.context.empty() && !is_on_a_path(object, name, spec);
}

Place element_of(const Place& array, std::uint32_t index, const PolicySpec& spec) {
  Place place = array;
  place.path.push_back({true, {}, index});
  const bool header = place.kind == Kind::authorization || place.kind == Kind::cookie || place.kind == Kind::set_cookie;
  if (spec.inherit == PolicySpec::Inherit::none && place.masked && !header) {
    place.masked = false;
    place.kind = Kind::plain;
    place.type = Detector::none;
  }
  return place;
}

Ruling ruling_of(const Path& path, const PolicySpec& spec) {
  const auto matched = [&](const std::string& pattern) { return path_matches(pattern, path); };
  Ruling ruling;
  ruling.included = std::any_of(spec.include.begin(), spec.include.end(), matched);
  ruling.never_scan = std::any_of(spec.never_scan.begin(), spec.never_scan.end(), matched);
  for (const PathRule& rule : spec.paths) {
    if (!matched(rule.path)) continue;
    ruling.action = rule.action ? &*rule.action : nullptr;
    ruling.exempt = rule.action ? PathRule::Exempt::none : rule.exempt;
  }
  return ruling;
}

}  // namespace pii::kit::reference
