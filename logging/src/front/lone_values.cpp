#include "front/lone_values.hpp"

#include "encode/json_writer.hpp"
#include "front/masking_stage.hpp"

namespace pii::log {

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
  // Whom a text names is looked for in the others.
  if (std::string_view(line_).substr(0, end).find_first_of(":=", slot.before.size()) != std::string_view::npos) return std::nullopt;
  const std::size_t around = slot.before.size() + slot.after.size();
  if (masked_.size() <= around || !masked_.starts_with(slot.before) || !masked_.ends_with(slot.after)) return std::nullopt;
  return std::string_view(masked_).substr(slot.before.size(), masked_.size() - around);
}

}  // namespace pii::log
