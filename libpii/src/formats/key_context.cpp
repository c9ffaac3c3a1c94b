#include "formats/key_context.hpp"

#include <cstring>

namespace pii::formats {

char* write_with_length(std::string_view text, char* out) noexcept {
  const auto size = static_cast<std::uint32_t>(text.size());
  for (int shift = 24; shift >= 0; shift -= 8) *out++ = static_cast<char>(size >> shift & 0xFF);
  if (!text.empty()) std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

std::size_t write_place(const KeyContext& context, char* out) noexcept {
  char* end = out;
  for (const std::string_view part :
       {context.environment, context.tenant, context.field, context.normalizer, context.kid}) {
    end = write_with_length(part, end);
  }
  return static_cast<std::size_t>(end - out);
}

std::size_t write_context(Purpose purpose, const KeyContext& context, char* out) noexcept {
  std::memcpy(out, kContextMark.data(), kContextMark.size());
  char* end = out + kContextMark.size();
  *end++ = '\0';
  *end++ = static_cast<char>(purpose);
  return kContextMark.size() + 2 + write_place(context, end);
}

}  // namespace pii::formats
