#include "normalize/unicode_rules.hpp"

#include <cstring>

#include "base/utf8.hpp"
#include "normalize/ascii.hpp"
#include "normalize/lower.hpp"
#include "normalize/unicode_properties.hpp"

namespace pii::unicode {
namespace {

bool is_valid(std::string_view text) noexcept {
  return base::find_invalid_utf8(text) == std::string_view::npos;
}

bool is_phone_character(char32_t code_point) noexcept {
  return code_point < 0x80 ? kPhoneCharacters[code_point] != 0
                           : properties_of(code_point).has(Properties::kDigit);
}

template <class Visit>
void for_each_phone_character(std::string_view text, Visit visit) {
  std::size_t offset = 0;
  while (offset < text.size()) {
    const auto [code_point, size] = base::decode_valid_utf8(text, offset);
    if (is_phone_character(code_point)) visit(offset, size);
    offset += size;
  }
}

}  // namespace

std::string_view strip(std::string_view text) noexcept {
  while (!text.empty()) {
    const auto [code_point, size] = base::decode_valid_utf8(text, 0);
    if (!properties_of(code_point).has(Properties::kSpace)) break;
    text.remove_prefix(size);
  }
  while (!text.empty()) {
    const std::size_t last = base::previous_utf8(text, text.size());
    const char32_t code_point = base::decode_valid_utf8(text, last).code_point;
    if (!properties_of(code_point).has(Properties::kSpace)) break;
    text.remove_suffix(text.size() - last);
  }
  return text;
}

ErrorCode normalize_strip(std::string_view value, ValueNormalizer& writer) {
  if (!is_valid(value)) return ErrorCode::invalid_utf8;
  writer.show(strip(value));
  return ErrorCode::ok;
}

ErrorCode normalize_email(std::string_view value, ValueNormalizer& writer) {
  if (!is_valid(value)) return ErrorCode::invalid_utf8;
  const std::string_view text = strip(value);
  const std::size_t same = find_upper(text);
  if (same == text.size()) {
    writer.show(text);
    return ErrorCode::ok;
  }
  // Only what may outgrow the inline buffer is measured first.
  std::size_t room = same + max_lower_size(text.size() - same);
  if (room > ValueNormalizer::kInlineSize) room = same + lower_size(text, same);
  char* const out = writer.buffer(room);
  std::memcpy(out, text.data(), same);
  writer.show_buffer(same + lower(text, same, out + same));
  return ErrorCode::ok;
}

ErrorCode normalize_phone(std::string_view value, ValueNormalizer& writer) {
  if (!is_valid(value)) return ErrorCode::invalid_utf8;
  std::size_t total = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
  for_each_phone_character(value, [&](std::size_t offset, std::size_t size) {
    if (total == 0) begin = offset;
    total += size;
    end = offset + size;
  });
  if (total == end - begin) {
    writer.show(value.substr(begin, total));
    return ErrorCode::ok;
  }
  char* next = writer.buffer(total);
  for_each_phone_character(value, [&](std::size_t offset, std::size_t size) {
    std::memcpy(next, value.data() + offset, size);
    next += size;
  });
  writer.show_buffer(total);
  return ErrorCode::ok;
}

}  // namespace pii::unicode
