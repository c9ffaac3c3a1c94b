#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "encode/placement.hpp"
#include "pii/logging/field.hpp"

namespace pii::log {

/// The fields of one event, placed and merged: views of the caller's values, in nodes that are used again. Sources are added from
/// the most important to the least; what stands never gives way, and objects of several sources merge.
class EventTree {
 public:
  struct Node {
    std::string_view key;
    ValueRef value = {};
    std::int32_t first = -1;
    std::int32_t last = -1;
    std::int32_t next = -1;
    bool object = false;
  };

  void clear(const RootFields* root_fields);
  /// Begins the next source.
  void next_source() noexcept { ++source_; }
  /// Places fields of the current source: root or `extra`; dotted keys nest; `ecs_event`, `labels` and `extra` as documented.
  void add(std::span<const Field> fields);
  void add(const Object& fields);
  /// Adds one value where `key` says, without placement.
  void add_at_root(std::string_view key, const ValueRef& value) { insert(kRootNode, key, value); }

  /// Adds one value without placement and nesting; a `reserved` key is written with an underscore behind.
  void add_flat(std::string_view key, const ValueRef& value, bool reserved);

  const Node& root() const noexcept { return nodes_[kRootNode]; }
  const Node& node(std::int32_t index) const noexcept { return nodes_[static_cast<std::size_t>(index)]; }
  /// The child of `parent` called `key`, or -1.
  std::int32_t find(std::int32_t parent, std::string_view key) const noexcept;
  /// Takes a leaf out: it is written elsewhere.
  void remove(std::int32_t parent, std::string_view key) noexcept;

  /// Plain values under reserved names: `fix` makes them members. Returns how many there were; `report` hears each name.
  template <class Report>
  std::uint32_t validate(bool fix, Report report);

  /// Fields that could not stay where they were put: a plain value and an object of one name, or a name twice.
  std::uint32_t conflicts() const noexcept { return conflicts_; }
  /// Values that a less important source gave as well.
  std::uint32_t redundant() const noexcept { return redundant_; }

  static constexpr std::int32_t kRootNode = 0;

 private:
  std::int32_t append(std::int32_t parent, std::string_view key);
  std::int32_t object_child(std::int32_t parent, std::string_view key);
  void insert(std::int32_t parent, std::string_view key, const ValueRef& value);
  void insert_leaf(std::int32_t parent, std::string_view key, const ValueRef& value);
  void insert_label(std::string_view key, const ValueRef& value);
  void place(std::string_view key, const ValueRef& value);
  void add_extra(const ValueRef& value);
  std::string_view keep(std::string text);
  Node& at(std::int32_t index) noexcept { return nodes_[static_cast<std::size_t>(index)]; }

  std::vector<Node> nodes_;
  std::deque<std::string> made_;  // names and texts that no caller owns
  std::deque<Value> values_;
  const RootFields* root_fields_ = nullptr;
  std::uint32_t conflicts_ = 0;
  std::uint32_t redundant_ = 0;
  int source_ = 0;
};

template <class Report>
std::uint32_t EventTree::validate(bool fix, Report report) {
  std::uint32_t found = 0;
  for (std::int32_t i = root().first; i >= 0; i = node(i).next) {
    if (node(i).object || !is_reserved(node(i).key) || (!fix && node(i).key == "event")) continue;
    ++found;
    report(node(i).key, node(i).value);
    if (!fix) continue;
    const ValueRef value = node(i).value;
    at(i).object = true;
    at(i).value = {};
    if (value.kind != ValueRef::Kind::null) insert_leaf(i, scalar_member(node(i).key), value);
  }
  return found;
}

}  // namespace pii::log
