#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pii/export.hpp"

/// W3C Trace Context, level 2 (https://www.w3.org/TR/trace-context-2/). Everything here is pure but the making of ids.
namespace pii::trace {

/// 16 bytes that name a trace; all zero is invalid.
struct TraceId {
  std::array<std::uint8_t, 16> bytes = {};

  bool valid() const noexcept { return *this != TraceId{}; }
  friend bool operator==(const TraceId&, const TraceId&) = default;
};

/// 8 bytes that name a span; all zero is invalid.
struct SpanId {
  std::array<std::uint8_t, 8> bytes = {};

  bool valid() const noexcept { return *this != SpanId{}; }
  friend bool operator==(const SpanId&, const SpanId&) = default;
};

inline constexpr std::uint8_t kSampled = 0x01;
inline constexpr std::uint8_t kRandom = 0x02;  // level 2: the last 7 bytes of the trace id are random

/// 32 and 16 lower-case hex digits.
PII_EXPORT std::string to_string(const TraceId& id);
PII_EXPORT std::string to_string(const SpanId& id);
/// Exactly 32 lower-case hex digits, not all zero; else nullopt.
PII_EXPORT std::optional<TraceId> parse_trace_id(std::string_view text) noexcept;
/// 16 lower-case hex digits, or a UUID, whose first 16 digits count (as ecsctx puts it on the wire); not all zero.
PII_EXPORT std::optional<SpanId> parse_span_id(std::string_view text) noexcept;
/// New random ids, never zero, from the system's generator through a buffer of the thread's that a fork discards.
PII_EXPORT TraceId new_trace_id();
PII_EXPORT SpanId new_span_id();

/// A valid `tracestate`: at most 32 members of other systems, passed on in their order.
class PII_EXPORT TraceState {
 public:
  using Member = std::pair<std::string, std::string>;

  /// Reads the header; several of them are joined by `,` before. Empty members are skipped, of equal keys the first stays.
  /// A list with a bad member, or more than 32, is nullopt: it is dropped whole.
  static std::optional<TraceState> parse(std::string_view header);

  const std::vector<Member>& members() const noexcept { return members_; }
  bool empty() const noexcept { return members_.empty(); }
  /// The value of `key`, or empty. Lives as long as this object and its members do not change.
  std::string_view get(std::string_view key) const noexcept;
  /// Puts a member in front, in place of one with its key; beyond 32 the last one goes. False when key or value is invalid.
  bool set(std::string_view key, std::string_view value);
  std::string to_string() const;

  friend bool operator==(const TraceState&, const TraceState&) = default;

 private:
  std::vector<Member> members_;
};

/// One span as it travels: `traceparent` and `tracestate`.
struct SpanContext {
  TraceId trace_id = {};
  SpanId span_id = {};
  std::uint8_t flags = 0;  // kSampled, kRandom; other bits are never passed on
  TraceState state = {};

  bool valid() const noexcept { return trace_id.valid() && span_id.valid(); }
  bool sampled() const noexcept { return (flags & kSampled) != 0; }
  friend bool operator==(const SpanContext&, const SpanContext&) = default;
};

/// Reads a request's headers strictly: lower-case hex, no zero ids, version `ff` refused, later versions read by their prefix,
/// blanks around the header forgiven. nullopt: start a new trace. A bad tracestate is dropped and the traceparent stays.
PII_EXPORT std::optional<SpanContext> parse(std::string_view traceparent, std::string_view tracestate = {});
/// The header `traceparent` of version 00; empty when the context is invalid.
PII_EXPORT std::string to_traceparent(const SpanContext& context);

/// A new root, or a child of `parent` (its trace, flags and state) with a span id of its own.
PII_EXPORT SpanContext new_root(std::uint8_t flags = kSampled | kRandom);
PII_EXPORT SpanContext new_child(const SpanContext& parent);

/// What a request says about who it belongs to, in whatever header.
struct Correlation {
  std::optional<SpanContext> span = {};   // a valid traceparent
  std::optional<TraceId> trace_id = {};   // of `span`, or what could be kept of a broken traceparent
  std::string correlation_id = {};        // an id that is no trace id; never written as trace.id
};
/// Reads a header that may hold a traceparent, a broken one of which only the trace id is good, a bare trace id, or any
/// other id of 1 to 128 characters of `[A-Za-z0-9._:/+=-]`. Everything else is forgotten, so it cannot inject a header.
PII_EXPORT Correlation parse_correlation(std::string_view header);

}  // namespace pii::trace
