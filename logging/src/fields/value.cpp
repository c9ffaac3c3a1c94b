#include "pii/logging/value.hpp"

#include <algorithm>

#include "pii/logging/field.hpp"

namespace pii::log {

namespace {
auto find_member(auto& members, std::string_view name) noexcept {
  return std::find_if(members.begin(), members.end(), [&](const auto& member) { return member.first == name; });
}
}  // namespace

const Value* Object::find(std::string_view name) const noexcept {
  const auto found = find_member(members_, name);
  return found == members_.end() ? nullptr : &found->second;
}
Value* Object::find(std::string_view name) noexcept {
  const auto found = find_member(members_, name);
  return found == members_.end() ? nullptr : &found->second;
}

void Object::set(std::string_view name, Value value) {
  if (Value* const old = find(name)) {
    *old = std::move(value);
  } else {
    members_.emplace_back(std::string(name), std::move(value));
  }
}

void Object::erase(std::string_view name) {
  if (const auto found = find_member(members_, name); found != members_.end()) members_.erase(found);
}

void Object::merge(const Object& other) {
  for (const auto& [name, value] : other.members_) {
    Value* const old = find(name);
    if (old != nullptr && old->object() != nullptr && value.object() != nullptr) {
      old->object()->merge(*value.object());
    } else {
      set(name, value);
    }
  }
}

ValueRef::ValueRef(const Value& value) noexcept : kind(Kind::tree), tree(&value) {
  struct Visitor {
    ValueRef operator()(std::nullptr_t) const { return nullptr; }
    ValueRef operator()(bool v) const { return v; }
    ValueRef operator()(std::int64_t v) const { return v; }
    ValueRef operator()(std::uint64_t v) const { return v; }
    ValueRef operator()(double v) const { return v; }
    ValueRef operator()(const NumberText& v) const {
      ValueRef ref(std::string_view(v.text));
      ref.kind = Kind::number_text;
      return ref;
    }
    ValueRef operator()(const std::string& v) const { return std::string_view(v); }
    ValueRef operator()(const Sensitive& v) const { return sensitive(v.field_type, v.text); }
    ValueRef operator()(const Array&) const { return nullptr; }   // stays a tree
    ValueRef operator()(const Object&) const { return nullptr; }  // stays a tree
  };
  const auto& data = value.data();
  if (!std::holds_alternative<Array>(data) && !std::holds_alternative<Object>(data)) *this = std::visit(Visitor{}, data);
}

ValueRef ValueRef::secret() noexcept {
  ValueRef ref;
  ref.kind = Kind::secret;
  return ref;
}

ValueRef ValueRef::sensitive(std::string_view type, std::string_view value) noexcept {
  ValueRef ref(value);
  ref.kind = Kind::sensitive;
  ref.field_type = type;
  return ref;
}

Value ValueRef::to_value() const {
  switch (kind) {
    case Kind::null: return {};
    case Kind::boolean: return Value(boolean);
    case Kind::integer: return Value(integer);
    case Kind::unsigned_integer: return Value(unsigned_integer);
    case Kind::real: return Value(real);
    case Kind::number_text: return Value(NumberText{std::string(text)});
    case Kind::text: return Value(std::string(text));
    case Kind::secret: return Value(std::string("[PII_REDACTED]"));
    case Kind::sensitive: return Value(Sensitive{std::string(field_type), std::string(text)});
    case Kind::fields: {
      Object object;
      for (const Field& field : fields) object.set(field.key, field.value.to_value());
      return Value(std::move(object));
    }
    case Kind::items: {
      Array values;
      for (const ValueRef& item : items) values.push_back(item.to_value());
      return Value(std::move(values));
    }
    case Kind::tree: return *tree;
    case Kind::local: return {};
  }
  return {};
}

}  // namespace pii::log
