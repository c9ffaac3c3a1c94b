// What stands between a call and its line besides masking: processors, words, outputs by logger, alerts, reports.
#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "front/pipeline.hpp"
#include "pii/logging/alert.hpp"
#include "pii/logging/masking.hpp"
#include "pii/logging/span.hpp"
#include "unit/logging/logging_session.hpp"
#include "unit/logging/span_kit.hpp"

namespace {

using namespace pii::log;
namespace trace = pii::trace;
using Json = nlohmann::ordered_json;

TEST(Processors, SeeAndChangeEventsBeforeTheyAreMasked) {
  Configuration configuration;
  configuration.processors = {[](Record& record) {
                                if (record.event == "noise") return false;
                                record.fields.erase("secret_plan");
                                record.fields.set("contact", Value("ada@example.org"));
                                record.fields.set("seen", Value(std::string(record.logger) + "/" + std::string(to_string(record.level))));
                                return true;
                              },
                              [](Record& record) {
                                if (record.fields.find("seen") != nullptr) record.context = record.context.without_extra("tenant");
                                return true;
                              }};
  pii::kit::LoggingSession logging(configuration);
  const Logger log = get_logger("shop").bind(kv("bound", 1), kv("nested", object(kv("a", 1), kv("b", 2))));
  const ScopedContext scope(user_id(42), extra(kv("tenant", "acme")));
  log.info("noise");
  log.info("order", kv("secret_plan", "x"), kv("amount", 3), kv("nested", object(kv("a", 9))), local_only);
  const auto events = logging.events();
  ASSERT_EQ(events.size(), 1u);
  const Json& extra = events[0]["extra"];
  EXPECT_EQ(extra["contact"], pii::kit::token("email", "ada@example.org"));
  EXPECT_EQ(extra["seen"], "shop/info");
  EXPECT_EQ(extra["amount"], 3);
  EXPECT_EQ(extra["bound"], 1);
  EXPECT_EQ(extra["nested"], Json::parse(R"({"a":9,"b":2})"));
  EXPECT_FALSE(extra.contains("secret_plan"));
  EXPECT_FALSE(extra.contains("tenant"));
  EXPECT_EQ(events[0]["user"]["id"], 42);
  EXPECT_EQ(logging.session().stats().filtered, 1u);
  EXPECT_EQ(current_context().to_ecs().find("tenant") != nullptr, true) << "an event's context is its own";
}

TEST(Processors, OneThatThrowsCostsTheFieldsAndNothingPassesIt) {
  Configuration configuration;
  configuration.processors = {[](Record&) -> bool { throw std::runtime_error("broken"); }};
  pii::kit::LoggingSession logging(configuration);
  const trace::SpanContext span = trace::new_root();
  const ScopedContext scope(current_span(span), extra(kv("tenant", "acme")));
  get_logger("shop").bind(kv("bound", 1)).infof("order", "{}", kv("amount", 3));
  const Json event = logging.last();
  EXPECT_EQ(event["message"], "order");
  EXPECT_EQ(event["trace"]["id"], trace::to_string(span.trace_id));
  EXPECT_FALSE(event.contains("extra"));
  EXPECT_EQ(logging.session().stats().encode_failures, 1u);
}

TEST(Processors, WhatOneLogsItselfIsDroppedAndCounted) {
  Configuration configuration;
  configuration.processors = {[](Record&) {
    get_logger("processor").info("seen", kv("a", 1));
    return true;
  }};
  pii::kit::LoggingSession logging(configuration);
  get_logger("shop").info("order");
  get_logger("shop").info("order");
  EXPECT_EQ(logging.events().size(), 2u);
  EXPECT_EQ(logging.last()["message"], "order");
  EXPECT_EQ(logging.session().stats().filtered, 2u);
}

TEST(Processors, WhatIsLocalStaysSo) {
  class Locality final : public Sink {
   public:
    void write(const MaskedLine& line) noexcept override { local += line.local() ? 1 : 0; }
    bool flush(std::chrono::milliseconds) noexcept override { return true; }
    SinkCounts counts() const noexcept override { return {}; }
    int local = 0;
  };
  const auto sink = std::make_shared<Locality>();
  Configuration configuration;
  configuration.outputs = {Output{sink}};
  configuration.processors = {[](Record&) { return true; }};
  const Session session = pii::kit::start(std::move(configuration));
  for (int i = 0; i < 4; ++i) get_logger("shop").info("order", kv("amount", i), local_only);
  EXPECT_EQ(sink->local, 4);
}

class TalkativeMasker final : public LineMasker {
 public:
  void mask(std::string_view line, std::string& out) override {
    if (!std::exchange(talks, true)) {
      get_logger("provider").info("asked", kv("text", std::string(1000, 'x')));
      talks = false;
    }
    out += line;
  }
  static thread_local bool talks;
};
thread_local bool TalkativeMasker::talks = false;

TEST(Reentry, WhatIsLoggedWhileALineOrASpanIsMaskedChangesNeither) {
  const auto events = std::make_shared<pii::kit::KeepingSink>();
  const auto spans = std::make_shared<pii::kit::KeepingSink>();
  Configuration configuration;
  configuration.outputs = {Output{events}};
  configuration.spans = spans;
  auto pipeline = start_pipeline(configuration, [] { return std::make_unique<TalkativeMasker>(); });
  ASSERT_TRUE(pipeline);
  {
    const trace::Tracer tracer;
    trace::Span span(tracer, "pay");
  }
  EXPECT_EQ(masked("hello"), "hello");
  get_logger("shop").info("order");
  end_pipeline(**pipeline, std::chrono::seconds(1));
  ASSERT_EQ(pii::kit::json_lines(spans->text()).size(), 1u);
  EXPECT_EQ(pii::kit::json_lines(spans->text())[0].at("message"), "pay");
  std::vector<std::string> messages;
  for (const auto& event : pii::kit::json_lines(events->text())) messages.push_back(event.at("message"));
  EXPECT_EQ(messages, (std::vector<std::string>{"asked", "asked", "asked", "order"}));
}

TEST(Reentry, AClockThatThrowsCostsOneEventAndNoState) {
  static int calls = 0;
  calls = 0;
  std::atomic<int> made{0};
  const auto events = std::make_shared<pii::kit::KeepingSink>();
  Configuration configuration;
  configuration.outputs = {Output{events}};
  configuration.clock = []() -> std::chrono::system_clock::time_point {
    if (++calls == 1) throw std::runtime_error("no clock");
    return std::chrono::system_clock::now();
  };
  TalkativeMasker::talks = true;  // says nothing
  auto pipeline = start_pipeline(configuration, [&] { return ++made, std::make_unique<TalkativeMasker>(); });
  ASSERT_TRUE(pipeline);
  for (int i = 0; i < 3; ++i) get_logger("shop").info("order");
  end_pipeline(**pipeline, std::chrono::seconds(1));
  TalkativeMasker::talks = false;
  EXPECT_EQ((*pipeline)->stats().encode_failures, 1u);
  EXPECT_EQ(pii::kit::json_lines(events->text()).size(), 2u);
  EXPECT_EQ(made, 1);
}

TEST(Words, KeepTheirPlacesWhateverProcessorsDo) {
  Configuration configuration;
  configuration.processors = {[](Record& record) {
    Object fields;
    fields.set("shard", Value(std::int64_t{3}));
    record.fields.erase("who");
    fields.merge(record.fields);
    record.fields = std::move(fields);
    return true;
  }};
  pii::kit::LoggingSession logging(configuration);
  get_logger("shop").bind(kv("bound", 1)).infof("order_paid", "{} paid {} in {}", kv("who", "someone"), kv("amount", 7), kv("currency", "KWD"));
  EXPECT_EQ(logging.last()["message"], "{} paid 7 in KWD");
  EXPECT_EQ(logging.last("flat")["message"], "{} paid 7 in KWD");
}

TEST(Words, AreTheMessageWithWhatTheMaskedLineSays) {
  pii::kit::LoggingSession logging;
  const Logger log = get_logger("shop");
  log.infof("order_paid", "{} paid {} {{KWD}} by {}, {}", kv("customer_name", "Ada Lovelace"), kv("amount", 3), kv("http.request.method", "POST"),
            secret("pin", "1234"), local_only);
  const Json event = logging.last();
  const std::string who = pii::kit::token("name", "Ada Lovelace");
  EXPECT_EQ(event["message"], who + " paid 3 {KWD} by POST, [PII_REDACTED]");
  EXPECT_EQ(event["event"]["action"], "order_paid");
  EXPECT_EQ(event["extra"]["customer_name"], who);
  EXPECT_EQ(event["http"]["request"]["method"], "POST");
  EXPECT_EQ(event.begin().key(), "@timestamp");
  const Json flat = logging.last("flat");
  EXPECT_EQ(flat["event"], "order_paid");
  EXPECT_EQ(flat["message"], event["message"]);
  // Words and a value that are personal only together.
  log.warningf("e", "ada@{}", kv("host", "example.org"));
  EXPECT_EQ(logging.last()["message"].get<std::string>().find("example.org"), std::string::npos) << logging.last()["message"];
  log.errorf("e", "no places");
  EXPECT_EQ(logging.last()["message"], "no places");
  log.logf(Level::critical, "e", "{} {}", kv("event", object(kv("action", "mine"))), kv("message", "inner"));
  EXPECT_EQ(logging.last()["message"], R"({"action":"mine"} inner)");
  EXPECT_EQ(logging.last()["event"]["action"], "mine");
  log.debugf("e", "not enabled {}", kv("a", 1));
  EXPECT_EQ(logging.events().size(), 4u);
}

TEST(Outputs, ByLoggerAndNotAdditive) {
  const pii::kit::TemporaryFolder folder;
  Configuration configuration;
  Output database = file(folder / "database");
  database.logger = "db.backends";
  database.additive = false;
  Output orders = file(folder / "orders");
  orders.logger = "orders";
  configuration.outputs = {file(folder / "all"), database, orders};
  {
    const Session session = pii::kit::start(configuration);
    for (const char* name : {"db", "db.backends", "db.backends.pool", "db.backendsx", "orders", "orders.items", "other"}) {
      get_logger(name).info("e");
    }
  }
  const auto lines = [&](const char* name) {
    const std::string text = pii::kit::read_file(folder / name);
    return std::count(text.begin(), text.end(), '\n');
  };
  EXPECT_EQ(lines("database"), 2);
  EXPECT_EQ(lines("orders"), 2);
  EXPECT_EQ(lines("all"), 5) << "not those of db.backends, which keeps them to itself";
}

TEST(Alerts, TellMaskedErrorsAtARateInTheThreadsContext) {
  pii::kit::TemporaryFolder folder;
  std::vector<std::string> told;
  std::vector<std::uint64_t> suppressed;
  std::vector<std::string> tags;
  Configuration configuration;
  configuration.keys = {pii::kit::masking_provider(), pii::kit::test_environment(), false};
  configuration.outputs = {file(folder / "ecs"), alerts(
                                                     [&](const MaskedLine& line, std::uint64_t missed) {
                                                       told.emplace_back(line.text());
                                                       suppressed.push_back(missed);
                                                       for (const auto& [name, value] : trace_tags()) tags.push_back(name + "=" + value);
                                                       get_logger("sentry").error("handler_speaks");  // is no alert
                                                       if (told.size() == 2) throw std::runtime_error("no network");
                                                     },
                                                     {.most = 2, .per = std::chrono::milliseconds(700)})};
  const Session session = pii::kit::start(configuration);
  const Logger log = get_logger("shop");
  const trace::SpanContext span = trace::new_root();
  const ScopedContext scope(current_span(span));
  log.warning("not_an_error");
  log.error("payment_failed", kv("email", "ada@example.org"));
  log.error("private", local_only);
  for (int i = 0; i < 3; ++i) log.critical("again");
  ASSERT_EQ(told.size(), 2u);
  const Json event = Json::parse(told[0]);
  EXPECT_EQ(event["message"], "payment_failed");
  EXPECT_EQ(event["extra"]["email"], pii::kit::token("email", "ada@example.org"));
  EXPECT_EQ(tags.at(0), "trace_id=" + trace::to_string(span.trace_id));
  EXPECT_EQ(tags.at(1), "span_id=" + trace::to_string(span.span_id));
  std::this_thread::sleep_for(std::chrono::milliseconds(720));
  log.error("later");
  ASSERT_EQ(told.size(), 3u);
  EXPECT_EQ(suppressed, (std::vector<std::uint64_t>{0, 0, 2}));
  const SinkCounts counts = session.stats().outputs.at(1);
  EXPECT_EQ(counts.accepted, 5u);
  EXPECT_EQ(counts.written, 2u);
  EXPECT_EQ(counts.failed, 1u);
  EXPECT_EQ(counts.dropped, 2u);
}

TEST(Alerts, WhatTheRateKeepsBackIsNotReportedAsLost) {
  const pii::kit::TemporaryFolder folder;
  Configuration configuration;
  configuration.outputs = {file(folder / "ecs"), alerts([](const MaskedLine&, std::uint64_t) {}, {.most = 1})};
  auto pipeline = start_pipeline(configuration, nullptr);
  ASSERT_TRUE(pipeline);
  for (int i = 0; i < 3; ++i) get_logger("shop").error("again");
  (*pipeline)->report_drops(std::chrono::steady_clock::now() + std::chrono::hours(1));
  end_pipeline(**pipeline, std::chrono::seconds(1));
  const SinkCounts counts = (*pipeline)->stats().outputs.at(1);
  EXPECT_EQ(counts.dropped, 2u);
  EXPECT_EQ(counts.suppressed, 2u);
  EXPECT_EQ(pii::kit::read_file(folder / "ecs").find("log_records_dropped"), std::string::npos);
}

TEST(Alerts, ThereAreNoTagsWithoutASpan) { EXPECT_TRUE(trace_tags().empty()); }

TEST(Redundant, ValuesThatTheContextHasAreCounted) {
  const pii::kit::TemporaryFolder folder;
  Configuration configuration;
  configuration.outputs = {file(folder / "ecs")};
  const Session session = pii::kit::start(configuration);
  const ScopedContext scope(session_id("s1"), user_id(42u), extra(kv("shop", object(kv("store_id", "s9"), kv("rate", 0.5)))));
  const Logger log = get_logger("shop").bind(kv("region", "kw"));
  log.info("e", kv("session_id", "s1"));
  EXPECT_EQ(session.stats().redundant_fields, 1u);
  log.info("e", kv("user.id", 42), kv("region", "kw"));
  EXPECT_EQ(session.stats().redundant_fields, 3u);
  log.info("e", kv("session_id", "s2"), kv("user.id", 43), kv("region", 1), kv("other", "s1"));
  EXPECT_EQ(session.stats().redundant_fields, 3u) << "another value, or another name";
}

TEST(Redundant, BindingWhatIsBoundIsCounted) {
  const pii::kit::TemporaryFolder folder;
  Configuration configuration;
  configuration.outputs = {file(folder / "ecs")};
  const Session session = pii::kit::start(configuration);
  const ScopedContext scope(user_id(42), ns("shop", kv("store_id", "s9"), kv("enterprise_id", "e1")));
  const std::uint64_t before = session.stats().redundant_binds;
  const ScopedContext again(ns("shop", kv("store_id", "s9"), kv("enterprise_id", "e1")), user_id(42), extra(kv("merchant", "new")));
  EXPECT_EQ(session.stats().redundant_binds, before + 3);
  const ScopedContext changed(ns("shop", kv("store_id", "s10")), user_id(43));
  EXPECT_EQ(session.stats().redundant_binds, before + 3);
}

TEST(Binder, WhatFailsIsAFieldAndBindsTheRest) {
  pii::kit::LoggingSession logging;
  const ScopedContext scope(extra_from([](FieldWriter& writer) { writer.add("row", 7).add("email", "ada@example.org"); }));
  get_logger("audit").info("e");
  EXPECT_EQ(logging.last()["extra"], Json::parse(R"({"row":7,"email":")" + pii::kit::token("email", "ada@example.org") + R"("})"));
  const ScopedContext failing(extra_from([](FieldWriter& writer) {
    writer.add("table", "orders");
    throw std::runtime_error("no row for ada@example.org");
  }));
  get_logger("audit").info("e");
  const Json extra = logging.last()["extra"];
  EXPECT_EQ(extra["table"], "orders");
  EXPECT_EQ(extra["row"], 7);
  EXPECT_EQ(extra["log_bind_error"]["type"], "std::runtime_error");
  EXPECT_EQ(extra["log_bind_error"]["message"], "no row for " + pii::kit::token("email", "ada@example.org"));
}

TEST(ValidationReport, NamesTheFieldsAtMostOnceAMinute) {
  const pii::kit::TemporaryFolder folder;
  Configuration configuration;
  configuration.validation = Validation::warn;
  configuration.outputs = {file(folder / "ecs")};
  {
    auto pipeline = start_pipeline(configuration, nullptr);
    ASSERT_TRUE(pipeline);
    const auto now = std::chrono::steady_clock::now() + std::chrono::hours(1);
    get_logger("shop").info("e", kv("error", "text"), kv("url", "text"));
    (*pipeline)->report_validation(now);
    get_logger("shop").info("e", kv("client", "text"));
    (*pipeline)->report_validation(now + std::chrono::seconds(59));
    (*pipeline)->report_validation(now + std::chrono::seconds(61));
    (*pipeline)->report_validation(now + std::chrono::hours(1));
    get_logger("shop").info("e", kv("user", "text"));
    end_pipeline(**pipeline, std::chrono::seconds(1));
  }
  std::vector<Json> reports;
  std::istringstream lines(pii::kit::read_file(folder / "ecs"));
  for (std::string line; std::getline(lines, line);) {
    Json event = Json::parse(line);
    if (event["message"] == "ecs_fields_not_objects") reports.push_back(std::move(event));
  }
  ASSERT_EQ(reports.size(), 3u) << pii::kit::read_file(folder / "ecs");
  EXPECT_EQ(reports[0]["log.level"], "warning");
  EXPECT_EQ(reports[0]["extra"]["fields"], Json::parse(R"(["error","url"])"));
  EXPECT_EQ(reports[1]["extra"]["fields"], Json::parse(R"(["client"])"));
  EXPECT_EQ(reports[2]["extra"]["fields"], Json::parse(R"(["user"])")) << "what is left is said at the end";
}

TEST(Init, AnEqualSecondOneIsTheSameSession) {
  const pii::kit::TemporaryFolder folder;
  const auto configuration = [&](const char* service) {
    Configuration made;
    made.service_name = service;
    made.outputs = {file(folder / "ecs")};
    return made;
  };
  std::optional<Session> first(pii::kit::start(configuration("a")));
  {
    auto second = init(configuration("a"));
    ASSERT_TRUE(second) << second.error().message();
    get_logger("x").info("by_both");
  }
  get_logger("x").info("still_open");
  EXPECT_EQ(first->stats().accepted, 2u);
  const auto other = init(configuration("b"));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code(), pii::ErrorCode::conflict);
  Configuration with_processor = configuration("a");
  with_processor.processors = {[](Record&) { return true; }};
  EXPECT_FALSE(init(with_processor)) << "functions are like no others";
  auto last = init(configuration("a"));
  ASSERT_TRUE(last);
  first.reset();
  get_logger("x").info("the_last_one_ends_it");
  EXPECT_TRUE(last->shutdown(std::chrono::seconds(1)));
  const std::string text = pii::kit::read_file(folder / "ecs");
  EXPECT_NE(text.find("the_last_one_ends_it"), std::string::npos);
  EXPECT_TRUE(init(configuration("b")));
}

// A session that init() gave is never one that another's end takes away.
TEST(Init, WhileOthersEnd) {
  const pii::kit::TemporaryFolder folder;
  std::atomic<std::uint64_t> outside{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        Configuration configuration;
        configuration.outputs = {file(folder / "ecs")};
        Session session = pii::kit::start(configuration);
        const std::uint64_t before = session.stats().accepted;
        get_logger("x").info("e");
        outside += session.stats().accepted == before ? 1 : 0;
        if (i % 2 == 0) session.release(std::chrono::seconds(5));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(outside, 0u);
  const std::string text = pii::kit::read_file(folder / "ecs");
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 200);
}

}  // namespace
