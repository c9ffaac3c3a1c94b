// ecsctx's rows: every one agrees or stands in a class of docs/logging.md, "Differences from ecsctx".
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>

#include "kit/vector_file.hpp"
#include "pii/logging/trace.hpp"

namespace {

using namespace pii::trace;
using pii::kit::VectorFile;

struct Ours {
  std::optional<std::string> trace_id;
  std::string flags = "01";
  std::optional<std::string> traceparent;
};

// What a service of ours logs and sends for the same request.
Ours ours(const VectorFile::Json& cid, const VectorFile::Json& span) {
  Ours result;
  const Correlation found = parse_correlation(cid.is_null() ? "" : cid.get<std::string>());
  if (!found.trace_id) return result;
  result.trace_id = to_string(*found.trace_id);
  const std::uint8_t flags = found.span ? found.span->flags : kSampled;
  const auto id = parse_span_id(span.is_null() ? "" : span.get<std::string>());
  const std::string header = to_traceparent({*found.trace_id, id.value_or(SpanId{}), flags, {}});
  if (!header.empty()) result.traceparent = header;
  // The flags as they would be sent, whatever the span.
  result.flags = to_traceparent({*found.trace_id, new_span_id(), flags, {}}).substr(53);
  return result;
}

std::optional<std::string> text(const VectorFile::Json& value) {
  return value.is_null() ? std::nullopt : std::optional(value.get<std::string>());
}

// Why a row may differ; empty: it may not.
std::string difference(const VectorFile::Json& row, const Ours& ours) {
  const auto peer_id = text(row["trace_id"]);
  const auto peer_flags = row["trace_flags"].get<std::string>();
  const auto peer_span = text(row["span_id"]);
  if (peer_id && !parse_trace_id(*peer_id) && !ours.trace_id) return "no trace id";
  if (peer_id != ours.trace_id) return "";
  if (peer_span && !parse_span_id(*peer_span) && !ours.traceparent) return "no span id";
  const bool sendable = peer_flags.size() == 2 && peer_flags[0] == '0' && peer_flags[1] >= '0' && peer_flags[1] <= '3';
  return sendable ? "" : "flags";
}

TEST(TraceVectors, EveryRowAgreesOrIsInAClass) {
  const VectorFile file("trace", {"note"});
  std::map<std::string, int> classes;
  int agree = 0;
  for (const auto& row : file.rows()) {
    VectorFile::expect_known(row, {"id", "cid", "span_id", "trace_id", "trace_flags", "traceparent", "note"}, row["id"]);
    const Ours mine = ours(row["cid"], row["span_id"]);
    const bool same = text(row["trace_id"]) == mine.trace_id && row["trace_flags"].get<std::string>() == mine.flags &&
                      text(row["traceparent"]) == mine.traceparent;
    const std::string why = same ? "" : difference(row, mine);
    EXPECT_TRUE(same || !why.empty()) << row.dump();
    if (same) ++agree;
    if (!same) ++classes[why];
    // Whatever the peer lets through: what we send is a traceparent, and what we log as trace.id is one.
    EXPECT_TRUE(!mine.traceparent || parse(*mine.traceparent)) << row.dump();
    EXPECT_TRUE(!mine.trace_id || parse_trace_id(*mine.trace_id)) << row.dump();
  }
  const std::map<std::string, int> expected = {{"no trace id", 20}, {"flags", 5}, {"no span id", 5}};
  EXPECT_EQ(classes, expected);
  EXPECT_EQ(agree, 15);
}

}  // namespace
