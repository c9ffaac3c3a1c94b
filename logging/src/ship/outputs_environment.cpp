// Which receivers the environment asks for.
#include "pii/logging/receivers.hpp"
#include "setup/variable_reader.hpp"

namespace pii::ship {

namespace {

// What all receivers of a process share; each has folders of its own below the named ones.
Options with_folders(Options options, const log::VariableReader& reader, std::string_view name) {
  if (const auto spool = reader.text("PII_LOG_SPOOL")) {
    options.queue.on_full = Overflow::spool;
    options.spool.folder = *spool + "/" + std::string(name);
  }
  if (const auto letters = reader.text("PII_LOG_DEAD_LETTERS")) options.dead_letters.folder = *letters;
  if (options.tls.ca_path.empty()) options.tls.ca_path = reader.text("PII_LOG_CACERT_PATH").value_or("");
  return options;
}

Error renamed(const char* variable, const Error& error) {
  return {error.code(), std::string(variable) + ": " + error.message(), std::string(error.hint())};
}

}  // namespace

Result<std::vector<log::Output>> outputs_from_environment(const log::Configuration& configuration, const log::Variables& given) {
  const log::Variables process = &log::process_variable;
  const log::Variables& variables = given ? given : process;
  log::VariableReader reader(variables);
  std::vector<log::Output> outputs;
  const std::string mode = reader.text("PII_LOG_MODE").value_or("prod");
  if (mode != "dev" && mode != "prod") return log::bad_variable("PII_LOG_MODE", "dev or prod");
  if (mode == "dev") return outputs;
  const auto add = [&](const char* variable, Result<std::shared_ptr<Shipper>> shipper) -> Result<void> {
    if (!shipper) return renamed(variable, shipper.error());
    outputs.push_back({*std::move(shipper), log::Format::ecs, log::Level::trace, false});
    return {};
  };

  const auto url = reader.text("ES_URL");
  const auto cloud_id = reader.text("ELASTIC_CLOUD_ID");
  if (url || cloud_id) {
    Elasticsearch target;
    target.url = url.value_or("");
    target.cloud_id = cloud_id.value_or("");
    target.stream = reader.text("ES_DATA_STREAM").value_or(log::data_stream_name(configuration));
    target.pipeline = reader.text("ES_PIPELINE").value_or("");
    if (const auto key = reader.text("ES_API_KEY")) {
      target.credentials = Credentials::api_key(*key);
    } else if (const auto user = reader.text("ES_USER")) {
      target.credentials = Credentials::basic(*user, reader.text("ES_PASSWORD").value_or(""));
    }
    if ((reader.text("ES_API_KEY") || reader.text("ES_USER")) && target.credentials.authorization() == nullptr) {
      return log::bad_variable("ES_API_KEY, ES_USER", "credentials without control characters");
    }
    const auto good = add(url ? "ES_URL" : "ELASTIC_CLOUD_ID", elasticsearch(std::move(target), with_folders({}, reader, "elasticsearch")));
    if (!good) return good.error();
  }
  if (const auto host = reader.text("LOGSTASH_HOST")) {
    std::uint64_t port = 5000;
    bool tls = false;
    reader.read("LOGSTASH_PORT", "1 to 65535", log::parse_count, port);
    reader.read("LOGSTASH_TLS", "on or off", log::parse_switch, tls);
    if (port == 0 || port > 65535) return log::bad_variable("LOGSTASH_PORT", "1 to 65535");
    if (reader.error_) return *std::move(reader.error_);
    const auto good = add("LOGSTASH_HOST", logstash({*host, static_cast<std::uint16_t>(port), tls}, with_folders({}, reader, "logstash")));
    if (!good) return good.error();
  }
  if (const auto endpoint = reader.text("LOGISCOUT_ENDPOINT")) {
    const auto token = reader.text("LOGISCOUT_API_TOKEN");
    HttpBatch target{*endpoint, token ? Credentials::bearer(*token) : Credentials(), BatchForm::logiscout};
    if (token && target.credentials.authorization() == nullptr) return log::bad_variable("LOGISCOUT_API_TOKEN", "a token without control characters");
    const auto good = add("LOGISCOUT_ENDPOINT", http_batch(std::move(target), with_folders(http_batch_options(), reader, "logiscout")));
    if (!good) return good.error();
  }
  auto otlp = otlp_from_environment("logs", configuration, variables);
  if (!otlp) return std::move(otlp).error();
  if (otlp->has_value()) {
    const auto good = add("OTEL_EXPORTER_OTLP_ENDPOINT", otlp_logs(std::move((*otlp)->target), with_folders((*otlp)->options, reader, "otlp_logs")));
    if (!good) return good.error();
  }
  return outputs;
}

}  // namespace pii::ship
