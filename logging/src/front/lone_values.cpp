#include "front/lone_values.hpp"

#include <algorithm>

#include "encode/json_writer.hpp"
#include "front/masking_stage.hpp"
#include "pii/token.hpp"

namespace pii::log {

namespace {

constexpr bool is_of_token(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
}

// A token or a label and nothing else, which the masker leaves alone. What begins with a token where the value did not, and has the size
// of one, has nothing more; with other sizes it has no hyphen, which might be a word's.
bool is_one_output(std::string_view text, std::string_view value) noexcept {
  if (text.starts_with('[')) return text.find(']') == text.size() - 1;
  if (text.size() == kTokenV1Size && text.starts_with("ptok:v1:") && !value.starts_with("ptok:")) return true;
  return text.starts_with("ptok:") && std::all_of(text.begin(), text.end(), is_of_token);
}

}  // namespace

std::optional<std::string_view> LoneValues::mask(LineSlot& slot, const ValueRef& value, LineMasker& masker) {
  if (slot.before.empty()) return std::nullopt;
  masked_.clear();
  if (value.kind == ValueRef::Kind::text) {
    // It names nobody then, whatever it has in it.
    if (masker.mask_value(slot.place, value.text, masked_)) return if_it_stays(slot, value.text, masked_, masker);
    return in_line(slot, value.text, masker);
  }
  number_.clear();
  write_value(value, nullptr, number_);
  return in_line(slot, number_, masker);
}

std::optional<std::string_view> LoneValues::in_line(const LineSlot& slot, std::string_view value, LineMasker& masker) {
  line_.assign(slot.before).append(value).append(slot.after);
  masked_.clear();
  masker.mask(line_, masked_);
  const std::size_t around = slot.before.size() + slot.after.size();
  if (masked_.size() <= around || !masked_.starts_with(slot.before) || !masked_.ends_with(slot.after)) return std::nullopt;
  const auto other = std::string_view(masked_).substr(slot.before.size(), masked_.size() - around);
  // Whom a text names is looked for in the others; these, or what they are another form of, are in pairs.
  if (other != value && value.find_first_of(":=%&") != std::string_view::npos) return std::nullopt;
  return if_it_stays(slot, value, other, masker);
}

std::optional<std::string_view> LoneValues::if_it_stays(const LineSlot& slot, std::string_view value, std::string_view other, LineMasker& masker) {
  if (other == value) return std::string_view();
  if (!is_one_output(other, value)) {
    // Another value may make the masker look at what it wrote again: this one must stay as it is then.
    line_.assign(slot.before).append(other).append(slot.after);
    again_.clear();
    masker.mask(line_, again_);
    if (again_ != line_) return std::nullopt;
  }
  return other;
}

}  // namespace pii::log
