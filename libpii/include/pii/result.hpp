#pragma once

#include <cstdio>
#include <cstdlib>
#include <type_traits>
#include <utility>
#include <variant>

#include "pii/error.hpp"

namespace pii {

namespace detail {
[[noreturn]] inline void abort_on_wrong_access(const char* what) noexcept {
  std::fputs(what, stderr);
  std::abort();
}
}  // namespace detail

/// A value or an Error, with the method names of std::expected (C++23). Reading the side that is not there aborts in
/// every build. It is a type of our own because std::expected would change the ABI between C++20 and C++23 users.
template <class T>
class [[nodiscard]] Result {
  static_assert(!std::is_reference_v<T> && !std::is_same_v<std::remove_cv_t<T>, Error>);

 public:
  using value_type = T;

  template <class U = T>
    requires(std::is_constructible_v<T, U> && !std::is_same_v<std::remove_cvref_t<U>, Result> &&
             !std::is_same_v<std::remove_cvref_t<U>, Error>)
  Result(U&& value) : state_(std::in_place_index<0>, std::forward<U>(value)) {}  // NOLINT: implicit as in std
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}      // NOLINT: implicit as in std

  bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  T& value() & noexcept { return *checked(); }
  const T& value() const& noexcept { return *checked(); }
  T&& value() && noexcept { return std::move(*checked()); }

  T& operator*() & noexcept { return *checked(); }
  const T& operator*() const& noexcept { return *checked(); }
  T&& operator*() && noexcept { return std::move(*checked()); }
  T* operator->() noexcept { return checked(); }
  const T* operator->() const noexcept { return checked(); }

  const Error& error() const& noexcept { return *checked_error(); }
  Error&& error() && noexcept { return std::move(*const_cast<Error*>(checked_error())); }

  template <class U>
  T value_or(U&& fallback) const& {
    return has_value() ? **this : static_cast<T>(std::forward<U>(fallback));
  }

 private:
  const T* checked() const noexcept {
    const T* value = std::get_if<0>(&state_);
    if (value == nullptr) detail::abort_on_wrong_access("pii::Result: value() of an error\n");
    return value;
  }
  T* checked() noexcept { return const_cast<T*>(std::as_const(*this).checked()); }
  const Error* checked_error() const noexcept {
    const Error* error = std::get_if<1>(&state_);
    if (error == nullptr) detail::abort_on_wrong_access("pii::Result: error() of a value\n");
    return error;
  }

  std::variant<T, Error> state_;
};

/// Success without a value, or an Error.
template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit as in std

  bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }
  void value() const noexcept {
    if (!has_value()) detail::abort_on_wrong_access("pii::Result: value() of an error\n");
  }
  const Error& error() const noexcept {
    const Error* error = std::get_if<1>(&state_);
    if (error == nullptr) detail::abort_on_wrong_access("pii::Result: error() of a value\n");
    return *error;
  }

 private:
  std::variant<std::monostate, Error> state_;
};

}  // namespace pii
