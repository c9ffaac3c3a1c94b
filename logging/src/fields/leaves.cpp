#include "fields/leaves.hpp"

#include <functional>

namespace pii::log {

bool is_simple(ValueRef::Kind kind) noexcept {
  using Kind = ValueRef::Kind;
  switch (kind) {
    case Kind::null: case Kind::boolean: case Kind::integer: case Kind::unsigned_integer: case Kind::real: case Kind::text: return true;
    default: return false;
  }
}

Leaves::Leaves(const Object& object) {
  add(object);
  hash_ = std::hash<std::string_view>{}(form_);
}

// A name is told by its length: no byte of it can be taken for what stands around it.
void Leaves::add(const Object& object) {
  for (const auto& [name, value] : object.members()) {
    form_.append(std::to_string(name.size())).append(1, ':').append(name);
    if (const Object* const inner = value.object()) {
      form_ += '{';
      add(*inner);
      form_ += '}';
    } else if (const ValueRef leaf(value); is_simple(leaf.kind)) {
      form_ += static_cast<char>('a' + static_cast<int>(leaf.kind));
      values_.push_back(leaf);
    } else {
      simple_ = false;
      return;
    }
  }
}

Object with_values(const Object& object, std::span<const ValueRef>& values) {
  Object other;
  for (const auto& [name, value] : object.members()) {
    if (const Object* const inner = value.object()) {
      other.set(name, Value(with_values(*inner, values)));
    } else {
      other.set(name, values.front().to_value());
      values = values.subspan(1);
    }
  }
  return other;
}

}  // namespace pii::log
