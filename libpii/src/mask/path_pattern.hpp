#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "pii/result.hpp"

namespace pii::mask {

/// A path pattern of a policy (docs/policy.md "Paths"): names by dots, `['any name']`, `[0]`, `[*]`, `*` for any one name,
/// `**` for any steps or none. What it matches it matches with all that lies below.
struct PathPattern {
  struct Step {
    enum class Kind : std::uint8_t { name, any_name, index, any_index, any_steps };
    Kind kind;
    std::string name = {};
    std::uint32_t index = 0;
  };
  std::vector<Step> steps;

  /// Errors: invalid_setting, with the offset.
  static Result<PathPattern> parse(std::string_view text);
};

/// Many patterns matched side by side, one step at a time. A set of positions is interned, so that walking down a path
/// that was walked before costs a look-up. Not thread-safe: each masker has its own.
class PathMatcher {
 public:
  using State = std::uint32_t;
  static constexpr State kStart = 0;

  /// Whether a name with dots also counts as the steps between them.
  enum class Dots : std::uint8_t { separate, in_names };
  explicit PathMatcher(const std::vector<PathPattern>& patterns, Dots dots = Dots::separate);

  /// One step down by a member's name (unescaped).
  State step_name(State from, std::string_view name);
  State step_index(State from, std::uint32_t index);
  /// The step by a name that no pattern has.
  State step_other(State from) { return sets_[from].others[0] != kUnknown ? sets_[from].others[0] : step_name(from, other_name_); }
  /// Whether step_index() differs by index.
  bool depends_on_index(State state) const noexcept { return sets_[state].depends_on_index; }
  /// The patterns that match here or above, in order.
  const std::vector<std::uint16_t>& matches(State state) const noexcept { return sets_[state].matches; }
  /// How many digits the longest number in the patterns' names has.
  std::size_t longest_number() const noexcept { return longest_number_; }
  /// Forgets all states but the start; those held elsewhere become invalid.
  void forget();
  std::size_t size() const noexcept { return sets_.size(); }

 private:
  struct Position {
    std::uint16_t pattern;
    std::uint16_t step;
    bool operator==(const Position&) const = default;
    auto operator<=>(const Position&) const = default;
  };
  static constexpr State kUnknown = ~State{0};
  static constexpr std::size_t kMostDots = 4;  // one less
  struct Set {
    std::vector<Position> positions;
    std::vector<std::uint16_t> matches;
    bool depends_on_index = false;
    std::array<State, kMostDots> others = {kUnknown, kUnknown, kUnknown, kUnknown};  // step_other(), and by names with so many dots
  };

  bool has(std::string_view name) const;
  void advance(const std::vector<Position>& from, std::string_view name, std::vector<Position>& to) const;
  void add(std::vector<Position>& positions, Position position) const;
  State intern(std::vector<Position> positions);

  const std::vector<PathPattern>& patterns_;
  Dots dots_;
  std::unordered_set<std::string_view> names_;  // of the patterns
  std::string other_name_ = "?";                // none of them
  std::size_t longest_number_ = 0;
  std::uint64_t sizes_ = 0;  // a bit for each that a name has, the last one for longer ones
  std::vector<Set> sets_;
};

}  // namespace pii::mask
