#include "commands/canonical_values.hpp"

#include "pii/masker.hpp"
#include "stream/json_text.hpp"

namespace piictl {
namespace {

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

void declare_canonical(OptionList& options, bool& canonical) {
  options.add_switch("--canonical", canonical,
                     "bring values into the form that piictl mask tokenizes, so that tokens agree");
}

std::span<const std::string_view> CanonicalValues::of(const pii::FieldType& field,
                                                      std::span<const std::string_view> values) {
  if (!canonical_) return values;
  static const std::vector<std::string> regions = pii::PolicySpec().regions;
  forms_.resize(values.size());
  views_.assign(values.begin(), values.end());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!is_utf8(values[i])) continue;
    forms_[i] = pii::canonical_form(field.name(), values[i], regions);
    views_[i] = forms_[i];
  }
  return views_;
}

}  // namespace piictl
