#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pii::log {

/// The keys that stay at an event's root (docs/logging.md, "Placement"); all others go to `extra`.
class RootFields {
 public:
  RootFields() = default;
  /// More of them, as the user configured. `level` cannot be kept.
  explicit RootFields(std::vector<std::string> more) : more_(std::move(more)) {}

  /// Whether a field of this key, dotted or not, stays at the root.
  bool keeps(std::string_view key) const noexcept;

 private:
  std::vector<std::string> more_;
};

/// Names of ECS field sets: a value there must be an object.
bool is_reserved(std::string_view name) noexcept;
/// The member that a plain value under the reserved `name` belongs to (`url` -> `full`).
std::string_view scalar_member(std::string_view name) noexcept;

/// `a, b,,c` without blanks and empty names.
std::vector<std::string> split_names(std::string_view list);

}  // namespace pii::log
