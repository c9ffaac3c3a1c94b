// Events of the founding documents, whole.
#include <gtest/gtest.h>

#include <errno.h>
#include <pthread.h>
#include <unistd.h>

#include "unit/logging/logging_session.hpp"

namespace {

using namespace pii::log;
namespace trace = pii::trace;
using Json = nlohmann::json;  // members in the order of their names

std::chrono::system_clock::time_point then() {
  return std::chrono::system_clock::time_point(std::chrono::seconds(1'736'764'200));  // 2025-01-13T10:30:00Z
}

Json golden(const std::string& name) {
  return Json::parse(pii::kit::read_file(std::string(PII_TEST_GOLDEN) + "/" + name));
}

trace::SpanContext span_of(const char* trace_id, const char* span_id) {
  return {*trace::parse_trace_id(trace_id), *trace::parse_span_id(span_id), trace::kSampled, {}};
}

TEST(Golden, TheFullEvent) {
  Configuration configuration;
  configuration.service_version = "1.2.3";
  configuration.project = "keyloop";
  configuration.clock = &then;
  auto spec = *pii::PolicySpec::profile("default");
  spec.skip_private_ips = true;  // the document's client has such an address
  configuration.policy = *pii::MaskPolicy::compile(spec);
  pii::kit::LoggingSession logging(configuration);
  constexpr const char* kSpan = "a1b2c3d4-e5f6-7890-abcd-ef1234567890";
  const ScopedContext scope(current_span(span_of("0af7651916cd43dd8448eb211c80319c", kSpan)), span_id(kSpan), user_id(42),
                            client_ip("192.168.1.1"), session_id("sess-456"), orn("ref-123"), pg_code("knet"),
                            extra(kv("merchant_id", "acme-corp")), labels(kv("env", "production"), kv("region", "us-east-1")),
                            ns("keyloop", kv("store_id", "store-001"), kv("enterprise_id", "ent-789")));
  get_logger("core.payment.views").info("payment_processed", kv("amount", 100), kv("currency", "KWD"));
  EXPECT_EQ(Json(logging.last()).dump(2), golden("full_event.json").dump(2));
}

TEST(Golden, TheExampleOfPersonalData) {
  pii::kit::LoggingSession logging;
  get_logger("shop").info("test_pii", kv("customer_name", "John Doe"), kv("email", "john@example.com"), kv("amount", 100),
                          kv("gateway_name", "knet"));
  Json expected = golden("pii_example.json");
  EXPECT_EQ(Json(logging.last())["extra"].dump(2), expected.dump(2));
  EXPECT_EQ(expected["email"], pii::kit::token("email", "john@example.com"));
  EXPECT_EQ(expected["customer_name"], pii::kit::token("name", "John Doe"));
}

TEST(Golden, TheGeneratorsLineWithItsProcess) {
  Configuration configuration;
  configuration.clock = &then;
  configuration.origin = true;
  configuration.process = true;
  pii::kit::LoggingSession logging(configuration);
  const char* const words = "Elvis has left the building.";
  for (int i = 0; i < 3; ++i) {  // a call that is known keeps telling
    get_logger("app").info("Elvis has left the building.", kv("http.request.body.content", words), kv("log.original", words));
  }
  Json event = logging.last();
  Json expected = golden("elvis.json");
  // What is this machine's and this file's.
  EXPECT_EQ(event["process"]["pid"], ::getpid());
  EXPECT_EQ(event["process"]["thread"]["id"], ::gettid());
  char thread[16] = {};
  ::pthread_getname_np(::pthread_self(), thread, sizeof thread);
  expected["process"] = {{"name", program_invocation_short_name}, {"pid", ::getpid()}, {"thread", {{"id", ::gettid()}, {"name", thread}}}};
  EXPECT_GT(event["log"]["origin"]["file"]["line"], 50);
  event["log"]["origin"]["file"]["line"] = 0;
  EXPECT_TRUE(event["log"]["origin"]["file"]["name"].get<std::string>().ends_with("golden_test.cpp"));
  event["log"]["origin"]["file"]["name"] = "elvis.cpp";
  EXPECT_EQ(event["log"]["origin"]["function"], "TestBody");
  event["log"]["origin"]["function"] = "main";
  EXPECT_EQ(event.dump(2), expected.dump(2));
}

TEST(Golden, SpanIdsAsUuids) {
  Configuration configuration;
  configuration.span_ids = SpanIdForm::uuid;
  pii::kit::LoggingSession logging(configuration);
  const trace::SpanContext span = span_of("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331");
  {
    const ScopedContext scope(current_span(span));
    get_logger("shop").info("e");
    const auto event = logging.last();
    EXPECT_EQ(event["span"]["id"], "b7ad6b71-6920-3331-8448-eb211c80319c");
    EXPECT_EQ(*trace::parse_span_id(event["span"]["id"].get<std::string>()), span.span_id) << "the id of the wire is its beginning";
    EXPECT_EQ(logging.last("flat")["span_id"], "b7ad6b7169203331");
    get_logger("shop").info("e", kv("span.id", "mine"));
    EXPECT_EQ(logging.last()["span"]["id"], "mine");
    const ScopedContext bound(span_id("bound"));
    get_logger("shop").info("e");
    EXPECT_EQ(logging.last()["span"]["id"], "bound");
  }
  get_logger("shop").info("e");
  EXPECT_FALSE(logging.last().contains("span"));
}

// Row E-132: `a.b`, `a[*].b`, `a.*.b` and what lies below, e-mails and phones in it masked all the same.
TEST(Golden, PathsThatAreExemptFromRulesByKey) {
  const auto configuration = configuration_from_environment([](const char* name) -> std::optional<std::string> {
    return std::string_view(name) == "PII_MASK_EXEMPT_PATHS"
               ? std::optional<std::string>("extra.customer_name, payload.items[*].name,extra.book.*.name,extra.public")
               : std::nullopt;
  });
  ASSERT_TRUE(configuration) << configuration.error().message();
  const auto named = [](const char* name, const char* owner) {
    Object object;
    object.set("name", Value(std::string(name)));
    object.set("owner_name", Value(std::string(owner)));
    return Value(std::move(object));
  };
  Object payload;
  payload.set("items", Value(Array{named("Blue Chair", "Grace Hopper"), named("Chair, +96599887766", "Alan Turing")}));
  payload.set("name", Value(std::string("Ada Lovelace")));
  const Value value(std::move(payload));
  Object below;
  below.set("first_name", Value(std::string("Public Person")));
  below.set("mail", Value(std::string("of ada@example.org")));
  Object open;
  open.set("deep", Value(std::move(below)));
  const Value open_value(std::move(open));
  const auto check = [&](bool exempt) {
    pii::kit::LoggingSession logging(exempt ? *configuration : Configuration());
    for (int i = 0; i < 3; ++i) {
      get_logger("shop").info("e", kv("customer_name", "Red Table"), kv("payer_name", "Ada Lovelace"), kv("payload", value),
                              kv("book", object(kv("a", object(kv("name", "Emma, ada@example.org"))))), kv("public", open_value));
    }
    const auto token = [](const char* field, const char* text) { return pii::kit::token(field, text); };
    const auto name_or_token = [&](const char* name) { return exempt ? std::string(name) : token("name", name); };
    const auto event = logging.last();
    EXPECT_EQ(event["extra"]["customer_name"], name_or_token("Red Table")) << "a.b";
    EXPECT_EQ(logging.last("flat")["customer_name"], name_or_token("Red Table"));
    EXPECT_EQ(event["payload"]["items"][0]["name"], name_or_token("Blue Chair")) << "a[*].b";
    EXPECT_EQ(event["extra"]["public"]["deep"]["first_name"], name_or_token("Public Person")) << "what lies below";
    // Beside them nothing is exempt, and what has a form is found there, too.
    EXPECT_EQ(event["extra"]["payer_name"], token("name", "Ada Lovelace"));
    EXPECT_EQ(event["payload"]["items"][1]["owner_name"], token("name", "Alan Turing"));
    EXPECT_EQ(event["payload"]["name"], token("name", "Ada Lovelace"));
    EXPECT_EQ(event["extra"]["public"]["deep"]["mail"], "of " + token("email", "ada@example.org"));
    if (!exempt) return;
    EXPECT_EQ(event["payload"]["items"][1]["name"], "Chair, " + token("phone", "+96599887766"));
    EXPECT_EQ(event["extra"]["book"]["a"]["name"], "Emma, " + token("email", "ada@example.org")) << "a.*.b";
  };
  check(true);
  check(false);
}

}  // namespace
