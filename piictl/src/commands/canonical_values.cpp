#include "commands/canonical_values.hpp"

#include "pii/masker.hpp"
#include "stream/json_text.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::Result;

bool is_utf8(std::string_view text) noexcept {
  const char* const end = text.data() + text.size();
  for (const char* at = text.data(); at != end;) {
    const std::size_t size = static_cast<unsigned char>(*at) < 0x80 ? 1 : stream::utf8_sequence(at, end);
    if (size == 0) return false;
    at += size;
  }
  return true;
}

}  // namespace

void CanonicalFlags::declare(OptionList& options) {
  options.add_switch("--canonical", on,
                     "bring values into the form that piictl mask tokenizes, so that tokens agree");
  rules.declare(options);
}

Result<std::optional<std::vector<std::string>>> CanonicalFlags::regions() const {
  if (!on) {
    if (rules.policy.empty() && rules.profile.empty()) return std::optional<std::vector<std::string>>();
    return Error(ErrorCode::usage, "--policy and --profile mean nothing without --canonical", "add --canonical");
  }
  auto spec = load_rules(rules);
  if (!spec) return std::move(spec).error();
  if (spec->rules != pii::PolicySpec::Rules::catalogue) {
    return Error(ErrorCode::usage, "the rules of ecsctx tokenize values as they are written",
                 "leave --canonical out");
  }
  const auto policy = pii::MaskPolicy::compile(*std::move(spec));
  if (!policy) return policy.error();
  return std::optional((*policy)->spec().regions);
}

std::span<const std::string_view> CanonicalValues::of(const pii::FieldType& field,
                                                      std::span<const std::string_view> values) {
  if (!regions_) return values;
  forms_.resize(values.size());
  views_.assign(values.begin(), values.end());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!is_utf8(values[i])) continue;
    forms_[i] = pii::canonical_form(field.name(), values[i], *regions_);
    views_[i] = forms_[i];
  }
  return views_;
}

}  // namespace piictl
