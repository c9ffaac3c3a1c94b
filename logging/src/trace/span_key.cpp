#include "pii/logging/span_key.hpp"

#include <algorithm>
#include <array>

#include "trace/hex.hpp"

namespace pii::trace {

namespace {

using Uuid = std::array<std::uint8_t, 16>;

std::optional<Uuid> read_uuid(std::string_view text) noexcept {
  constexpr std::size_t kDashes[] = {8, 13, 18, 23};
  char digits[32];
  std::size_t count = 0;
  const bool dashed = text.size() == 36;
  if (!dashed && text.size() != 32) return std::nullopt;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = dashed && (i == kDashes[0] || i == kDashes[1] || i == kDashes[2] || i == kDashes[3]);
    if (dash != (text[i] == '-')) return std::nullopt;
    if (dash) continue;
    digits[count++] = text[i] >= 'A' && text[i] <= 'F' ? static_cast<char>(text[i] - 'A' + 'a') : text[i];
  }
  Uuid uuid;
  if (!read_hex({digits, count}, uuid)) return std::nullopt;
  return uuid;
}

std::string write_uuid(const Uuid& uuid) {
  std::string text(32, '0');
  write_hex(uuid, text.data());
  for (const std::size_t dash : {8u, 13u, 18u, 23u}) text.insert(dash, 1, '-');
  return text;
}

}  // namespace

std::optional<SpanKey> SpanKey::from_uuids(std::string_view trace, std::string_view span) noexcept {
  const auto first = read_uuid(trace);
  const auto second = read_uuid(span);
  if (!first || !second) return std::nullopt;
  SpanKey key{{*first}, {}};
  std::copy_n(second->begin(), key.span_id.bytes.size(), key.span_id.bytes.begin());
  return key.valid() ? std::optional(key) : std::nullopt;
}

std::optional<SpanKey> SpanKey::from_traceparent(std::string_view traceparent) {
  const auto context = parse(traceparent);
  return context ? std::optional(of(*context)) : std::nullopt;
}

std::string SpanKey::trace_uuid() const { return write_uuid(trace_id.bytes); }
std::string SpanKey::span_uuid() const {
  Uuid uuid = {};
  std::copy(span_id.bytes.begin(), span_id.bytes.end(), uuid.begin());
  return write_uuid(uuid);
}

}  // namespace pii::trace
