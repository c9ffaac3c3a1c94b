#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "pii/export.hpp"

namespace pii::log {

class Value;
using Array = std::vector<Value>;

/// JSON members in the order they were set; names are unique.
class PII_EXPORT Object {
 public:
  using Member = std::pair<std::string, Value>;

  const std::vector<Member>& members() const noexcept { return members_; }
  bool empty() const noexcept;
  /// The member's value, or null. Lives until the object changes.
  const Value* find(std::string_view name) const noexcept;
  Value* find(std::string_view name) noexcept;
  /// Sets or replaces a member.
  void set(std::string_view name, Value value);
  void erase(std::string_view name);
  /// Deep: objects merge member by member, everything else of `other` replaces.
  void merge(const Object& other);

  friend bool operator==(const Object& a, const Object& b);

 private:
  std::vector<Member> members_;
};

/// Text that is personal in itself: written as the token of its field type, or [PII_REDACTED].
struct Sensitive {
  std::string field_type;
  std::string text;

  friend bool operator==(const Sensitive&, const Sensitive&) = default;
};

/// A number as JSON spells it, for what fits no machine type.
struct NumberText {
  std::string text;

  friend bool operator==(const NumberText&, const NumberText&) = default;
};

/// A JSON value that owns what it holds: what a context keeps.
class Value {
 public:
  using Data = std::variant<std::nullptr_t, bool, std::int64_t, std::uint64_t, double, NumberText, std::string, Sensitive, Array,
                            Object>;

  Value() noexcept : data_(nullptr) {}
  Value(Data data) : data_(std::move(data)) {}  // NOLINT: a value of any alternative is a value

  const Data& data() const noexcept { return data_; }
  Data& data() noexcept { return data_; }
  bool is_null() const noexcept { return data_.index() == 0; }
  const Object* object() const noexcept { return std::get_if<Object>(&data_); }
  Object* object() noexcept { return std::get_if<Object>(&data_); }
  const std::string* text() const noexcept { return std::get_if<std::string>(&data_); }

  friend bool operator==(const Value&, const Value&) = default;

 private:
  Data data_;
};

// Here, where a Value is complete.
inline bool Object::empty() const noexcept { return members_.empty(); }
inline bool operator==(const Object& a, const Object& b) { return a.members_ == b.members_; }

}  // namespace pii::log
