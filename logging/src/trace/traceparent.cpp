#include "pii/logging/trace.hpp"
#include "trace/hex.hpp"

namespace pii::trace {

namespace {

constexpr std::size_t kSize = 55;  // 00-<32>-<16>-<2>

// Blanks around a header's value are HTTP's, not the header's.
std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool plain_id(std::string_view text) noexcept {
  if (text.empty() || text.size() > 128) return false;
  for (const char c : text) {
    const bool word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!word && std::string_view("._:/+=-").find(c) == std::string_view::npos) return false;
  }
  return true;
}

}  // namespace

std::optional<SpanContext> parse(std::string_view traceparent, std::string_view tracestate) {
  const std::string_view text = trimmed(traceparent);
  std::uint8_t version = 0;
  std::uint8_t flags = 0;
  if (text.size() < kSize || text[2] != '-' || text[35] != '-' || text[52] != '-') return std::nullopt;
  if (!read_hex(text.substr(0, 2), {&version, 1}) || version == 0xFF) return std::nullopt;
  // Version 00 ends here; a later one may go on behind a dash.
  if (text.size() > kSize && (version == 0 || text[kSize] != '-')) return std::nullopt;
  SpanContext context;
  if (!read_hex(text.substr(3, 32), context.trace_id.bytes) || !read_hex(text.substr(36, 16), context.span_id.bytes) ||
      !read_hex(text.substr(53, 2), {&flags, 1}) || !context.valid()) {
    return std::nullopt;
  }
  context.flags = flags & (version == 0 ? kSampled | kRandom : kSampled);
  if (auto state = TraceState::parse(tracestate)) context.state = *std::move(state);
  return context;
}

std::string to_traceparent(const SpanContext& context) {
  if (!context.valid()) return {};
  std::string text(kSize, '-');
  text[0] = text[1] = '0';
  write_hex(context.trace_id.bytes, text.data() + 3);
  write_hex(context.span_id.bytes, text.data() + 36);
  const std::uint8_t flags = context.flags & (kSampled | kRandom);
  write_hex({&flags, 1}, text.data() + 53);
  return text;
}

Correlation parse_correlation(std::string_view header) {
  Correlation found;
  const std::string_view text = trimmed(header);
  if ((found.span = parse(text))) {
    found.trace_id = found.span->trace_id;
    return found;
  }
  const std::size_t dash = text.find('-');
  if (dash != std::string_view::npos) {
    const std::string_view rest = text.substr(dash + 1);
    found.trace_id = parse_trace_id(rest.substr(0, rest.find('-')));
  } else {
    found.trace_id = parse_trace_id(text);
  }
  if (!found.trace_id && plain_id(text)) found.correlation_id = text;
  return found;
}

}  // namespace pii::trace
