// Spans around calls: functions, databases, event handlers; keys of requests; counts as Prometheus reads them.
#include <gtest/gtest.h>

#include <random>
#include <regex>
#include <set>
#include <stdexcept>

#include "pii/logging/handler.hpp"
#include "pii/logging/metrics.hpp"
#include "pii/logging/span_key.hpp"
#include "pii/logging/traced.hpp"
#include "unit/logging/span_kit.hpp"

namespace {

using namespace pii::log;
using pii::kit::SpanSession;
using pii::trace::SpanKey;
using pii::trace::without_literals;
using nlohmann::json;

TEST(Traced, AFunctionHasASpanAndItsExceptionsGoOn) {
  SpanSession session;
  const pii::trace::Tracer tracer;
  EXPECT_EQ(pii::trace::traced(tracer, "outer", [&] { return pii::trace::traced(tracer, "inner", [] { return 7; }); }), 7);
  EXPECT_THROW(pii::trace::traced(tracer, "fails", []() -> int { throw std::runtime_error("no ada@example.org"); }), std::runtime_error);
  const auto spans = session.spans();
  ASSERT_EQ(spans.size(), 3u);
  EXPECT_EQ(spans[0].at("message"), "inner");
  EXPECT_EQ(spans[0].at("parent_span_id"), spans[1].at("span_id"));
  EXPECT_EQ(spans[2].at("status"), 2);
  EXPECT_EQ(spans[2].at("events").at(0).at("message"), "exception");
  EXPECT_EQ(session.text().find("ada@"), std::string::npos);
}

TEST(Traced, AQueryIsAClientsSpanWithoutItsLiterals) {
  SpanSession session;
  const pii::trace::Tracer tracer;
  {
    pii::trace::QuerySpan query(tracer, {"postgresql", "SELECT", "users", "SELECT * FROM users WHERE name = 'Ada Lovelace' AND age > 36"});
    query.span().set("db.response.returned_rows", 1);
  }
  const json span = session.spans().at(0);
  EXPECT_EQ(span.at("message"), "SELECT users");
  EXPECT_EQ(span.at("kind"), 3);
  EXPECT_EQ(span.at("attributes").at("db.system"), "postgresql");
  EXPECT_EQ(span.at("attributes").at("db.statement"), "SELECT * FROM users WHERE name = ? AND age > ?");
  EXPECT_EQ(session.text().find("Lovelace"), std::string::npos);
}

TEST(WithoutLiterals, KeepsTheStatementAndNoValue) {
  const std::pair<const char*, const char*> cases[] = {
      {"", ""},
      {"SELECT 1", "SELECT ?"},
      {"INSERT INTO t2 (a, b) VALUES ('it''s', -1.5e-3), (0xFF, .5)", "INSERT INTO t2 (a, b) VALUES (?, -?), (?, ?)"},
      {"SELECT \"odd name\", `other` FROM t -- a remark\nWHERE x = $1 AND y = :y AND z = ?", "SELECT ?, ? FROM t \nWHERE x = $1 AND y = :y AND z = ?"},
      {"SELECT /* 42 */ a FROM b", "SELECT  a FROM b"},
      {"SELECT $$body 1$$, $tag$x$tag$, col1, a$b FROM t", "SELECT ?, ?, col1, a$b FROM t"},
      {"SELECT E'a' 'b', N'c', X'0F'", "SELECT E? ?, N?, X?"},
      // What dialects read differently is left out with all that follows.
      {"SELECT 'a\\' OR 'secret'", "SELECT  …"},
      {"SELECT 'no end", "SELECT  …"},
      {"SELECT q'[it's] secret'", "SELECT q …"},
      {"SELECT a #> 'x\n secret'", "SELECT a  …"},
      {"SELECT 5--'x\n secret'", "SELECT ? …"},
      {"SELECT $a$, 'x$a$ secret'", "SELECT  …"},
      {"SELECT [it's] FROM t WHERE a = 'secret'", "SELECT  …"},
      {"SELECT /* a /* b */ secret */ c", "SELECT  …"},
      {"SELECT /*! 'a*/ secret' */", "SELECT  …"}};
  for (const auto& [sql, expected] : cases) EXPECT_EQ(without_literals(sql), expected) << sql;
}

// Whatever the statement, no quote comes out, and no number: digits stand in no word here.
TEST(WithoutLiterals, OfRandomStatementsNothingQuotedComesOut) {
  std::mt19937 random(7);
  const std::string_view pieces[] = {"'", "\"", "`", "''", " ", "=", "?", "(", ")", "--", "/*", "*/", "#", "\n", "\\", "$$", "[", "]", "1", "2.5", ".", ",", "-"};
  for (int i = 0; i < 20'000; ++i) {
    std::string sql;
    for (auto n = random() % 12; n > 0; --n) sql += pieces[random() % std::size(pieces)];
    const std::string out = without_literals(sql);
    EXPECT_EQ(out.find_first_of("'\"`0123456789"), std::string::npos) << sql << " -> " << out;
  }
}

struct OrderPlaced : DomainEvent {
  std::string order = "ord-7";
};

TEST(Handlers, AnEventWithoutAnIdLeavesTheOneThatWasGiven) {
  SpanSession session;
  const OrderPlaced event;  // outside of every request
  ASSERT_EQ(event.correlation_id, "");
  const HandlerScope scope(event, {.handler = "send_mail", .event_type = "OrderPlaced", .correlation_id = "job-9"});
  EXPECT_EQ(current_correlation_id(), "job-9");
}

TEST(Handlers, HaveASpanEachAndTheEventsIds) {
  SpanSession session;
  const pii::trace::Tracer tracer;
  OrderPlaced event;
  event.correlation_id = "req-5";
  {
    const HandlerScope scope(event, {.handler = "send_mail", .event_type = "OrderPlaced", .entity_id = event.order, .tracer = &tracer});
    get_logger("x").info("handled");
    EXPECT_EQ(current_correlation_id(), "req-5");
  }
  EXPECT_NE(current_correlation_id(), "req-5");
  const json logged = session.events().at(0);
  EXPECT_EQ(logged.at("extra").at("event_type"), "OrderPlaced");
  EXPECT_EQ(logged.at("extra").at("entity_id"), "ord-7");
  EXPECT_EQ(logged.at("extra").at("correlation_id"), "req-5");
  const json span = session.spans().at(0);
  EXPECT_EQ(span.at("message"), "handle OrderPlaced");
  EXPECT_EQ(span.at("attributes").at("event.type"), "OrderPlaced");
  EXPECT_EQ(span.at("attributes").at("event.entity_id"), "ord-7");
  EXPECT_EQ(span.at("status"), 0);
  EXPECT_EQ(logged.at("span").at("id"), span.at("span_id"));
}

TEST(Handlers, OneSpanHasAllAttempts) {
  SpanSession session;
  const pii::trace::Tracer tracer;
  int calls = 0;
  EXPECT_TRUE(with_retries({.max = 3, .tracer = &tracer, .correlation_id = "req-6"}, "send_mail", "OrderPlaced", "{}", [&] {
    if (++calls < 3) throw std::runtime_error("not yet");
  }));
  EXPECT_FALSE(with_retries({.max = 2, .tracer = &tracer}, "send_mail", "OrderLost", "{}", [] { throw std::runtime_error("never"); }));
  const auto spans = session.spans();
  ASSERT_EQ(spans.size(), 2u);
  EXPECT_EQ(spans[0].at("status"), 0);
  EXPECT_EQ(spans[0].at("events").size(), 2u);
  EXPECT_EQ(spans[1].at("status"), 2);
  EXPECT_EQ(session.events().at(0).at("extra").at("correlation_id"), "req-6");
  EXPECT_EQ(session.events().at(0).at("trace").at("id"), spans[0].at("trace_id"));
}

TEST(SpanKey, IsATraceparentOrTwoUuids) {
  constexpr const char* kParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const auto key = SpanKey::from_traceparent(kParent);
  ASSERT_TRUE(key);
  EXPECT_EQ(key->to_traceparent(), kParent);
  EXPECT_EQ(key->trace_uuid(), "0af76519-16cd-43dd-8448-eb211c80319c");
  EXPECT_EQ(key->span_uuid(), "b7ad6b71-6920-3331-0000-000000000000");
  EXPECT_EQ(SpanKey::from_uuids(key->trace_uuid(), key->span_uuid()), *key);
  EXPECT_EQ(SpanKey::from_uuids("0AF7651916CD43DD8448EB211C80319C", "B7AD6B71-6920-3331-9999-999999999999"), *key);
  EXPECT_EQ(SpanKey::of(*pii::trace::parse(kParent)), *key);
  for (const char* bad : {"", "0af76519", "0af76519-16cd-43dd-8448-eb211c80319", "0af76519-16cd-43dd-8448-eb211c80319g",
                          "0af7651916-cd-43dd-8448-eb211c80319c", "00000000-0000-0000-0000-000000000000"}) {
    EXPECT_FALSE(SpanKey::from_uuids(bad, key->span_uuid())) << bad;
    EXPECT_FALSE(SpanKey::from_uuids(key->trace_uuid(), bad)) << bad;
  }
  EXPECT_FALSE(SpanKey::from_traceparent("00-0-0-01"));
  // A hop that has nothing but the key goes on in its trace.
  SpanSession session;
  const pii::trace::Tracer tracer;
  { const pii::trace::ProcessScope attempt(tracer, "", "Order", 0, key->context()); }
  EXPECT_EQ(session.spans().at(0).at("trace_id"), "0af7651916cd43dd8448eb211c80319c");
  EXPECT_EQ(session.spans().at(0).at("parent_span_id"), "b7ad6b7169203331");
}

TEST(Prometheus, EachFamilyIsToldOnceAndEverySampleIsOne) {
  Stats stats;
  stats.accepted = 12;
  stats.outputs = {{.accepted = 10, .written = 7, .buffered = 1, .dropped = 2}, {.accepted = 3, .failed = 3}};
  NamedCounts receivers[2];
  receivers[0].name = "elastic\"s\\\n";
  receivers[0].counts.sent = 5;
  receivers[0].counts.queued = 4;
  receivers[0].counts.oldest_age = std::chrono::milliseconds(1042);
  receivers[0].counts.last_error = "never shown";
  receivers[1].name = "b";
  const std::string text = prometheus_text(stats, receivers);
  EXPECT_EQ(text.find("never shown"), std::string::npos);
  for (const char* line : {"pii_log_events_total 12\n", R"(pii_log_lines_total{output="0",state="written"} 7)", R"(pii_log_lines_total{output="1",state="failed"} 3)",
                           R"(pii_log_lines_buffered{output="0"} 1)", R"(pii_ship_records_total{receiver="elastic\"s\\\n",state="sent"} 5)",
                           R"(pii_ship_waiting_records{receiver="elastic\"s\\\n",where="memory"} 4)", R"(pii_ship_oldest_seconds{receiver="elastic\"s\\\n"} 1.042)"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line;
  }
  // The grammar, line by line: HELP, TYPE, then only samples of that family, none of them twice.
  const std::regex help(R"(# HELP ([a-z_]+) [^\\]+)"), type(R"(# TYPE ([a-z_]+) (counter|gauge))");
  const std::regex sample(R"(([a-z_]+)(\{([a-z]+="([^"\\]|\\["\\n])*",?)+\})? [0-9]+(\.[0-9]+)?)");
  std::istringstream lines(text);
  std::set<std::string> families, samples;
  std::string family;
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_match(line, match, help)) {
      family = match[1];
      EXPECT_TRUE(families.insert(family).second) << line;
      ASSERT_TRUE(std::getline(lines, line));
      ASSERT_TRUE(std::regex_match(line, match, type)) << line;
      EXPECT_EQ(match[1], family);
      EXPECT_EQ(match[2] == "counter", family.ends_with("_total")) << line;
    } else {
      ASSERT_TRUE(std::regex_match(line, match, sample)) << line;
      EXPECT_EQ(match[1], family);
      EXPECT_TRUE(samples.insert(line.substr(0, line.rfind(' '))).second) << line;
    }
  }
  EXPECT_GT(samples.size(), 40u);
  EXPECT_EQ(prometheus_text({}).find("pii_ship"), std::string::npos);
}

}  // namespace
