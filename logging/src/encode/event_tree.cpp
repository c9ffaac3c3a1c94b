#include "encode/event_tree.hpp"

#include "context/context_data.hpp"
#include "encode/json_writer.hpp"

namespace pii::log {

namespace {

bool is_object(const ValueRef& value) noexcept {
  return value.kind == ValueRef::Kind::fields || (value.kind == ValueRef::Kind::tree && value.tree->object() != nullptr);
}

// Plain values only: what has parts is compared by its parts.
bool is_same(const ValueRef& a, const ValueRef& b) noexcept {
  using Kind = ValueRef::Kind;
  const auto signed_alike = [](const ValueRef& integer, const ValueRef& other) {
    return other.kind == Kind::unsigned_integer && integer.integer >= 0 && static_cast<std::uint64_t>(integer.integer) == other.unsigned_integer;
  };
  if (a.kind != b.kind) return (a.kind == Kind::integer && signed_alike(a, b)) || (b.kind == Kind::integer && signed_alike(b, a));
  switch (a.kind) {
    case Kind::boolean: return a.boolean == b.boolean;
    case Kind::integer: return a.integer == b.integer;
    case Kind::unsigned_integer: return a.unsigned_integer == b.unsigned_integer;
    case Kind::real: return a.real == b.real;
    case Kind::sensitive: return a.text == b.text && a.field_type == b.field_type;
    case Kind::text: case Kind::number_text: return a.text == b.text;
    default: return false;
  }
}

template <class Visit>
void each_member(const ValueRef& value, Visit visit) {
  if (value.kind == ValueRef::Kind::fields) {
    for (const Field& field : value.fields) visit(field.key, field.value);
  } else {
    for (const auto& [name, member] : value.tree->object()->members()) visit(std::string_view(name), ValueRef(member));
  }
}

}  // namespace

void EventTree::clear(const RootFields* root_fields) {
  nodes_.clear();
  made_.clear();
  values_.clear();
  root_fields_ = root_fields;
  conflicts_ = 0;
  redundant_ = 0;
  source_ = 0;
  Node root{};
  root.object = true;
  nodes_.push_back(root);
}

std::string_view EventTree::keep(std::string text) { return made_.emplace_back(std::move(text)); }

std::int32_t EventTree::find(std::int32_t parent, std::string_view key) const noexcept {
  for (std::int32_t i = node(parent).first; i >= 0; i = node(i).next) {
    if (node(i).key == key) return i;
  }
  return -1;
}

void EventTree::remove(std::int32_t parent, std::string_view key) noexcept {
  std::int32_t before = -1;
  for (std::int32_t i = node(parent).first; i >= 0; before = i, i = node(i).next) {
    if (node(i).key != key) continue;
    (before < 0 ? at(parent).first : at(before).next) = node(i).next;
    if (node(parent).last == i) at(parent).last = before;
    return;
  }
}

std::int32_t EventTree::append(std::int32_t parent, std::string_view key) {
  const auto index = static_cast<std::int32_t>(nodes_.size());
  Node added{};
  added.key = key;
  nodes_.push_back(added);
  Node& above = at(parent);
  (above.last < 0 ? above.first : at(above.last).next) = index;
  above.last = index;
  return index;
}

// The object `key` of `parent`, made where nothing stands; -1 where a plain value does.
std::int32_t EventTree::object_child(std::int32_t parent, std::string_view key) {
  std::int32_t child = find(parent, key);
  if (child >= 0) return node(child).object ? child : -1;
  child = append(parent, key);
  at(child).object = true;
  return child;
}

void EventTree::insert_leaf(std::int32_t parent, std::string_view key, const ValueRef& value) {
  const std::int32_t there = find(parent, key);
  if (there < 0) {
    at(append(parent, key)).value = value;
  } else if (source_ == 0) {
    // A value that meets an object of the same call keeps its place beside it; a name given twice keeps its first value.
    ++conflicts_;
    if (node(there).object && find(parent, std::string(key) + "_value") < 0) {
      at(append(parent, keep(std::string(key) + "_value"))).value = value;
    }
  } else if (!node(there).object && is_same(node(there).value, value)) {
    ++redundant_;
  }
}

void EventTree::insert(std::int32_t parent, std::string_view key, const ValueRef& value) {
  if (const std::size_t dot = key.find('.'); dot != std::string_view::npos && is_path(key)) {
    const std::int32_t child = object_child(parent, key.substr(0, dot));
    if (child >= 0) return insert(child, key.substr(dot + 1), value);
    if (source_ != 0) return;  // a plain value of a more important source
    std::string flat(key);
    flat[dot] = '_';
    ++conflicts_;
    return insert(parent, keep(std::move(flat)), value);
  }
  if (!is_object(value)) return insert_leaf(parent, key, value);
  const std::int32_t child = object_child(parent, key);
  if (child >= 0) {
    each_member(value, [&](std::string_view name, const ValueRef& member) { insert(child, name, member); });
  } else if (source_ == 0) {
    ++conflicts_;
    each_member(value, [&](std::string_view name, const ValueRef& member) {
      insert(parent, keep(std::string(key) + "_" + std::string(name)), member);
    });
  }
}

void EventTree::insert_label(std::string_view key, const ValueRef& value) {
  const std::int32_t labels = object_child(kRootNode, "labels");
  if (labels < 0) return;
  const bool clean = key.find_first_of(".*\\") == std::string_view::npos;
  const bool scalar = value.kind != ValueRef::Kind::null && value.kind != ValueRef::Kind::items && value.kind != ValueRef::Kind::fields &&
                      value.kind != ValueRef::Kind::tree;
  insert_leaf(labels, clean ? key : keep(label_name(key)),
              scalar ? value : ValueRef(values_.emplace_back(label_value(value.to_value()))));
}

void EventTree::place(std::string_view key, const ValueRef& value) {
  if (key == "level") return;
  if (key == "labels" && is_object(value)) {
    each_member(value, [&](std::string_view name, const ValueRef& member) { insert_label(name, member); });
  } else if (key.starts_with("labels.")) {
    insert_label(key.substr(7), value);
  } else if (key == "ecs_event" && is_object(value)) {
    each_member(value, [&](std::string_view name, const ValueRef& member) {
      const std::int32_t event = object_child(kRootNode, "event");
      if (event >= 0) insert(event, name, member);
    });
  } else if (key == "ecs_event") {
    insert(kRootNode, "event.original", value);
  } else if (key != "message" && root_fields_->keeps(key)) {
    insert(kRootNode, key, value);
  } else if (const std::int32_t extra = object_child(kRootNode, "extra"); extra >= 0) {
    insert(extra, key, value);
  }
}

// Last of a source: what is moved to `extra` wins over what stands in it, and one that is no object gives way.
void EventTree::add_extra(const ValueRef& value) {
  if (is_object(value)) {
    const std::int32_t extra = object_child(kRootNode, "extra");
    if (extra < 0) return;
    each_member(value, [&](std::string_view name, const ValueRef& member) {
      if (find(extra, name) < 0 || is_object(member)) insert(extra, name, member);
    });
  } else if (find(kRootNode, "extra") < 0) {
    insert_leaf(kRootNode, "extra", value);
  }
}

void EventTree::add_flat(std::string_view key, const ValueRef& value, bool reserved) {
  insert_leaf(kRootNode, reserved ? keep(std::string(key) + "_") : key, value);
}

void EventTree::add(std::span<const Field> fields) {
  const Field* extra = nullptr;
  for (const Field& field : fields) {
    if (field.value.kind == ValueRef::Kind::local) continue;
    if (field.key == "extra") {
      extra = &field;
    } else {
      place(field.key, field.value);
    }
  }
  if (extra != nullptr) add_extra(extra->value);
}

void EventTree::add(const Object& fields) {
  for (const auto& [name, value] : fields.members()) {
    // A null binds nothing: it only keeps its place among the fields of a call.
    if (name != "extra" && !(source_ != 0 && value.is_null())) place(name, value);
  }
  if (const Value* const extra = fields.find("extra")) add_extra(*extra);
}

}  // namespace pii::log
