#pragma once

#include <array>
#include <string_view>

#include "fields/leaves.hpp"
#include "pii/logging/context.hpp"

namespace pii::log {

/// What a Context holds. The named fields stand in the order of ContextEntry::Part.
struct Context::Data {
  static constexpr std::size_t kNamed = 7;

  std::array<Value, kNamed> named = {};
  Object extra = {};
  Object labels = {};
  std::string correlation_id = {};
  trace::SpanContext span = {};
  // All of it as an event carries it, and the values in that: both follow from the rest.
  Object ecs = {};
  Leaves leaves = {};

  friend bool operator==(const Data& a, const Data& b) {
    return a.named == b.named && a.extra == b.extra && a.labels == b.labels && a.correlation_id == b.correlation_id && a.span == b.span;
  }
};

/// The named fields as ecsctx calls them, and where they stand in an event.
struct NamedField {
  std::string_view wire;
  std::string_view object;  // empty: at the root
  std::string_view member;
};
inline constexpr std::array<NamedField, Context::Data::kNamed> kNamedFields = {{{"span_id", "span", "id"},
                                                                                 {"user_id", "user", "id"},
                                                                                 {"ip", "client", "ip"},
                                                                                 {"session_id", "", "session_id"},
                                                                                 {"orn", "payment", "orn"},
                                                                                 {"pg_code", "payment", "pg_code"},
                                                                                 {"reference_number", "payment", "reference"}}};

/// A label as it is written: its name without `.`, `*` and `\`, its value a scalar.
std::string label_name(std::string_view name);
Value label_value(const Value& value);

/// Events of the context that are counted, not reported: resets ignored, addresses that are none.
void count_ignored_reset() noexcept;
void count_invalid_context() noexcept;
std::uint64_t ignored_resets() noexcept;
std::uint64_t invalid_contexts() noexcept;
std::uint64_t redundant_binds() noexcept;

}  // namespace pii::log
