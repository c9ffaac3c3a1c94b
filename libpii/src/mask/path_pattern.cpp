#include "mask/path_pattern.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "mask/text.hpp"

namespace pii::mask {
namespace {

using Step = PathPattern::Step;

Error bad_pattern(std::size_t offset, const char* why) {
  return Error(ErrorCode::invalid_setting, "the path pattern is wrong at byte " + std::to_string(offset) + ": " + why,
               "patterns look like user.email, items[*].card, ['a.b'].c or **.secret");
}

// Reads `[...]` at text[at]; moves `at` behind it.
Result<Step> parse_bracket(std::string_view text, std::size_t& at) {
  const std::size_t open = at++;
  if (text.substr(at, 2) == "*]") {
    at += 2;
    return Step{Step::Kind::any_index};
  }
  if (at < text.size() && (text[at] == '\'' || text[at] == '"')) {
    const char quote = text[at++];
    std::string name;
    for (; at < text.size() && text[at] != quote; ++at) {
      if (text[at] == '\\' && at + 1 < text.size()) ++at;
      name += text[at];
    }
    if (text.substr(std::min(at + 1, text.size()), 1) != "]") return bad_pattern(open, "a quoted name does not end with '] ");
    at += 2;
    if (name.empty()) return bad_pattern(open, "an empty name");
    return Step{Step::Kind::name, std::move(name)};
  }
  std::uint32_t index = 0;
  const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), index);
  if (error != std::errc() || end == text.data() + text.size() || *end != ']') {
    return bad_pattern(open, "[ is followed by neither a number, * nor a quoted name");
  }
  at = static_cast<std::size_t>(end - text.data()) + 1;
  return Step{Step::Kind::index, {}, index};
}

std::uint64_t size_bit(std::string_view name) noexcept { return std::uint64_t{1} << std::min<std::size_t>(name.size(), 63); }

}  // namespace

Result<PathPattern> PathPattern::parse(std::string_view text) {
  PathPattern pattern;
  std::size_t at = 0;
  if (text.substr(0, 2) == "$.") at = 2;
  if (at == text.size()) return bad_pattern(at, "it is empty");
  while (at < text.size()) {
    if (text[at] == '[') {
      auto step = parse_bracket(text, at);
      if (!step) return std::move(step).error();
      pattern.steps.push_back(*std::move(step));
    } else {
      const std::size_t end = std::min(text.find_first_of(".[", at), text.size());
      const std::string_view name = text.substr(at, end - at);
      if (name.empty()) return bad_pattern(at, "an empty name");
      if (name.find_first_of("]'\"") != std::string_view::npos) return bad_pattern(at, "a bracket or quote in a name");
      if (name != "*" && name != "**" && name.find('*') != std::string_view::npos) {
        return bad_pattern(at, "* stands for a whole name only");
      }
      pattern.steps.push_back(name == "**"  ? Step{Step::Kind::any_steps}
                              : name == "*" ? Step{Step::Kind::any_name}
                                            : Step{Step::Kind::name, std::string(name)});
      at = end;
    }
    if (at < text.size() && text[at] == '.') {
      ++at;
      if (at == text.size()) return bad_pattern(at, "it ends with a dot");
    }
  }
  if (pattern.steps.size() > 64) return bad_pattern(text.size(), "more than 64 steps");
  return pattern;
}

PathMatcher::PathMatcher(const std::vector<PathPattern>& patterns, Dots dots) : patterns_(patterns), dots_(dots) {
  for (const PathPattern& pattern : patterns_) {
    for (const Step& step : pattern.steps) {
      if (step.kind != Step::Kind::name) continue;
      names_.insert(step.name);
      sizes_ |= size_bit(step.name);
      longest_number_ = std::max(longest_number_, mask::longest_number(step.name));
    }
  }
  while (names_.contains(other_name_)) other_name_ += '?';
  forget();
}

void PathMatcher::forget() {
  sets_.clear();
  std::vector<Position> start;
  for (std::size_t i = 0; i < patterns_.size(); ++i) add(start, {static_cast<std::uint16_t>(i), 0});
  intern(std::move(start));
}

// Adds a position and, over `**`, the ones that are reached without a step.
void PathMatcher::add(std::vector<Position>& positions, Position position) const {
  for (;;) {
    positions.push_back(position);
    const auto& steps = patterns_[position.pattern].steps;
    if (position.step >= steps.size() || steps[position.step].kind != Step::Kind::any_steps) return;
    ++position.step;
  }
}

void PathMatcher::advance(const std::vector<Position>& from, std::string_view name, std::vector<Position>& to) const {
  for (const Position& position : from) {
    const auto& steps = patterns_[position.pattern].steps;
    if (position.step == steps.size()) {
      to.push_back(position);
      continue;
    }
    const Step& step = steps[position.step];
    if (step.kind == Step::Kind::any_steps) {
      add(to, position);
    } else if (step.kind == Step::Kind::any_name || (step.kind == Step::Kind::name && step.name == name)) {
      add(to, {position.pattern, static_cast<std::uint16_t>(position.step + 1)});
    }
  }
}

// Whether some pattern has it, or, where dots separate, a part of it.
bool PathMatcher::has(std::string_view name) const {
  const auto is_name = [this](std::string_view one) { return (sizes_ & size_bit(one)) != 0 && names_.contains(one); };
  if (is_name(name)) return true;
  if (dots_ != Dots::separate || name.find('.') == std::string_view::npos) return false;
  for (std::size_t at = 0; at <= name.size();) {
    const std::size_t end = std::min(name.find('.', at), name.size());
    if (is_name(name.substr(at, end - at))) return true;
    at = end + 1;
  }
  return false;
}

PathMatcher::State PathMatcher::step_name(State from, std::string_view name) {
  if (sets_[from].positions.empty()) return from;
  std::size_t dots = 0;
  for (std::size_t at = dots_ == Dots::separate ? name.find('.') : name.npos; at != name.npos; at = find_next(name, '.', at + 1)) ++dots;
  const bool dotted = dots != 0;
  const bool other = dots < kMostDots && !has(name);
  if (other && sets_[from].others[dots] != kUnknown) return sets_[from].others[dots];
  std::vector<Position> next;
  advance(sets_[from].positions, name, next);
  if (dotted) {
    std::vector<Position> current = sets_[from].positions, parts;
    for (std::size_t at = 0; at <= name.size();) {
      const std::size_t end = std::min(name.find('.', at), name.size());
      parts.clear();
      advance(current, name.substr(at, end - at), parts);
      current.swap(parts);
      at = end + 1;
    }
    next.insert(next.end(), current.begin(), current.end());
  }
  const State to = intern(std::move(next));
  if (other) sets_[from].others[dots] = to;
  return to;
}

PathMatcher::State PathMatcher::step_index(State from, std::uint32_t index) {
  std::vector<Position> next;
  for (const Position& position : sets_[from].positions) {
    const auto& steps = patterns_[position.pattern].steps;
    if (position.step == steps.size()) {
      next.push_back(position);
      continue;
    }
    const Step& step = steps[position.step];
    if (step.kind == Step::Kind::any_steps) {
      add(next, position);
    } else if (step.kind == Step::Kind::any_index || (step.kind == Step::Kind::index && step.index == index)) {
      add(next, {position.pattern, static_cast<std::uint16_t>(position.step + 1)});
    }
  }
  return intern(std::move(next));
}

PathMatcher::State PathMatcher::intern(std::vector<Position> positions) {
  std::sort(positions.begin(), positions.end());
  positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
  for (std::size_t i = 0; i < sets_.size(); ++i) {
    if (sets_[i].positions == positions) return static_cast<State>(i);
  }
  Set set;
  for (const Position& position : positions) {
    const auto& steps = patterns_[position.pattern].steps;
    if (position.step == steps.size()) {
      set.matches.push_back(position.pattern);
    } else if (steps[position.step].kind == Step::Kind::index) {
      set.depends_on_index = true;
    }
  }
  set.positions = std::move(positions);
  sets_.push_back(std::move(set));
  return static_cast<State>(sets_.size() - 1);
}

}  // namespace pii::mask
