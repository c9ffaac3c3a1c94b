#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "commands/mask_setup.hpp"
#include "options.hpp"
#include "pii/names.hpp"

namespace piictl {

/// --canonical, and the rules whose regions say which national phone forms are known.
struct CanonicalFlags {
  bool on = false;
  RuleFlags rules;

  void declare(OptionList& options);
  /// What CanonicalValues is made from; nothing without --canonical. Errors: usage, invalid_setting, and what
  /// reading a policy file gives.
  pii::Result<std::optional<std::vector<std::string>>> regions() const;
};

/// Values as they are, or in the masker's canonical form (docs/masking.md, section 6), so that they have the
/// tokens that `piictl mask` writes. One object a thread.
class CanonicalValues {
 public:
  explicit CanonicalValues(std::optional<std::vector<std::string>> regions) noexcept
      : regions_(std::move(regions)) {}
  /// Valid until the next call. What is no UTF-8 stays as it is, for the tokenizer to refuse.
  std::span<const std::string_view> of(const pii::FieldType& field, std::span<const std::string_view> values);

 private:
  std::optional<std::vector<std::string>> regions_;
  std::vector<std::string> forms_;
  std::vector<std::string_view> views_;
};

}  // namespace piictl
