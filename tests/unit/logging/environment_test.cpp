#include <gtest/gtest.h>

#include <errno.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>

#include "kit/temporary_folder.hpp"
#include "pii/logging/configuration.hpp"
#include "pii/logging/sampler.hpp"
#include "setup/presets.hpp"
#include "pii/logging/receivers.hpp"

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

TEST(Receivers, AreAskedForByTheEnvironment) {
  const auto count = [](const Map& values) {
    const auto configuration = read(values);
    return configuration ? configuration->outputs.size() : 0;
  };
  EXPECT_EQ(count({{"ES_URL", "https://es:9200"}, {"ES_API_KEY", "k"}}), 2u);
  EXPECT_EQ(count({{"ELASTIC_CLOUD_ID", "x:ZXhhbXBsZS5jb20kYWJj"}, {"ES_USER", "u"}, {"ES_PASSWORD", "p"}}), 2u);
  EXPECT_EQ(count({{"LOGSTASH_HOST", "l"}, {"LOGSTASH_PORT", "5001"}, {"LOGSTASH_TLS", "on"}}), 2u);
  EXPECT_EQ(count({{"LOGISCOUT_ENDPOINT", "https://l/ingest"}, {"LOGISCOUT_API_TOKEN", "t"}}), 2u);
  EXPECT_EQ(count({{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4318"}}), 2u);
  EXPECT_EQ(count({{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4318"}, {"OTEL_LOGS_EXPORTER", "none"}}), 1u);
  EXPECT_EQ(count({{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4318"}, {"OTEL_SDK_DISABLED", "true"}}), 1u);
  EXPECT_EQ(count({{"ES_URL", "https://es:9200"}, {"PII_LOG_MODE", "dev"}}), 1u) << "dev: the console alone";
  EXPECT_EQ(count({{"ES_URL", "https://es:9200"}, {"PII_LOG_OUTPUT", "none"}}), 1u);
  const Map wrong[] = {{{"ES_URL", "es:9200/s3cret"}}, {{"ES_URL", "http://es:9200"}, {"ES_API_KEY", "s3cret"}}, {{"ELASTIC_CLOUD_ID", "s3cret"}},
                       {{"LOGSTASH_HOST", "l"}, {"LOGSTASH_PORT", "s3cret"}}, {{"LOGISCOUT_ENDPOINT", "s3cret"}},
                       {{"ES_URL", "https://es"}, {"ES_API_KEY", "s3cret\n"}},
                       {{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://s3cret:4317"}}, {{"PII_LOG_MODE", "s3cret"}},
                       {{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://x:4318"}, {"OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"}},
                       {{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://x:4318"}, {"OTEL_EXPORTER_OTLP_HEADERS", "s3cret"}}};
  for (const Map& values : wrong) {
    const auto configuration = read(values);
    ASSERT_FALSE(configuration) << values.begin()->first;
    EXPECT_EQ(configuration.error().code(), pii::ErrorCode::invalid_setting);
    EXPECT_EQ(configuration.error().message().find("s3cret"), std::string::npos) << configuration.error().message();
  }
}

TEST(Receivers, EachSpoolsInAFolderOfItsOwnBelowTheNamedOne) {
  const pii::kit::TemporaryFolder folder;
  const auto configuration = read({{"ES_URL", "https://es:9200"}, {"LOGSTASH_HOST", "l"}, {"PII_LOG_SPOOL", folder / "new"}});
  ASSERT_TRUE(configuration) << configuration.error().message();
  for (const char* receiver : {"elasticsearch", "logstash"}) EXPECT_TRUE(std::filesystem::is_directory(folder / "new" + "/" + receiver)) << receiver;
}

TEST(Otlp, EndpointsHeadersAndResourceOfTheEnvironment) {
  const auto otlp = [](const char* signal, const Map& values) {
    const auto found = pii::ship::otlp_from_environment(signal, {}, [&](const char* name) -> std::optional<std::string> {
      const auto at = values.find(name);
      return at == values.end() ? std::nullopt : std::optional(at->second);
    });
    EXPECT_TRUE(found) << (found ? "" : found.error().message());
    return *found;
  };
  EXPECT_FALSE(otlp("traces", {}));
  EXPECT_EQ(otlp("traces", {{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318/"}})->target.url, "http://c:4318/v1/traces");
  EXPECT_EQ(otlp("logs", {{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318/x"}})->target.url, "http://c:4318/x/v1/logs");
  EXPECT_EQ(otlp("logs", {{"OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "http://c:4318"}})->target.url, "http://c:4318/");
  EXPECT_EQ(otlp("traces", {{"ECOENV_EXTRA_OTLP_TRACES_ENDPOINT", "http://h:4318/v1/traces"}})->target.url, "http://h:4318/v1/traces");
  const auto full = otlp("traces", {{"OTEL_EXPORTER_OTLP_ENDPOINT", "https://c:4318"}, {"OTEL_SERVICE_NAME", "pay"},
                                    {"OTEL_EXPORTER_OTLP_HEADERS", "Authorization=Bearer%20t, x=y"}, {"OTEL_BSP_SCHEDULE_DELAY", "123"},
                                    {"OTEL_RESOURCE_ATTRIBUTES", "service.name=other,team=a%2Cb"}, {"OTEL_EXPORTER_OTLP_PROTOCOL", "http/json"},
                                    {"OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"}, {"OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "77"}});
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(full->target.headers, (Pairs{{"Authorization", "Bearer t"}, {"x", "y"}}));
  EXPECT_EQ(full->target.resource[0], std::pair(std::string("service.name"), std::string("pay")));
  EXPECT_EQ(full->target.resource[1], std::pair(std::string("team"), std::string("a,b")));
  EXPECT_TRUE(full->target.json);
  EXPECT_TRUE(full->options.gzip);
  EXPECT_EQ(full->options.batch.max_age.count(), 123);
  EXPECT_EQ(full->options.timeout.count(), 77);
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

// The table of docs/logging.md, "Presets".
TEST(Environment, PresetsAndWhatOverridesThem) {
  const auto development = read({{"PII_LOG_PRESET", "development"}});
  ASSERT_TRUE(development);
  EXPECT_EQ(development->outputs.at(0).format, Format::pretty);
  EXPECT_EQ(development->level, Level::debug);
  EXPECT_EQ(development->validation, Validation::warn);
  EXPECT_TRUE(development->origin);
  EXPECT_EQ(development->levels, verbose_libraries());
  const auto production = read({{"PII_LOG_PRESET", "production"}});
  ASSERT_TRUE(production);
  EXPECT_EQ(production->outputs.at(0).format, Format::ecs);
  EXPECT_EQ(production->level, Level::info);
  EXPECT_EQ(production->validation, Validation::fix);
  EXPECT_FALSE(production->origin);
  EXPECT_EQ(production->levels, quiet_libraries());
  EXPECT_EQ(production->levels.at("curl"), Level::warning);
  const auto mixed = read({{"PII_LOG_PRESET", "production"}, {"PII_LOG_LEVEL", "error"}, {"PII_LOG_LEVELS", "curl=trace,orders=debug"},
                           {"PII_LOG_FORMAT", "flat"}});
  ASSERT_TRUE(mixed);
  EXPECT_EQ(mixed->level, Level::error);
  EXPECT_EQ(mixed->outputs.at(0).format, Format::flat);
  EXPECT_EQ(mixed->levels.at("curl"), Level::trace);
  EXPECT_EQ(mixed->levels.at("orders"), Level::debug);
  EXPECT_EQ(mixed->levels.at("grpc"), Level::warning);
  EXPECT_TRUE(read({})->levels.empty());
  EXPECT_EQ(Configuration::development().level, Level::debug);
  EXPECT_EQ(Configuration::production().levels, quiet_libraries());
  const auto wrong = read({{"PII_LOG_PRESET", "s3cret"}});
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().message().find("s3cret"), std::string::npos);
}

TEST(Environment, APresetByTheEnvironmentsName) {
  for (const char* name : {"dev", "Development", "LOCAL", "test", "testing"}) {
    EXPECT_EQ(read({{"PII_LOG_PRESET", "environment"}, {"ENVIRONMENT", name}})->outputs.at(0).format, Format::pretty) << name;
  }
  for (const char* name : {"production", "staging", "", "devil"}) {
    EXPECT_EQ(read({{"PII_LOG_PRESET", "environment"}, {"ENVIRONMENT", name}})->outputs.at(0).format, Format::ecs) << name;
  }
  EXPECT_EQ(read({{"ENVIRONMENT", "dev"}})->level, Level::info) << "without a preset a name decides nothing";
}

TEST(Environment, APresetDecidesReceiversAndSampling) {
  const Map receiver = {{"LOGSTASH_HOST", "localhost"}};
  const auto with = [&](Map more) {
    more.insert(receiver.begin(), receiver.end());
    return read(more)->outputs.size();
  };
  EXPECT_EQ(with({{"PII_LOG_PRESET", "development"}}), 1u);
  EXPECT_EQ(with({{"PII_LOG_PRESET", "production"}}), 2u);
  EXPECT_EQ(with({{"PII_LOG_PRESET", "development"}, {"PII_LOG_MODE", "prod"}}), 2u);
  const auto sampler = [](const Map& values) {
    return (*pii::trace::sampler_from_environment([&](const char* name) -> std::optional<std::string> {
      const auto found = values.find(name);
      return found == values.end() ? std::nullopt : std::optional(found->second);
    }))->description();
  };
  const std::string all = sampler({});
  EXPECT_EQ(sampler({{"PII_LOG_PRESET", "development"}}), all);
  EXPECT_NE(sampler({{"PII_LOG_PRESET", "production"}}).find("0.1"), std::string::npos) << sampler({{"PII_LOG_PRESET", "production"}});
  EXPECT_EQ(sampler({{"PII_LOG_PRESET", "production"}, {"OTEL_TRACES_SAMPLER", "traceidratio"}}), sampler({{"OTEL_TRACES_SAMPLER", "traceidratio"}}));
  EXPECT_NE(sampler({{"PII_LOG_PRESET", "production"}, {"OTEL_TRACES_SAMPLER_ARG", "0.5"}}).find("0.5"), std::string::npos);
}

TEST(Environment, TheServiceByTheProgramsName) {
  EXPECT_EQ(service_of("celery", "celery=celery,rq=rq"), "celery");
  EXPECT_EQ(service_of("orders-celery", "celery=celery,rq=rq"), "celery");
  EXPECT_EQ(service_of("rq_2", "celery=celery,rq=rq"), "rq");
  EXPECT_EQ(service_of("torque", "celery=celery,rq=rq"), "app");
  EXPECT_EQ(service_of("", "celery=celery"), "app");
  EXPECT_EQ(service_of("order-worker", "order=orders,worker=jobs"), "orders") << "the first entry wins";
  char* const own = program_invocation_short_name;
  char celery[] = "celery-beat";
  program_invocation_short_name = celery;
  EXPECT_EQ(read({})->service_name, "celery");
  EXPECT_EQ(read({{"PII_LOG_SERVICES", "beat=scheduler"}})->service_name, "scheduler");
  EXPECT_EQ(read({{"SERVICE_TYPE", "mine"}})->service_name, "mine");
  program_invocation_short_name = own;
  EXPECT_EQ(read({})->service_name, "app");
}

TEST(Environment, AnInstanceOfAService) {
  const auto configuration = read({{"SERVICE_TYPE", "tracker"}, {"SERVICE_INSTANCE", "0"}});
  ASSERT_TRUE(configuration);
  EXPECT_EQ(configuration->service_name, "tracker-0");
  EXPECT_EQ(configuration->instance, "0");
  const auto otlp = pii::ship::otlp_from_environment("logs", *configuration, [](const char* name) -> std::optional<std::string> {
    return std::string_view(name) == "OTEL_EXPORTER_OTLP_ENDPOINT" ? std::optional<std::string>("http://localhost:4318") : std::nullopt;
  });
  ASSERT_TRUE(otlp && otlp->has_value());
  const auto& resource = (*otlp)->target.resource;
  EXPECT_NE(std::find(resource.begin(), resource.end(), std::pair<std::string, std::string>("service.instance.id", "0")), resource.end());
}

TEST(Environment, SpanIdsAndTheProcess) {
  const auto configuration = read({{"PII_LOG_SPAN_IDS", "uuid"}, {"PII_LOG_PROCESS", "on"}});
  ASSERT_TRUE(configuration);
  EXPECT_EQ(configuration->span_ids, SpanIdForm::uuid);
  EXPECT_TRUE(configuration->process);
  for (const char* name : {"PII_LOG_SPAN_IDS", "PII_LOG_PROCESS", "PII_LOG_SERVICES"}) EXPECT_FALSE(read({{name, "s3cret"}})) << name;
  const auto path = read({{"PII_MASK_EXEMPT_PATHS", "a[s3cret"}});
  ASSERT_FALSE(path);
  EXPECT_EQ(path.error().message().find("s3cret"), std::string::npos);
  EXPECT_EQ(path.error().message().substr(0, 21), "PII_MASK_EXEMPT_PATHS");
}

}  // namespace
