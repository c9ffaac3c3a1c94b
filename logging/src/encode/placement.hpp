#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pii::log {

/// Whether a name may be a part of a dotted path: a letter or `_`, then letters, digits, `_` and `-`, or nothing. Addresses and numbers that people
/// are known by must not be taken apart, nor put together from parts, where no masker sees them whole.
constexpr bool is_path_part(std::string_view name) noexcept {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  if (!name.empty() && !letter(name.front())) return false;
  for (const char c : name) {
    if (!letter(c) && (c < '0' || c > '9') && c != '-') return false;
  }
  return true;
}
/// A dotted path of such parts.
constexpr bool is_path(std::string_view name) noexcept {
  for (;;) {
    const std::size_t dot = name.find('.');
    if (!is_path_part(name.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    name.remove_prefix(dot + 1);
  }
}

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
/// Bit sets of them, for reports: the bit of `name`, and the names of the bits.
std::uint32_t reserved_bit(std::string_view name) noexcept;
std::vector<std::string_view> reserved_names(std::uint32_t bits);
/// The member that a plain value under the reserved `name` belongs to (`url` -> `full`).
std::string_view scalar_member(std::string_view name) noexcept;

/// `a, b,,c` without blanks and empty names.
std::vector<std::string> split_names(std::string_view list);

}  // namespace pii::log
