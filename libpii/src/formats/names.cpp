#include "pii/names.hpp"

#include <algorithm>
#include <optional>

#include "base/utf8.hpp"
#include "normalize/unicode_rules.hpp"

namespace pii {
namespace {

constexpr std::size_t kMaxKidSize = 64;

Error refuse(std::string_view what, std::string_view why) {
  return Error(
      ErrorCode::invalid_name, std::string(what).append(" ").append(why),
      "a name is UTF-8 text without '|', ':', control characters or surrounding white space, e.g. email");
}

Error refuse_at(std::string_view what, std::string_view why, std::size_t offset) {
  return refuse(what, std::string(why).append(" at byte ").append(std::to_string(offset)));
}

bool is_control(char32_t code_point) noexcept {
  return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0);
}

std::optional<Error> check_name(std::string_view what, std::string_view name) {
  if (name.empty()) return refuse(what, "is empty");
  if (name.size() > kMaxNameSize) {
    return refuse(what, "is longer than " + std::to_string(kMaxNameSize) + " bytes");
  }
  for (std::size_t offset = 0; offset < name.size();) {
    const auto [code_point, size] = base::decode_utf8(name, offset);
    if (code_point == base::kInvalidCodePoint) return refuse_at(what, "is not valid UTF-8", offset);
    if (code_point == U'|') return refuse_at(what, "contains '|'", offset);
    if (code_point == U':') return refuse_at(what, "contains ':'", offset);
    if (is_control(code_point)) return refuse_at(what, "contains a control character", offset);
    offset += size;
  }
  const std::string_view stripped = unicode::strip(name);
  if (stripped.data() != name.data()) return refuse_at(what, "begins with white space", 0);
  if (stripped.size() != name.size()) return refuse_at(what, "ends with white space", stripped.size());
  return std::nullopt;
}

// FNV-1a: names are short, few and chosen by the application.
std::uint64_t hash_of(std::string_view name) noexcept {
  std::uint64_t hash = 0xCBF29CE484222325;
  for (const char byte : name) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001B3;
  return hash;
}

bool is_lower_or_digit(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool is_alphanumeric(char c) noexcept { return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z'); }
bool is_v2_kid_character(char c) noexcept { return is_alphanumeric(c) || c == '_' || c == '-'; }
bool is_kid_character(char c) noexcept { return is_v2_kid_character(c) || c == '.'; }
bool is_v2_name_character(char c) noexcept {
  return is_lower_or_digit(c) || c == '.' || c == '_' || c == '-';
}

}  // namespace

Result<FieldType> FieldType::make(std::string_view name) {
  if (auto error = check_name("field type", name)) return std::move(*error);
  return FieldType(name, normalization_of(name), hash_of(name));
}

Result<Environment> Environment::make(std::string_view name) {
  if (auto error = check_name("environment", name)) return std::move(*error);
  return Environment(name);
}

bool is_valid_kid(std::string_view kid) noexcept {
  return !kid.empty() && kid.size() <= kMaxKidSize && std::all_of(kid.begin(), kid.end(), is_kid_character);
}

bool is_valid_v2_name(std::string_view name) noexcept {
  return !name.empty() && name.size() <= kMaxV2NameSize && is_lower_or_digit(name.front()) &&
         std::all_of(name.begin(), name.end(), is_v2_name_character);
}

bool is_valid_v2_kid(std::string_view kid) noexcept {
  return !kid.empty() && kid.size() <= kMaxV2KidSize && is_alphanumeric(kid.front()) &&
         std::all_of(kid.begin(), kid.end(), is_v2_kid_character);
}

}  // namespace pii
