// What a program says through spdlog is masked, whichever sink, pattern or formatter it has.
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>

#include <sstream>

#include "pii/logging/adapt/spdlog.hpp"
#include "unit/logging/span_kit.hpp"

namespace {

using pii::kit::SpanSession;
namespace adapt = pii::log::adapt;

struct Spdlog {
  Spdlog() {
    spdlog::drop_all();
    auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(out);
    logger = std::make_shared<spdlog::logger>("shop", sink);
    spdlog::register_logger(logger);
    spdlog::set_default_logger(logger);
  }
  ~Spdlog() { spdlog::drop_all(); }
  std::ostringstream out;
  std::shared_ptr<spdlog::logger> logger;
};

TEST(SpdlogAdapter, EverySinkMasks) {
  SpanSession session;
  Spdlog spd;
  pii::protect_spdlog();
  pii::protect_spdlog();
  spd.logger->set_pattern("%l %v");
  spd.logger->info("mail {} now", "ada@example.org");
  spdlog::warn("card {}", "4929123456789015");
  spd.logger->flush();
  EXPECT_EQ(spd.out.str().find("ada@"), std::string::npos);
  EXPECT_EQ(spd.out.str().find("4929123456789015"), std::string::npos);
  EXPECT_EQ(spd.out.str().find("info mail ptok:"), 0u) << spd.out.str();
}

TEST(SpdlogAdapter, ALoggersNameIsMaskedToo) {
  SpanSession session;
  Spdlog spd;
  const auto named = std::make_shared<spdlog::logger>("tenant ada@example.org", adapt::wrap(spd.logger->sinks()[0]));
  named->set_pattern("%n %v");
  named->info("hello");
  EXPECT_EQ(spd.out.str().find("tenant ptok:"), 0u) << spd.out.str();
  EXPECT_EQ(spd.out.str().find("ada@"), std::string::npos);
}

TEST(SpdlogAdapter, WithoutASessionToo) {
  Spdlog spd;
  pii::protect_spdlog();
  spd.logger->info("mail ada@example.org now");
  EXPECT_NE(spd.out.str().find("[PII_REDACTED]"), std::string::npos) << spd.out.str();
}

TEST(SpdlogAdapter, EventsGoThroughTheSession) {
  SpanSession session;
  Spdlog spd;
  pii::ecs_spdlog();
  spd.logger->error("cannot mail {}", "ada@example.org");
  const auto event = session.events().at(0);
  EXPECT_EQ(event.at("log.logger"), "shop");
  EXPECT_EQ(event.at("log.level"), "error");
  EXPECT_EQ(session.event_text().find("ada@"), std::string::npos);
  EXPECT_EQ(spd.out.str(), "");
}

TEST(SpdlogAdapter, OurLinesGoToTheirSinks) {
  std::ostringstream out;
  auto theirs = std::make_shared<spdlog::sinks::ostream_sink_mt>(out);
  theirs->set_pattern("%v");
  pii::log::Configuration configuration;
  configuration.outputs = {pii::log::Output{std::make_shared<pii::log::adapt::SpdlogOutput>(theirs)}};
  {
    const pii::log::Session session = pii::kit::start(std::move(configuration));
    pii::log::get_logger("x").info("hello");
    EXPECT_EQ(session.stats().outputs[0].written, 1u);
  }
  EXPECT_EQ(nlohmann::json::parse(out.str()).at("message"), "hello");
}

}  // namespace
