#include "front/lone_values.hpp"

#include <algorithm>

#include "encode/json_writer.hpp"
#include "front/masking_stage.hpp"

namespace pii::log {

namespace {

// A token or a label and nothing else, which the masker leaves alone.
bool is_one_output(std::string_view text) noexcept {
  if (text.starts_with('[')) return text.find(']') == text.size() - 1;
  return text.starts_with("ptok:") &&
         std::all_of(text.begin(), text.end(), [](char c) { return c == ':' || c == '_' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); });
}

}  // namespace

std::optional<std::string_view> LoneValues::mask(const LineSlot& slot, const ValueRef& value, LineMasker& masker) {
  if (slot.before.empty()) return std::nullopt;
  line_ = slot.before;
  if (value.kind == ValueRef::Kind::text) {
    line_ += value.text;
  } else {
    write_value(value, nullptr, line_);
  }
  const std::size_t end = line_.size();
  line_ += slot.after;
  masked_.clear();
  masker.mask(line_, masked_);
  if (masked_ == line_) return std::string_view();
  // Whom a text names is looked for in the others; these, or what they are another form of, are in pairs.
  if (std::string_view(line_).substr(0, end).find_first_of(":=%&", slot.before.size()) != std::string_view::npos) return std::nullopt;
  const std::size_t around = slot.before.size() + slot.after.size();
  if (masked_.size() <= around || !masked_.starts_with(slot.before) || !masked_.ends_with(slot.after)) return std::nullopt;
  const auto other = std::string_view(masked_).substr(slot.before.size(), masked_.size() - around);
  if (!is_one_output(other)) {
    // Another value may make the masker look at what it wrote again: this one must stay as it is then.
    again_.clear();
    masker.mask(masked_, again_);
    if (again_ != masked_) return std::nullopt;
  }
  return other;
}

}  // namespace pii::log
