#include "normalize/version_2_rules.hpp"

#include "base/utf8.hpp"
#include "normalize/code_points.hpp"
#include "normalize/lower.hpp"
#include "normalize/nfc.hpp"
#include "normalize/unicode_properties.hpp"
#include "normalize/unicode_rules.hpp"

namespace pii::unicode {
namespace {

enum class Rule { text, email };

// Marks without width that come with copied text. Joiners change how words of some scripts are written, so
// that only e-mail addresses lose them.
bool is_dropped(char32_t code_point, Rule rule) noexcept {
  switch (code_point) {
    case 0x200B:  // zero width space
    case 0x2060:  // word joiner
    case 0xFEFF:  // byte order mark
      return true;
    case 0x200C:  // zero width non-joiner
    case 0x200D:  // zero width joiner
      return rule == Rule::email;
    default:
      return false;
  }
}

bool has_dropped(std::string_view text, Rule rule) noexcept {
  for (std::size_t offset = 0; offset < text.size();) {
    const auto [code_point, size] = base::decode_valid_utf8(text, offset);
    if (is_dropped(code_point, rule)) return true;
    offset += size;
  }
  return false;
}

// Text of a step in between, wiped.
class Scratch {
 public:
  explicit Scratch(std::size_t size) : text_(size) {}
  char* data() noexcept { return text_.expose_mutable().data(); }
  std::string_view first(std::size_t size) const noexcept { return text_.expose().substr(0, size); }

 private:
  SecretString text_;
};

// Lower-casing may bring together what composes: J with a caron has no composite, j with a caron has.
void lower(CodePoints& text, CodePoints& out) {
  const std::size_t size = text.utf8_size();
  Scratch before(size);
  text.encode(before.data());
  const std::string_view valid = before.first(size);
  Scratch after(max_lower_size(size));
  CodePoints lowered;
  lowered.push(after.first(unicode::lower(valid, 0, after.data())));
  append_nfc(lowered, out);
}

bool is_space(char32_t code_point) noexcept { return properties_of(code_point).has(Properties::kSpace); }

void write_stripped(const CodePoints& text, ValueNormalizer& writer) {
  std::size_t begin = 0;
  std::size_t end = text.size();
  while (begin < end && is_space(text[begin])) ++begin;
  while (end > begin && is_space(text[end - 1])) --end;
  std::size_t size = 0;
  for (std::size_t i = begin; i < end; ++i) size += base::utf8_size(text[i]);
  char* out = writer.buffer(size);
  for (std::size_t i = begin; i < end; ++i) out += base::encode_utf8(text[i], out);
  writer.show_buffer(size);
}

ErrorCode apply(Rule rule, std::string_view value, ValueNormalizer& writer) {
  if (base::find_invalid_utf8(value) != std::string_view::npos) return ErrorCode::invalid_utf8;
  if (is_nfc_for_certain(value) && !has_dropped(value, rule) &&
      (rule == Rule::text || find_upper(value) == value.size())) {
    writer.show(strip(value));
    return ErrorCode::ok;
  }
  CodePoints kept;
  for (std::size_t offset = 0; offset < value.size();) {
    const auto [code_point, size] = base::decode_valid_utf8(value, offset);
    if (!is_dropped(code_point, rule)) kept.push(code_point);
    offset += size;
  }
  CodePoints composed;
  append_nfc(kept, composed);
  if (rule == Rule::text) {
    write_stripped(composed, writer);
    return ErrorCode::ok;
  }
  CodePoints lowered;
  lower(composed, lowered);
  write_stripped(lowered, writer);
  return ErrorCode::ok;
}

}  // namespace

ErrorCode normalize_text_1(std::string_view value, ValueNormalizer& writer) {
  return apply(Rule::text, value, writer);
}

ErrorCode normalize_email_1(std::string_view value, ValueNormalizer& writer) {
  return apply(Rule::email, value, writer);
}

}  // namespace pii::unicode
