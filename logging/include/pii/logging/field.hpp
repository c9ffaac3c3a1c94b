#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <exception>
#include <optional>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "pii/export.hpp"
#include "pii/logging/value.hpp"

namespace pii::log {

struct Field;

/// A view of a value, for the length of one call. Nothing is copied; what must outlive the call is made a Value.
class PII_EXPORT ValueRef {
 public:
  enum class Kind : std::uint8_t { null, boolean, integer, unsigned_integer, real, number_text, text, secret, sensitive, fields,
                                   items, tree, local };

  ValueRef() noexcept : ValueRef(nullptr) {}
  ValueRef(std::nullptr_t) noexcept : kind(Kind::null), integer(0) {}                         // NOLINT: views are implicit
  ValueRef(std::same_as<bool> auto value) noexcept : kind(Kind::boolean), boolean(value) {}   // NOLINT
  ValueRef(std::signed_integral auto value) noexcept : kind(Kind::integer), integer(value) {} // NOLINT
  ValueRef(std::unsigned_integral auto value) noexcept                                        // NOLINT
    requires(!std::same_as<decltype(value), bool>)
      : kind(Kind::unsigned_integer), unsigned_integer(value) {}
  ValueRef(std::floating_point auto value) noexcept : kind(Kind::real), real(static_cast<double>(value)) {}  // NOLINT
  ValueRef(std::string_view value) noexcept : kind(Kind::text), text(value) {}                // NOLINT
  ValueRef(const std::string& value) noexcept : ValueRef(std::string_view(value)) {}          // NOLINT
  ValueRef(const char* value) noexcept                                                        // NOLINT
      : kind(value == nullptr ? Kind::null : Kind::text), text(value == nullptr ? std::string_view{} : value) {}
  ValueRef(std::span<const Field> members) noexcept : kind(Kind::fields), fields(members) {}  // NOLINT
  ValueRef(std::span<const ValueRef> values) noexcept : kind(Kind::items), items(values) {}   // NOLINT
  ValueRef(const Value& value) noexcept;                                                      // NOLINT
  template <class T>
  ValueRef(const std::optional<T>& value) noexcept : ValueRef(value ? ValueRef(*value) : ValueRef(nullptr)) {}  // NOLINT
  ValueRef(char) = delete;  // a letter or a number? say which

  static ValueRef secret() noexcept;
  static ValueRef sensitive(std::string_view field_type, std::string_view text) noexcept;

  /// A copy that owns everything.
  Value to_value() const;

  Kind kind;
  union {
    bool boolean;
    std::int64_t integer;
    std::uint64_t unsigned_integer;
    double real;
    std::string_view text;  // text, number_text, sensitive
    std::span<const Field> fields;
    std::span<const ValueRef> items;
    const Value* tree;
  };
  std::string_view field_type = {};  // sensitive
};

/// One field of an event. A dotted key (`http.request.method`) nests.
struct Field {
  std::string_view key;
  ValueRef value = {};
};

/// A field whose value was made for it.
struct OwnedField {
  std::string_view key;
  Value value;
  operator Field() const noexcept { return {key, ValueRef(value)}; }  // NOLINT: it is a field
};

/// Collects the members of an object for to_log_fields().
class FieldWriter {
 public:
  FieldWriter& add(std::string_view key, const ValueRef& value) {
    object_.set(key, value.to_value());
    return *this;
  }
  Object take() && { return std::move(object_); }

 private:
  Object object_;
};

/// Among the fields of a call: this event stays on the machine (docs/logging.md, "Shipping"). It carries no value.
struct LocalOnly {
  operator Field() const noexcept {  // NOLINT: it stands among fields
    Field field{};
    field.value.kind = ValueRef::Kind::local;
    return field;
  }
};
inline constexpr LocalOnly local_only{};

/// A type of the user's is logged as an object when `to_log_fields(const T&, FieldWriter&)` is found by its namespace.
template <class T>
concept LogFields = requires(const T& value, FieldWriter& writer) { to_log_fields(value, writer); };
template <class T>
concept LogScalar = std::is_constructible_v<ValueRef, const T&> && !std::same_as<T, char>;
template <class T>
concept LogRange = std::ranges::input_range<const T> && !LogScalar<T> && !LogFields<T> &&
                   LogScalar<std::remove_cvref_t<std::ranges::range_reference_t<const T>>>;

/// A field: text, numbers, bool, nullptr, optionals of them, object(), array(). Its texts are masked like everything else.
template <LogScalar T>
Field kv(std::string_view key, const T& value) {
  return {key, ValueRef(value)};
}
template <LogFields T>
  requires(!LogScalar<T>)
OwnedField kv(std::string_view key, const T& value) {
  FieldWriter writer;
  to_log_fields(value, writer);
  return {key, Value(std::move(writer).take())};
}
template <LogRange T>
OwnedField kv(std::string_view key, const T& values) {
  Array array;
  for (const auto& value : values) array.push_back(ValueRef(value).to_value());
  return {key, Value(std::move(array))};
}

/// Members and elements in place: `kv("http", object(kv("status", 200)))`, `kv("ids", array(1, 2, 3))`.
template <std::size_t N>
struct ObjectOf {
  std::array<Field, N> members;
  operator ValueRef() const noexcept { return std::span<const Field>(members); }  // NOLINT: it is a value
};
template <std::convertible_to<Field>... Fields>
ObjectOf<sizeof...(Fields)> object(const Fields&... fields) {
  return {{static_cast<Field>(fields)...}};
}
template <std::size_t N>
struct ArrayOf {
  std::array<ValueRef, N> values;
  operator ValueRef() const noexcept { return std::span<const ValueRef>(values); }  // NOLINT: it is a value
};
template <LogScalar... Values>
ArrayOf<sizeof...(Values)> array(const Values&... values) {
  return {{ValueRef(values)...}};
}

/// Personal by declaration: no search, the right normalizer, the whole value becomes a token (without a keyset [PII_REDACTED]).
inline Field sensitive(std::string_view field_type, std::string_view key, std::string_view value) {
  return {key, ValueRef::sensitive(field_type, value)};
}
inline Field email(std::string_view key, std::string_view value) { return sensitive("email", key, value); }
inline Field phone(std::string_view key, std::string_view value) { return sensitive("phone", key, value); }
inline Field card(std::string_view key, std::string_view value) { return sensitive("card", key, value); }
inline Field person(std::string_view key, std::string_view value) { return sensitive("name", key, value); }
/// Always [PII_REDACTED]; the value is not even looked at.
inline Field secret(std::string_view key, std::string_view) { return {key, ValueRef::secret()}; }

/// Computed only when the event's level is enabled: `lazy("dump", [&] { return dump(x); })`.
template <std::invocable F>
class Lazy {
 public:
  Lazy(std::string_view key, F compute) : key_(key), compute_(std::move(compute)) {}
  operator Field() const {  // NOLINT: it is a field
    value_.emplace(compute_());
    return {key_, ValueRef(*value_)};
  }

 private:
  std::string_view key_;
  F compute_;
  mutable std::optional<std::invoke_result_t<F>> value_;
};
template <std::invocable F>
Lazy<F> lazy(std::string_view key, F compute) {
  return {key, std::move(compute)};
}

}  // namespace pii::log
