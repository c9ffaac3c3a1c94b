// Seeded values through every call of the front end, contexts, jobs and exceptions: none of them is in any byte that was written,
// with keys, without keys, and while masking fails.
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "front/pipeline.hpp"
#include "pii/logging/capture.hpp"
#include "pii/logging/span.hpp"
#include "unit/logging/logging_session.hpp"
#include "unit/logging/ship_kit.hpp"

namespace {

using namespace pii::log;
using pii::kit::Keys;

const std::string kEmail = "grace.hopper@example.org";
const std::string kOther = "alan.turing@example.net";
const std::string kPhone = "+96555512345";
const std::string kCard = "4929123456789015";
const std::string kIban = "KW81CBKU0000000000001234560101";
const std::string kName = "Hedwig Lamarr";
const std::string kPassword = "Tr0ub4dor-and-3";
const std::string kAddress = "203.0.113.77";
const std::vector<std::string> kSeeds = {kEmail, kOther, kPhone, kCard, kIban, kName, kPassword, kAddress, "Hedwig", "grace.hopper"};

struct Person {
  std::string email;
  std::string full_name;
};
void to_log_fields(const Person& person, FieldWriter& writer) {
  writer.add("email", person.email).add("full_name", person.full_name);
}

class Broken : public std::runtime_error {
 public:
  Broken() : std::runtime_error("cannot mail " + kEmail + ", card " + kCard) {}
};

constexpr std::size_t kEvents = 25;

// Everything that a program can say, with values in every place where a value can stand.
void say_everything() {
  const Logger log = get_logger("shop.orders");
  const std::string text = "mail " + kEmail + " or call " + kPhone + ", card " + kCard + ", iban " + kIban;
  log.trace("e", kv("note", text));
  log.debug("e", kv("note", text));
  log.info("e", kv("note", text), kv("customer_name", kName), kv("password", kPassword), kv("peer", kAddress));
  log.warning("e", kv("payload", object(kv("customer", object(kv("name", kName), kv("mails", array(kEmail, kOther)))))));
  log.error("e", kv("error", text), kv("url", "https://shop.example/?email=" + kEmail + "&password=" + kPassword));
  log.critical("e", kv("http.request.headers", object(kv("Authorization", "Bearer " + kPassword), kv("Cookie", "id=" + kPassword))));
  log.log(Level::info, runtime_event("mail " + kEmail));
  log.info("e", kv("card_number", 4929123456789015), kv("ids", std::vector<std::string>{kEmail, kCard}));
  log.info("e", kv("person", Person{kEmail, kName}), lazy("late", [&] { return text; }));
  log.info("e", email("mail", kEmail), phone("call", kPhone), card("pay", kCard), person("who", kName), secret("pin", kPassword));
  log.info("e", kv("body", R"({"customer_name":")" + kName + R"(","mail":")" + kEmail + "\"}"), kv("form", "email=" + kEmail));
  log.info("e", kv("labels", object(kv("mail", kEmail), kv("nested", object(kv("mail", kEmail))))));
  log.info("e", kv("labels", object(kv("nested", object(email("x", kEmail), person("y", kName))))));
  log.info("e", kv("mail." + kEmail, 1), kv(kEmail, kCard), kv("a", kEmail), kv("a.b", kOther), kv("ecs_event", text));
  log.info("e", kv("message", text), kv("log", object(kv("level", kEmail), kv("logger", kEmail))), kv("extra", text));
  log.info("e", kv("broken", "\xff" + kEmail + "\x01"), kv("lines", "a\n" + kEmail + "\r\nb"));
  get_logger("mail " + kEmail).info("e");
  log.infof("e", "{} <{}> paid by {}", kv("customer_name", kName), kv("mail", kEmail), kv("a.card", kCard));
  {
    std::ostream stream(nullptr);
    const CapturedStream captured(stream, "lib");
    stream << "mail " << kEmail << "\ncard " << kCard;
  }
  log.bind(kv("mail", kEmail), person("who", kName), kv("nested", object(kv("cards", array(kCard))))).info("e");
  const ScopedContext scope(user_id(kEmail), session_id(kEmail), client_ip(kAddress), orn(kCard), pg_code(kEmail), reference_number(kIban),
                            correlation_id(kEmail), extra(kv("customer_name", kName), email("x", kEmail)), labels(kv("mail", kEmail)),
                            ns("shop", kv("mail", kEmail), person("who", kName)));
  log.info("e");
  try {
    try {
      throw Broken();
    } catch (...) {
      std::throw_with_nested(std::runtime_error("card " + kCard));
    }
  } catch (const std::exception& error) {
    log.exception("e", kv("customer_name", kName));
    log.info("e", err(error), err(kEmail, kOther));
    log.info("e", err(std::current_exception()));
  }
}

void expect_no_seed(const std::string& text, const std::string& where) {
  for (const std::string& seed : kSeeds) {
    const std::size_t at = text.find(seed);
    EXPECT_EQ(at, std::string::npos) << where << ": " << seed << " in ..." << text.substr(at < 200 ? 0 : at - 200, 400);
  }
}

void run_everything(Keys keys) {
  Configuration configuration;
  configuration.level = Level::trace;
  configuration.origin = true;
  configuration.process = true;
  configuration.processors = {[](Record& record) {
    record.fields.set("by_processor", Value("mail " + kEmail));
    record.context = record.context.with(std::vector{extra(kv("customer_name", kName))});
    return true;
  }};
  pii::kit::LoggingSession logging(configuration, keys);
  say_everything();
  EXPECT_EQ(logging.events().size(), kEvents);
  for (const char* format : {"ecs", "flat", "pretty"}) expect_no_seed(logging.text(format), format);
  const Stats stats = logging.session().stats();
  EXPECT_EQ(stats.accepted, kEvents);
  EXPECT_EQ(stats.mask_failures, 0u);
  EXPECT_EQ(stats.outputs[0].written, kEvents);
}

TEST(NoLeak, WithKeys) { run_everything(Keys::all); }
TEST(NoLeak, WithoutKeys) { run_everything(Keys::none); }

// The other tests prove something only when the values are in the lines before they are masked.
TEST(NoLeak, TheSeedsAreThere) {
  class Identity final : public LineMasker {
    void mask(std::string_view line, std::string& out) override { out += line; }
  };
  const pii::kit::TemporaryFolder folder;
  Configuration configuration;
  configuration.level = Level::trace;
  configuration.outputs = {file(folder / "ecs")};
  auto pipeline = start_pipeline(configuration, [] { return std::make_unique<Identity>(); });
  ASSERT_TRUE(pipeline);
  say_everything();
  end_pipeline(**pipeline, std::chrono::seconds(1));
  const std::string text = pii::kit::read_file(folder / "ecs");
  for (const std::string& seed : kSeeds) EXPECT_NE(text.find(seed), std::string::npos) << seed;
}

// Every protocol's body, the spool, dead letters and spans: what is sent or kept is made of masked lines alone.
TEST(NoLeak, NothingLeavesTheMachineUnmasked) {
  namespace ship = pii::ship;
  for (const Keys keys : {Keys::all, Keys::none}) {
    const pii::kit::TemporaryFolder folder;
    auto script = std::make_shared<pii::kit::Script>();
    script->otherwise = pii::kit::status(400);
    Configuration configuration;
    configuration.level = Level::trace;
    if (keys == Keys::all) configuration.keys = {pii::kit::masking_provider(), pii::kit::test_environment(), false};
    const auto add = [&](std::unique_ptr<const ship::Protocol> protocol, const char* name, bool spooled) {
      ship::QueueShipper::Parts parts;
      parts.options.name = name;
      parts.options.batch.max_records = 1000;
      parts.options.dead_letters.folder = folder / "dlq";
      if (spooled) {
        parts.options.queue.on_full = ship::Overflow::spool;
        parts.options.spool.folder = folder / name;
      }
      parts.protocol = std::move(protocol);
      parts.transport = [script] { return std::make_unique<pii::kit::ScriptedTransport>(script); };
      parts.threaded = false;
      auto shipper = std::make_shared<ship::QueueShipper>(std::move(parts));
      return shipper;
    };
    ship::Otlp json;
    json.json = true;
    std::vector<std::shared_ptr<ship::QueueShipper>> shippers = {
        add(ship::bulk_protocol("x"), "bulk", true), add(ship::logiscout_protocol(), "logiscout", false),
        add(ship::otlp_logs_protocol({}), "otlp", false), add(ship::otlp_logs_protocol(json), "otlp_json", false),
        add(ship::json_array_protocol(), "array", false)};
    for (const auto& shipper : shippers) configuration.outputs.push_back(Output{shipper});
    auto spans = add(ship::otlp_traces_protocol({}), "traces", true);
    configuration.spans = spans;
    std::string spooled;
    {
      const Session session = pii::kit::start(configuration);
      const pii::trace::Tracer tracer;
      {
        pii::trace::Span span(tracer, "mail " + kEmail);
        span.set("customer_name", kName).set("note", "card " + kCard).set(secret("pin", kPassword));
        span.event("sent to " + kPhone, kv("iban", kIban));
        say_everything();
        span.record_exception(Broken());
        span.set_error("for " + kEmail);
      }
      for (const auto& entry : std::filesystem::recursive_directory_iterator(folder / "bulk")) spooled += pii::kit::read_file(entry.path().string());
      for (const auto& entry : std::filesystem::recursive_directory_iterator(folder / "traces")) spooled += pii::kit::read_file(entry.path().string());
      shippers.push_back(spans);
      for (const auto& shipper : shippers) {
        shipper->flush(std::chrono::milliseconds(0));
        shipper->pump();
        // What the session says of these losses may have come since, where this takes long.
        const ship::Counts counts = shipper->shipping();
        EXPECT_EQ(counts.dead_lettered + counts.queued + counts.spooled, counts.accepted);
        EXPECT_GT(counts.dead_lettered, 0u);
      }
    }
    ASSERT_EQ(script->bodies.size(), 6u);
    for (const std::string& body : script->bodies) {
      EXPECT_GT(body.size(), 300u);
      expect_no_seed(body, "body");
    }
    EXPECT_GT(spooled.size(), 3000u);
    expect_no_seed(spooled, "spool");
    std::string letters;
    for (const auto& entry : std::filesystem::directory_iterator(folder / "dlq")) letters += pii::kit::read_file(entry.path().string());
    EXPECT_GT(letters.size(), 10'000u);
    expect_no_seed(letters, "dead letters");
  }
}

TEST(NoLeak, JobsCarryNothing) {
  pii::kit::LoggingSession logging;
  const ScopedContext scope(user_id(kEmail), client_ip(kAddress), extra(kv("customer_name", kName), email("x", kEmail)),
                            labels(kv("mail", kEmail), kv("n", object(email("x", kOther)))));
  expect_no_seed(job::capture()->to_json(), "job");
}

TEST(NoLeak, OutsideASession) {
  testing::internal::CaptureStderr();
  say_everything();
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_NE(text, "");
  expect_no_seed(text, "standard error");
}

/// Fails as told: throws, after it wrote something, or writes what is no line.
class FailingMasker final : public LineMasker {
 public:
  explicit FailingMasker(std::function<void(std::string_view, std::string&)> fail) : fail_(std::move(fail)) {}
  void mask(std::string_view line, std::string& out) override { fail_(line, out); }

 private:
  std::function<void(std::string_view, std::string&)> fail_;
};

TEST(NoLeak, WhateverMaskingDoesWrongTheLineIsAPlaceholder) {
  using Fail = std::function<void(std::string_view, std::string&)>;
  const std::vector<Fail> failures = {
      [](std::string_view, std::string&) { throw std::runtime_error("broken"); },
      [](std::string_view line, std::string& out) { out += line.substr(0, line.size() / 2), throw std::bad_alloc(); },
      [](std::string_view, std::string&) { throw 17; },
      [](std::string_view, std::string&) {},
      [](std::string_view line, std::string& out) { out.append(line).append(line); },
      [](std::string_view line, std::string& out) { out.append(line.substr(0, line.size() - 1)); },
  };
  for (const Fail& fail : failures) {
    const pii::kit::TemporaryFolder folder;
    Configuration configuration;
    configuration.level = Level::trace;
    configuration.outputs = {file(folder / "ecs"), file(folder / "flat", {}, Format::flat), file(folder / "pretty", {}, Format::pretty)};
    auto pipeline = start_pipeline(configuration, [&] { return std::make_unique<FailingMasker>(fail); });
    ASSERT_TRUE(pipeline);
    say_everything();
    const ScopedContext scope(extra(kv("customer_name", kName)));
    expect_no_seed(job::capture()->to_json(), "job");
    const Stats stats = (*pipeline)->stats();
    EXPECT_EQ(stats.mask_failures, 2 * stats.accepted + 1) << "ECS, flat, and the job";
    end_pipeline(**pipeline, std::chrono::seconds(1));
    for (const char* name : {"ecs", "flat", "pretty"}) {
      const std::string text = pii::kit::read_file(folder / name);
      expect_no_seed(text, name);
      EXPECT_NE(text.find("LOG_MASKING_ERROR"), std::string::npos);
    }
  }
}

/// A provider that throws where the engine does not expect it.
class ThrowingProvider final : public pii::KeysetProvider {
 public:
  pii::Result<void> load(pii::KeysetUsage) override { throw std::runtime_error("the disk is gone"); }
  pii::ProviderHealth health() const override { return {}; }
};

TEST(NoLeak, AProviderThatThrowsLeavesTheLineRedacted) {
  const pii::kit::TemporaryFolder folder;
  Configuration configuration;
  configuration.outputs = {file(folder / "ecs")};
  configuration.keys = {std::make_shared<ThrowingProvider>(), pii::kit::test_environment(), false};
  {
    const Session session = pii::kit::start(configuration);
    say_everything();
  }
  expect_no_seed(pii::kit::read_file(folder / "ecs"), "ecs");
}

}  // namespace
