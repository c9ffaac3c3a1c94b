#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pii/result.hpp"

namespace piictl::stream {

/// One step of a path: a member's name, an element's index, or any child.
struct JsonPathStep {
  enum class Kind { name, index, any };
  Kind kind;
  std::string name;
  std::uint64_t index = 0;

  friend bool operator==(const JsonPathStep&, const JsonPathStep&) = default;
};

/// Reads `a.b`, `a[*].c`, `a[0]`, `['a.b']`, with or without `$` in front: the part of RFC 9535 that a stream
/// can follow. Error: usage, with the byte offset.
pii::Result<std::vector<JsonPathStep>> parse_json_path(std::string_view text);

/// All paths as one tree, so that a value is asked for once: a node stands for the values that its paths lead
/// to.
class JsonPathTree {
 public:
  static constexpr std::uint32_t kNoTarget = std::numeric_limits<std::uint32_t>::max();

  /// Error: usage, for a path that cannot be read or two that select the same value.
  static pii::Result<JsonPathTree> make(std::span<const std::string> paths);

  /// Which path selects this value.
  std::uint32_t target() const noexcept { return target_; }
  /// The node of a member or element; null when no path leads there.
  const JsonPathTree* member(std::string_view name) const noexcept {
    for (const auto& [key, child] : members_) {
      if (key == name) return child.get();
    }
    return any_.get();
  }
  const JsonPathTree* element(std::uint64_t index) const noexcept {
    for (const auto& [key, child] : elements_) {
      if (key == index) return child.get();
    }
    return any_.get();
  }

  /// The node of children that no path names.
  const JsonPathTree* any() const noexcept { return any_.get(); }

 private:
  /// A path, and how many of its steps lead to a node.
  struct Position {
    std::uint32_t target;
    const std::vector<JsonPathStep>* steps;
    std::size_t done;
  };

  pii::Result<void> build(const std::vector<Position>& positions, std::span<const std::string> paths);

  std::uint32_t target_ = kNoTarget;
  std::vector<std::pair<std::string, std::unique_ptr<JsonPathTree>>> members_;
  std::vector<std::pair<std::uint64_t, std::unique_ptr<JsonPathTree>>> elements_;
  std::unique_ptr<JsonPathTree> any_;
};

}  // namespace piictl::stream
