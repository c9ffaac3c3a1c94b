#include <gtest/gtest.h>

#include <map>
#include <string>

#include "kit/temporary_folder.hpp"
#include "pii/logging/configuration.hpp"

namespace {

using namespace pii::log;

using Map = std::map<std::string, std::string>;
pii::Result<Configuration> read(const Map& values) {
  return configuration_from_environment([&](const char* name) -> std::optional<std::string> {
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional(found->second);
  });
}

TEST(Environment, NothingSetGivesTheDefaults) {
  const auto configuration = read({});
  ASSERT_TRUE(configuration);
  EXPECT_EQ(configuration->service_name, "app");
  EXPECT_EQ(configuration->service_version, "0.0.0");
  EXPECT_EQ(configuration->project, "connect");
  EXPECT_EQ(configuration->level, Level::info);
  EXPECT_EQ(configuration->outputs.size(), 1u);
  EXPECT_EQ(configuration->validation, Validation::fix);
}

TEST(Environment, EveryVariable) {
  const pii::kit::TemporaryFolder folder;
  const auto configuration = read({{"SERVICE_TYPE", "celery"}, {"APP_VERSION", "1.2"}, {"PROJECT_NAME", ""}, {"ENVIRONMENT", "dev"},
                                   {"PII_LOG_LEVEL", "WARN"}, {"PII_LOG_LEVELS", "orders=debug, curl = off"},
                                   {"PII_LOG_VALIDATION", "warn"}, {"PII_LOG_ORIGIN", "on"}, {"ECSCTX_ROOT_FIELDS", "customer, booking"},
                                   {"PII_LOG_ROOT_FIELDS", "more"}, {"PII_LOG_FORMAT", "flat"}, {"PII_LOG_OUTPUT", "stderr"},
                                   {"PII_LOG_FILE", folder / "log"}, {"PII_LOG_FILE_MAX_BYTES", "1000"}, {"PII_LOG_FILE_KEEP", "3"},
                                   {"PII_LOG_BUFFER_BYTES", "0"}, {"PII_LOG_FLUSH_MS", "5"}});
  ASSERT_FALSE(configuration) << "blanks around = are refused";
  EXPECT_EQ(configuration.error().message().substr(0, 14), "PII_LOG_LEVELS");
  const auto good = read({{"SERVICE_TYPE", "celery"}, {"APP_VERSION", "1.2"}, {"PROJECT_NAME", ""}, {"ENVIRONMENT", "dev"},
                          {"PII_LOG_LEVEL", "WARN"}, {"PII_LOG_LEVELS", "orders=debug, curl=off"}, {"PII_LOG_VALIDATION", "warn"},
                          {"PII_LOG_ORIGIN", "on"}, {"ECSCTX_ROOT_FIELDS", "customer, booking"}, {"PII_LOG_ROOT_FIELDS", "more"},
                          {"PII_LOG_FORMAT", "flat"}, {"PII_LOG_OUTPUT", "stderr"}, {"PII_LOG_FILE", folder / "log"}});
  ASSERT_TRUE(good) << good.error().message();
  EXPECT_EQ(good->service_name, "celery");
  EXPECT_EQ(good->project, "");
  EXPECT_EQ(good->level, Level::warning);
  EXPECT_EQ(good->levels.at("curl"), Level::off);
  EXPECT_EQ(good->root_fields, (std::vector<std::string>{"customer", "booking", "more"}));
  EXPECT_TRUE(good->origin);
  ASSERT_EQ(good->outputs.size(), 2u);
  EXPECT_EQ(good->outputs[0].format, Format::flat);
}

TEST(Environment, MistakesNameTheVariableAndNotItsValue) {
  const Map mistakes = {{"PII_LOG_LEVEL", "s3cret"}, {"PII_LOG_LEVELS", "s3cret"}, {"PII_LOG_VALIDATION", "s3cret"},
                        {"PII_LOG_ORIGIN", "s3cret"}, {"PII_LOG_FORMAT", "s3cret"}, {"PII_LOG_OUTPUT", "s3cret"},
                        {"PII_LOG_FILE_MAX_BYTES", "s3cret"}, {"PII_LOG_FILE_KEEP", "1001"}, {"PII_LOG_BUFFER_BYTES", "-1"},
                        {"PII_LOG_FLUSH_MS", "1e3"}};
  for (const auto& [name, value] : mistakes) {
    const auto configuration = read({{name, value}});
    ASSERT_FALSE(configuration) << name;
    EXPECT_EQ(configuration.error().code(), pii::ErrorCode::invalid_setting);
    EXPECT_EQ(configuration.error().message().substr(0, name.size()), name);
    EXPECT_EQ(configuration.error().message().find("s3cret"), std::string::npos);
  }
  EXPECT_FALSE(read({{"PII_LOG_OUTPUT", "none"}}));
}

TEST(DataStream, NamesAreWhatElasticsearchTakes) {
  Configuration configuration;
  configuration.project = "event-backend";
  configuration.environment = "Staging 2";
  EXPECT_EQ(data_stream_name(configuration), "logs-event_backend-staging_2");
  configuration.project = "";
  configuration.environment = "";
  EXPECT_EQ(data_stream_name(configuration), "logs-generic-default");
}

TEST(Levels, AreReadInAnyCase) {
  EXPECT_EQ(parse_level("Critical"), Level::critical);
  EXPECT_EQ(parse_level("fatal"), Level::critical);
  EXPECT_EQ(parse_level(""), std::nullopt);
  EXPECT_EQ(parse_level("infos"), std::nullopt);
  EXPECT_EQ(to_string(Level::warning), "warning");
  EXPECT_EQ(retry_level(1, 3), Level::info);
  EXPECT_EQ(retry_level(3, 3), Level::error);
}

}  // namespace
