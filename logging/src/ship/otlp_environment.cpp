// OTEL_*: https://opentelemetry.io/docs/specs/otel/protocol/exporter/ and .../configuration/sdk-environment-variables/
#include "pii/logging/receivers.hpp"
#include "setup/variable_reader.hpp"

namespace pii::ship {

namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

int hex(char c) noexcept {
  return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size() || hex(text[i + 1]) < 0 || hex(text[i + 2]) < 0) return std::nullopt;
    out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
    i += 2;
  }
  return out;
}

// `key=value,key=value`, percent-encoded, as W3C baggage.
std::optional<Pairs> parse_pairs(std::string_view text) {
  Pairs pairs;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    const std::string_view entry = trim(text.substr(0, comma));
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    if (entry.empty()) continue;
    const std::size_t equals = entry.find('=');
    if (equals == std::string_view::npos || equals == 0) return std::nullopt;
    auto key = percent_decoded(trim(entry.substr(0, equals)));
    auto value = percent_decoded(trim(entry.substr(equals + 1)));
    if (!key || !value) return std::nullopt;
    pairs.emplace_back(*std::move(key), *std::move(value));
  }
  return pairs;
}

void set(Pairs& pairs, std::string_view key, std::string value, bool replace) {
  for (auto& [name, old] : pairs) {
    if (name != key) continue;
    if (replace) old = std::move(value);
    return;
  }
  pairs.emplace_back(std::string(key), std::move(value));
}

// A variable of the signal, or else the general one.
class SignalReader {
 public:
  SignalReader(const log::Variables& variables, std::string_view signal) : reader_(variables), logs_(signal == "logs") {}

  std::string name(std::string_view what) const { return "OTEL_EXPORTER_OTLP_" + std::string(logs_ ? "LOGS_" : "TRACES_") + std::string(what); }
  std::optional<std::string> text(std::string_view what) const {
    if (auto own = reader_.text(name(what).c_str())) return own;
    return reader_.text(("OTEL_EXPORTER_OTLP_" + std::string(what)).c_str());
  }
  const log::VariableReader& all() const { return reader_; }
  log::VariableReader& all() { return reader_; }
  bool logs() const { return logs_; }

 private:
  log::VariableReader reader_;
  const bool logs_;
};

std::optional<std::string> endpoint(const SignalReader& reader) {
  if (auto own = reader.all().text(reader.name("ENDPOINT").c_str())) {
    // As it is; only an absent path is the root.
    const std::size_t scheme = own->find("://");
    if (scheme != std::string::npos && own->find('/', scheme + 3) == std::string::npos) *own += '/';
    return own;
  }
  if (auto general = reader.all().text("OTEL_EXPORTER_OTLP_ENDPOINT")) {
    while (general->ends_with('/')) general->pop_back();
    return *general + (reader.logs() ? "/v1/logs" : "/v1/traces");
  }
  return reader.logs() ? std::nullopt : reader.all().text("ECOENV_EXTRA_OTLP_TRACES_ENDPOINT");
}

Result<void> read_protocol(const SignalReader& reader, OtlpFromEnvironment& out) {
  const std::string protocol = reader.text("PROTOCOL").value_or("http/protobuf");
  if (protocol != "http/protobuf" && protocol != "http/json") {
    return log::bad_variable("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf or http/json (gRPC is not spoken; collectors take HTTP on port 4318)");
  }
  out.target.json = protocol == "http/json";
  const std::string_view url = out.target.url;
  const std::size_t authority = url.find("://");
  const std::string_view rest = authority == std::string_view::npos ? url : url.substr(authority + 3);
  if (rest.substr(0, rest.find('/')).ends_with(":4317")) {
    return log::bad_variable("OTEL_EXPORTER_OTLP_ENDPOINT", "port 4317 speaks gRPC, which is not spoken here; collectors take HTTP on port 4318");
  }
  return {};
}

Result<void> read_resource(const SignalReader& reader, const log::Configuration& configuration, Pairs& resource) {
  auto attributes = parse_pairs(reader.all().text("OTEL_RESOURCE_ATTRIBUTES").value_or(""));
  if (!attributes) return log::bad_variable("OTEL_RESOURCE_ATTRIBUTES", "key=value, separated by commas");
  resource = *std::move(attributes);
  if (auto name = reader.all().text("OTEL_SERVICE_NAME")) set(resource, "service.name", *std::move(name), true);
  set(resource, "service.name", configuration.service_name, false);
  set(resource, "service.version", configuration.service_version, false);
  if (!configuration.instance.empty()) set(resource, "service.instance.id", configuration.instance, false);
  if (!configuration.environment.empty()) set(resource, "deployment.environment.name", configuration.environment, false);
  set(resource, "telemetry.sdk.name", "libpii", false);
  set(resource, "telemetry.sdk.language", "cpp", false);
  return {};
}

Result<void> read_options(SignalReader& reader, Options& options) {
  const std::string prefix = reader.logs() ? "OTEL_BLRP_" : "OTEL_BSP_";
  std::uint64_t timeout = 10'000, delay = reader.logs() ? 1000 : 5000, queue = 2048, batch = 512;
  const std::string timeout_name = reader.text("TIMEOUT") && reader.all().text(reader.name("TIMEOUT").c_str()) ? reader.name("TIMEOUT")
                                                                                                               : "OTEL_EXPORTER_OTLP_TIMEOUT";
  reader.all().read(timeout_name.c_str(), "milliseconds", log::parse_count, timeout);
  reader.all().read((prefix + "SCHEDULE_DELAY").c_str(), "milliseconds", log::parse_count, delay);
  reader.all().read((prefix + "MAX_QUEUE_SIZE").c_str(), "a number of records", log::parse_count, queue);
  reader.all().read((prefix + "MAX_EXPORT_BATCH_SIZE").c_str(), "a number of records", log::parse_count, batch);
  if (reader.all().error_) return *std::move(reader.all().error_);
  constexpr std::uint64_t kDay = 86'400'000;
  if (timeout > kDay || delay > kDay) return log::bad_variable(prefix + "SCHEDULE_DELAY", "at most a day");
  if (queue == 0 || batch == 0 || batch > queue) return log::bad_variable(prefix + "MAX_EXPORT_BATCH_SIZE", "1 to MAX_QUEUE_SIZE");
  options.timeout = std::chrono::milliseconds(timeout);
  options.batch.max_age = std::chrono::milliseconds(delay);
  options.batch.max_records = batch;
  options.queue.max_records = queue;
  const std::string compression = reader.text("COMPRESSION").value_or("none");
  if (compression != "none" && compression != "gzip") return log::bad_variable("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip or none");
  options.gzip = compression == "gzip";
  options.tls.ca_path = reader.text("CERTIFICATE").value_or("");
  options.tls.client_certificate_path = reader.text("CLIENT_CERTIFICATE").value_or("");
  options.tls.client_key_path = reader.text("CLIENT_KEY").value_or("");
  return {};
}

}  // namespace

Result<std::optional<OtlpFromEnvironment>> otlp_from_environment(std::string_view signal, const log::Configuration& configuration,
                                                                 const log::Variables& given) {
  const log::Variables process = &log::process_variable;
  SignalReader reader(given ? given : process, signal);
  if (reader.all().text("OTEL_SDK_DISABLED").value_or("") == "true") return std::optional<OtlpFromEnvironment>();
  const char* const exporter = reader.logs() ? "OTEL_LOGS_EXPORTER" : "OTEL_TRACES_EXPORTER";
  const std::string wanted = reader.all().text(exporter).value_or("otlp");
  if (wanted == "none" || wanted == "console") return std::optional<OtlpFromEnvironment>();  // the console is PII_LOG_OUTPUT's
  if (wanted != "otlp") return log::bad_variable(exporter, "otlp, console or none");
  auto url = endpoint(reader);
  if (!url) return std::optional<OtlpFromEnvironment>();
  OtlpFromEnvironment out;
  out.target.url = *std::move(url);
  if (auto good = read_protocol(reader, out); !good) return std::move(good).error();
  auto headers = parse_pairs(reader.text("HEADERS").value_or(""));
  if (!headers) return log::bad_variable("OTEL_EXPORTER_OTLP_HEADERS", "name=value, separated by commas, percent-encoded");
  out.target.headers = *std::move(headers);
  if (auto good = read_resource(reader, configuration, out.target.resource); !good) return std::move(good).error();
  out.options = otlp_options();
  if (auto good = read_options(reader, out.options); !good) return std::move(good).error();
  return std::optional<OtlpFromEnvironment>(std::move(out));
}

}  // namespace pii::ship
