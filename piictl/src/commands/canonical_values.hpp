#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "options.hpp"
#include "pii/names.hpp"

namespace piictl {

void declare_canonical(OptionList& options, bool& canonical);

/// Values as they are, or in the masker's canonical form (docs/masking.md, section 6), so that they have the
/// tokens that `piictl mask` writes. One object a thread.
class CanonicalValues {
 public:
  explicit CanonicalValues(bool canonical) noexcept : canonical_(canonical) {}
  /// Valid until the next call. What is no UTF-8 stays as it is, for the tokenizer to refuse.
  std::span<const std::string_view> of(const pii::FieldType& field, std::span<const std::string_view> values);

 private:
  bool canonical_;
  std::vector<std::string> forms_;
  std::vector<std::string_view> views_;
};

}  // namespace piictl
