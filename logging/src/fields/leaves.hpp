#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pii/logging/field.hpp"

namespace pii::log {

/// The single values of an object, and apart from them its form: names, kinds, and what is within what. Objects of one form differ in
/// their values only. Made once where an object stays the same for many events.
class Leaves {
 public:
  Leaves() = default;
  explicit Leaves(const Object& object);

  /// Whether there is nothing but null, bool, numbers and text in it. Else only the first values are here.
  bool simple() const noexcept { return simple_; }
  /// In their order; views of the object.
  std::span<const ValueRef> values() const noexcept { return values_; }
  std::string_view form() const noexcept { return form_; }
  std::uint64_t hash() const noexcept { return hash_; }  // of the form

 private:
  void add(const Object& object);

  std::vector<ValueRef> values_;
  std::string form_;
  std::uint64_t hash_ = 0;
  bool simple_ = true;
};

/// Whether a value is one of those.
bool is_simple(ValueRef::Kind kind) noexcept;

/// An object of the same form with `values`, of which there are as many; those used are taken off.
Object with_values(const Object& object, std::span<const ValueRef>& values);

}  // namespace pii::log
