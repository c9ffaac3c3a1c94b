#include "front/lone_values.hpp"

#include <array>

#include "encode/json_writer.hpp"
#include "front/masking_stage.hpp"
#include "pii/token.hpp"

namespace pii::log {

namespace {

enum : std::uint8_t { kOfToken = 1, kOfBase64 = 2, kOfPair = 4 };
constexpr auto kClasses = [] {
  std::array<std::uint8_t, 256> table{};
  for (unsigned c = '0'; c <= '9'; ++c) table[c] = kOfToken | kOfBase64;
  for (unsigned c = 'A'; c <= 'Z'; ++c) table[c] = table[c + 0x20] = kOfToken | kOfBase64;
  table['_'] = kOfToken | kOfBase64;
  table['-'] = kOfBase64;
  table[':'] = kOfToken | kOfPair;
  table['='] = table['%'] = table['&'] = kOfPair;
  return table;
}();

bool all_are(std::string_view text, std::uint8_t wanted) noexcept {
  std::uint8_t common = wanted;
  for (const char c : text) common &= kClasses[static_cast<unsigned char>(c)];
  return common != 0;
}
bool has_pair(std::string_view text) noexcept {
  std::uint8_t any = 0;
  for (const char c : text) any |= kClasses[static_cast<unsigned char>(c)];
  return (any & kOfPair) != 0;
}

// A token or a label and nothing else, which the masker leaves alone. With a hyphen only where the size leaves no room for more.
bool is_one_output(std::string_view text) noexcept {
  if (text.starts_with('[')) return text.find(']') == text.size() - 1;
  if (text.size() == kTokenV1Size && text.starts_with("ptok:v1:")) return all_are(text.substr(8), kOfBase64);
  return text.starts_with("ptok:") && all_are(text, kOfToken);
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
  if (has_pair(std::string_view(line_).substr(slot.before.size(), end - slot.before.size()))) return std::nullopt;
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
