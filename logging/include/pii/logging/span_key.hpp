#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pii/export.hpp"
#include "pii/logging/trace.hpp"

namespace pii::trace {

/// The key of a request that is its place in a trace, as items of queues carry it: with a traceparent, or as two UUIDs, of which the
/// first is the trace id and the first 16 digits of the second are the span id.
struct PII_EXPORT SpanKey {
  TraceId trace_id = {};
  SpanId span_id = {};

  static SpanKey of(const SpanContext& context) noexcept { return {context.trace_id, context.span_id}; }
  /// nullopt: a text is no UUID (8-4-4-4-12 hex digits in any case, or 32 without dashes), or its id is zero.
  static std::optional<SpanKey> from_uuids(std::string_view trace, std::string_view span) noexcept;
  /// nullopt: as trace::parse() says.
  static std::optional<SpanKey> from_traceparent(std::string_view traceparent);

  bool valid() const noexcept { return trace_id.valid() && span_id.valid(); }
  /// Lower case; the last 16 digits of the span's are zero.
  std::string trace_uuid() const;
  std::string span_uuid() const;
  /// As a parent of spans, sampled: SpanOptions::parent, or ProcessScope's fallback.
  SpanContext context() const { return {trace_id, span_id, kSampled, {}}; }
  std::string to_traceparent() const { return trace::to_traceparent(context()); }

  friend bool operator==(const SpanKey&, const SpanKey&) = default;
};

}  // namespace pii::trace
