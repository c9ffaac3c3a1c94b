#pragma once

#include <array>
#include <exception>
#include <string>
#include <string_view>

#include "pii/export.hpp"
#include "pii/logging/field.hpp"

namespace pii::log {

/// The field `error`: message, type (demangled) and, for nested exceptions, `stack_trace` with the causes, a line each.
class PII_EXPORT ErrorField {
 public:
  ErrorField(std::string_view message, std::string_view type);
  explicit ErrorField(const std::exception& error);
  explicit ErrorField(const std::exception_ptr& error);  // null: an error without anything

  operator Field() const noexcept;  // NOLINT: it is a field

 private:
  void read(const std::exception& error);

  std::string message_;
  std::string type_;
  std::string causes_;
  mutable std::array<Field, 3> members_ = {};
};

inline ErrorField err(std::string_view message, std::string_view type = "Error") { return {message, type}; }
inline ErrorField err(const std::exception& error) { return ErrorField(error); }
inline ErrorField err(const std::exception_ptr& error) { return ErrorField(error); }

}  // namespace pii::log
