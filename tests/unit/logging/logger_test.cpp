#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "unit/logging/logging_session.hpp"

namespace shop {

struct Cart {
  int items;
  std::string note;
};
void to_log_fields(const Cart& cart, pii::log::FieldWriter& writer) { writer.add("items", cart.items).add("note", cart.note); }

}  // namespace shop

namespace {

using namespace pii::log;
using Json = nlohmann::ordered_json;

TEST(Logger, AnEventAsEcs) {
  pii::kit::LoggingSession logging;
  const Logger log = get_logger("checkout.orders");
  log.info("payment_processed", kv("amount", 100), kv("currency", "KWD"), kv("http.request.method", "POST"));
  const Json event = logging.last();
  EXPECT_EQ(event["log.level"], "info");
  EXPECT_EQ(event["message"], "payment_processed");
  EXPECT_EQ(event["log.logger"], "checkout.orders");
  EXPECT_EQ(event["ecs.version"], "1.12.0");
  EXPECT_EQ(event["extra"], Json::parse(R"({"amount":100,"currency":"KWD"})"));
  EXPECT_EQ(event["http"]["request"]["method"], "POST");
  EXPECT_EQ(event["service"]["name"], "app");
  EXPECT_EQ(event["project"]["name"], "connect");
  EXPECT_EQ(event["@timestamp"].get<std::string>().size(), 24u);
  EXPECT_EQ(event.begin().key(), "@timestamp");
}

TEST(Logger, AnEventFlatAndPretty) {
  pii::kit::LoggingSession logging;
  get_logger("orders").warning("rate_limit_near", kv("current", 95), kv("note", "two words"), kv("level", "mine"));
  const Json event = logging.last("flat");
  EXPECT_EQ(event["event"], "rate_limit_near");
  EXPECT_EQ(event["level"], "warning");
  EXPECT_EQ(event["level_"], "mine");
  EXPECT_EQ(event["timestamp"].get<std::string>().size(), 27u);
  const std::string pretty = logging.text("pretty");
  EXPECT_NE(pretty.find(" [warning ] rate_limit_near"), std::string::npos) << pretty;
  EXPECT_NE(pretty.find(" current=95 note=\"two words\""), std::string::npos) << pretty;
  EXPECT_EQ(pretty.substr(4, 1) + pretty.substr(10, 1), "- ");
}

TEST(Logger, EveryKindOfValue) {
  pii::kit::LoggingSession logging;
  const std::optional<int> none;
  const std::vector<int> ids = {1, 2};
  get_logger("").info("values", kv("b", true), kv("i", -5), kv("u", 18446744073709551615ULL), kv("d", 1.0), kv("nan", 0.0 / 0.0),
                      kv("s", std::string("a\"\\\n\x01")), kv("n", nullptr), kv("o", none), kv("null", static_cast<const char*>(nullptr)),
                      kv("object", object(kv("x", 1), kv("y", object(kv("z", 2))))), kv("array", array(1, "two", 3.5)),
                      kv("ids", ids), kv("cart", shop::Cart{3, "gift"}), lazy("lazy", [] { return std::string("late"); }),
                      kv("bad", std::string("\xff\xc3")));
  const Json extra = logging.last()["extra"];
  EXPECT_EQ(extra.dump(),
            R"({"b":true,"i":-5,"u":18446744073709551615,"d":1.0,"nan":null,"s":"a\"\\\n\u0001","n":null,"o":null,"null":null,)"
            R"("object":{"x":1,"y":{"z":2}},"array":[1,"two",3.5],"ids":[1,2],"cart":{"items":3,"note":"gift"},"lazy":"late",)"
            "\"bad\":\"\xEF\xBF\xBD\xEF\xBF\xBD\"}");
  EXPECT_EQ(logging.last().contains("log.logger"), false);
}

TEST(Logger, NothingIsLostToAClash) {
  pii::kit::LoggingSession logging;
  get_logger("x").info("clash", kv("a", 1), kv("a.b", 2), kv("c.d", 3), kv("c", 4), kv("message", "mine"), kv("level", "gone"));
  const Json event = logging.last();
  EXPECT_EQ(event["extra"], Json::parse(R"({"a":1,"a_b":2,"c":{"d":3},"c_value":4,"message":"mine"})"));
  EXPECT_EQ(event["message"], "clash");
  EXPECT_EQ(logging.session().stats().field_conflicts, 2u);
}

TEST(Logger, PlainValuesUnderReservedNamesBecomeMembers) {
  pii::kit::LoggingSession logging;
  get_logger("x").error("e", kv("error", "broken"), kv("url", "http://a/b"), kv("user", nullptr));
  const Json event = logging.last();
  EXPECT_EQ(event["error"], Json::parse(R"({"message":"broken"})"));
  EXPECT_EQ(event["url"]["full"], "http://a/b");
  EXPECT_EQ(event["user"], Json::object());
  EXPECT_EQ(logging.session().stats().validation_warnings, 3u);
}

TEST(Logger, BoundFieldsMergeAndTheCallWins) {
  pii::kit::LoggingSession logging;
  const Logger parent = get_logger("x");
  const Logger log = parent.bind(kv("user", object(kv("id", 7), kv("roles", array("a")))), kv("step", 1)).bind(kv("step", 2));
  log.info("bound", kv("user.id", 8));
  EXPECT_EQ(logging.last()["user"], Json::parse(R"({"id":8,"roles":["a"]})"));
  EXPECT_EQ(logging.last()["extra"]["step"], 2);
  parent.info("unbound");
  EXPECT_EQ(logging.last().contains("extra"), false);
}

TEST(Logger, ContextOfTheThreadAndItsTrace) {
  pii::kit::LoggingSession logging;
  const Logger log = get_logger("x");
  const auto span = *pii::trace::parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  {
    const ScopedContext scope(current_span(span), user_id(42), client_ip("not an address"), session_id("s1"),
                              extra(kv("merchant_id", "acme")), labels(kv("a.b", 1), kv("list", array(1))),
                              ns("keyloop", kv("store", "s")));
    EXPECT_EQ(build_traceparent(), "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    log.info("inside", kv("merchant_id", "other"));
    std::thread([&, context = capture()] { wrap(context, [&] { log.info("elsewhere"); })(); }).join();
  }
  log.info("outside");
  const auto events = logging.events();
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0]["trace"]["id"], "0af7651916cd43dd8448eb211c80319c");
  EXPECT_EQ(events[0]["span"]["id"], "b7ad6b7169203331");
  EXPECT_EQ(events[0]["user"]["id"], 42);
  EXPECT_EQ(events[0]["session_id"], "s1");
  EXPECT_EQ(events[0]["merchant_id"], "other");
  EXPECT_EQ(events[0]["labels"], Json::parse(R"({"a_b":1,"list":"[1]"})"));
  EXPECT_EQ(events[0]["extra"]["keyloop"]["store"], "s");
  EXPECT_EQ(events[0].contains("client"), false);
  EXPECT_EQ(events[1]["merchant_id"], "acme");
  EXPECT_EQ(events[2].contains("trace"), false);
  EXPECT_EQ(logging.events("flat")[0]["trace_id"], "0af7651916cd43dd8448eb211c80319c");
  EXPECT_EQ(logging.events("flat")[0]["trace_flags"], "01");
  EXPECT_EQ(logging.session().stats().invalid_context > 0, true);
}

TEST(Context, TokensRestoreWhatWasBefore) {
  const BindToken outer = bind(session_id("a"));
  const BindToken inner = bind(session_id("b"), user_id(1));
  EXPECT_TRUE(reset(outer)) << "the outer one takes the inner one with it";
  EXPECT_TRUE(current_context().empty());
  EXPECT_FALSE(reset(inner));
  EXPECT_FALSE(reset(outer));
  const BindToken mine = bind(session_id("c"));
  std::thread([&] { EXPECT_FALSE(reset(mine)) << "of another thread"; }).join();
  EXPECT_TRUE(reset(mine));
}

TEST(Context, NullNeverClearsAndWithoutDoes) {
  const ContextEntry first[] = {session_id("s"), extra(kv("a", 1), kv("b", 2))};
  const ContextEntry second[] = {session_id(nullptr)};
  const Context context = Context().with(first).with(second);
  EXPECT_NE(context.to_ecs().find("session_id"), nullptr);
  EXPECT_EQ(context.without(ContextEntry::Part::session_id).to_ecs().find("session_id"), nullptr);
  EXPECT_EQ(context.without_extra("a").to_ecs().find("a"), nullptr);
  EXPECT_NE(context.without_extra("a").to_ecs().find("b"), nullptr);
}

TEST(Logger, LevelsByTheTreeOfNames) {
  Configuration configuration;
  configuration.level = Level::warning;
  configuration.levels = {{"orders", Level::debug}, {"orders.audit", Level::off}};
  pii::kit::LoggingSession logging(configuration);
  EXPECT_FALSE(get_logger("other").enabled(Level::info));
  EXPECT_TRUE(get_logger("other").enabled(Level::warning));
  EXPECT_TRUE(get_logger("orders.payment.card").enabled(Level::debug));
  EXPECT_FALSE(get_logger("orders.audit.x").enabled(Level::critical));
  EXPECT_FALSE(get_logger("ordersX").enabled(Level::info));
  int computed = 0;
  get_logger("other").info("not_computed", lazy("x", [&] { return ++computed; }));
  EXPECT_EQ(computed, 0);
  EXPECT_EQ(logging.events().size(), 0u);
}

TEST(Logger, ExceptionsWithTheirCauses) {
  pii::kit::LoggingSession logging;
  try {
    try {
      throw std::runtime_error("no route");
    } catch (...) {
      std::throw_with_nested(std::logic_error("send failed"));
    }
  } catch (const std::exception& error) {
    get_logger("x").exception("order_failed", kv("order_id", "o-1"));
    get_logger("x").info("again", err(error));
  }
  get_logger("x").error("flat", err("insufficient_funds", "BusinessError"));
  const auto events = logging.events();
  EXPECT_EQ(events[0]["log.level"], "error");
  EXPECT_EQ(events[0]["error"]["message"], "send failed");
  EXPECT_NE(events[0]["error"]["type"].get<std::string>().find("std::logic_error"), std::string::npos);
  EXPECT_EQ(events[0]["error"]["stack_trace"], "caused by std::runtime_error: no route");
  EXPECT_EQ(events[0]["error"], events[1]["error"]);
  EXPECT_EQ(events[2]["error"], Json::parse(R"({"message":"insufficient_funds","type":"BusinessError"})"));
}

TEST(Logger, AFieldThatThrowsLosesTheFieldsNotTheEvent) {
  pii::kit::LoggingSession logging;
  get_logger("x").info("kept", kv("a", 1), lazy("bad", []() -> int { throw std::runtime_error("no"); }));
  EXPECT_EQ(logging.last()["message"], "kept");
  EXPECT_EQ(logging.session().stats().encode_failures, 1u);
}

TEST(Logger, SensitiveByDeclaration) {
  pii::kit::LoggingSession logging;
  get_logger("x").info("typed", email("contact", " Ada@Example.com "), secret("pin", "1234"), person("who", "Ada"));
  const Json extra = logging.last()["extra"];
  EXPECT_EQ(extra["contact"], pii::kit::token("email", "ada@example.com"));
  EXPECT_EQ(extra["pin"], "[PII_REDACTED]");
  EXPECT_EQ(extra["who"], pii::kit::token("name", "Ada"));
}

TEST(Logger, OriginOnDemandAndRuntimeNames) {
  Configuration configuration;
  configuration.origin = true;
  pii::kit::LoggingSession logging(configuration);
  const auto before = logging.session().stats().runtime_events;
  get_logger("x").info("here");
  const Json event = logging.last();
  EXPECT_EQ(event["log"]["origin"]["file"]["line"], __LINE__ - 2);
  EXPECT_NE(event["log"]["origin"]["file"]["name"].get<std::string>().find("logger_test.cpp"), std::string::npos);
  const std::string name = "from_elsewhere";
  get_logger("x").info(runtime_event(name));
  EXPECT_EQ(logging.last()["message"], name);
  EXPECT_EQ(logging.session().stats().runtime_events, before + 1);
}

TEST(Session, ThereIsOneAtATime) {
  pii::kit::LoggingSession logging;
  Configuration second;
  const auto refused = init(second);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), pii::ErrorCode::conflict);
  EXPECT_TRUE(logging.session().shutdown(std::chrono::seconds(1)));
}

// Row G-016: what a framework or a static object does before init() is safe, and obeys what init() says from then on.
TEST(Session, LinesBeforeItsBeginGoMaskedToStandardErrorAndLaterOnesDoNot) {
  const Logger early = get_logger("framework.start"), quiet = get_logger("framework.noise");
  testing::internal::CaptureStderr();
  early.info("before_init", kv("mail", "ada@example.com"));
  EXPECT_TRUE(quiet.enabled(Level::info));
  std::uint64_t outside = 0;
  {
    Configuration configuration;
    configuration.levels["framework.noise"] = Level::error;
    pii::kit::LoggingSession logging(std::move(configuration));
    outside = logging.session().stats().outside_session;
    early.info("after_init", kv("mail", "ada@example.com"));
    quiet.info("not_wanted");
    ASSERT_EQ(logging.events().size(), 1u) << "nothing of before is in the session";
    EXPECT_EQ(logging.last()["message"], "after_init");
    EXPECT_EQ(logging.last()["extra"]["mail"], pii::kit::token("email", "ada@example.com"));
    EXPECT_EQ(logging.session().stats().outside_session, outside) << "nothing of now is outside";
  }
  EXPECT_GE(outside, 1u);
  const std::string shown = testing::internal::GetCapturedStderr();
  const Json line = Json::parse(shown);  // one line, so nothing of the session's
  EXPECT_EQ(line["message"], "before_init");
  EXPECT_EQ(line["extra"]["mail"], "[PII_REDACTED]") << "there are no keys yet";
}

TEST(Session, AfterTheEndLinesGoMaskedToStandardError) {
  { pii::kit::LoggingSession logging; }
  testing::internal::CaptureStderr();
  get_logger("x").error("late", kv("mail", "ada@example.com"));
  const std::string line = testing::internal::GetCapturedStderr();
  EXPECT_NE(line.find("late"), std::string::npos) << line;
  EXPECT_EQ(line.find("ada@example.com"), std::string::npos) << line;
}

TEST(Job, ACaptureTravelsMaskedAndComesBack) {
  pii::kit::LoggingSession logging;
  std::string payload;
  {
    const ScopedContext scope(current_span(pii::trace::new_root()), user_id(7), extra(kv("customer_name", "Ada Lovelace")));
    payload = job::capture()->to_json();
  }
  EXPECT_EQ(payload.find("Lovelace"), std::string::npos) << payload;
  const auto snapshot = job::parse(payload);
  ASSERT_TRUE(snapshot && *snapshot);
  {
    const job::Scope scope(*snapshot, {.id = "j1", .name = "process_order", .attempt = 2});
    get_logger("x").info("job_started");
  }
  const Json event = logging.last();
  EXPECT_EQ(event["trace"]["id"].get<std::string>(), Json::parse(payload)["trace_id"]);
  EXPECT_NE(event["span"]["id"].get<std::string>(), Json::parse(payload)["traceparent"].get<std::string>().substr(36, 16));
  EXPECT_EQ(event["extra"]["job"], Json::parse(R"({"id":"j1","name":"process_order","attempt":2})"));
  EXPECT_EQ(event["extra"]["customer_name"], pii::kit::token("name", "Ada Lovelace"));
  EXPECT_FALSE(job::parse("{"));
}

}  // namespace
