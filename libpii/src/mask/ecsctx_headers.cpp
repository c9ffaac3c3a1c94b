#include "mask/ecsctx_rules.hpp"

namespace pii::mask::ecsctx {
namespace {

constexpr int kShown = 4;  // characters at either end

bool begins_character(char byte) noexcept { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

/// Bytes of the first `count` characters.
std::size_t prefix_size(std::string_view text, int count) noexcept {
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    if (begins_character(text[at]) && count-- == 0) break;
  }
  return at;
}

std::size_t suffix_begin(std::string_view text, int count) noexcept {
  std::size_t at = text.size();
  while (at > 0 && count > 0) {
    --at;
    if (begins_character(text[at])) --count;
  }
  return at;
}

/// Appends `secret` shortened: only what has more than both ends together shows them.
void append_shortened(std::string_view secret, std::string& out) {
  const bool shown = prefix_size(secret, 2 * kShown) < secret.size();
  if (shown) out += secret.substr(0, prefix_size(secret, kShown));
  out += "****";
  if (shown) out += secret.substr(suffix_begin(secret, kShown));
}

}  // namespace

void append_masked_header(std::string_view value, std::string& out) {
  if (const std::size_t space = value.find(' '); space != std::string_view::npos) {
    out += value.substr(0, space + 1);
    value.remove_prefix(space + 1);
  }
  append_shortened(value, out);
}

}  // namespace pii::mask::ecsctx
