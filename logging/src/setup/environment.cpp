#include "encode/placement.hpp"
#include "pii/logging/configuration.hpp"
#include "pii/logging/receivers.hpp"
#include "setup/variable_reader.hpp"

namespace pii::log {

namespace {

std::optional<Format> parse_format(std::string_view text) {
  if (text == "auto") return Format::automatic;
  if (text == "ecs") return Format::ecs;
  if (text == "flat" || text == "json") return Format::flat;
  if (text == "pretty") return Format::pretty;
  return std::nullopt;
}

std::optional<Validation> parse_validation(std::string_view text) {
  if (text == "off") return Validation::off;
  if (text == "warn") return Validation::warn;
  if (text == "fix") return Validation::fix;
  return std::nullopt;
}

using Levels = std::map<std::string, Level, std::less<>>;
std::optional<Levels> parse_levels(std::string_view text) {
  Levels levels;
  for (const std::string& entry : split_names(text)) {
    const std::size_t equals = entry.find('=');
    if (equals == 0 || equals == std::string::npos) return std::nullopt;
    const auto level = parse_level(std::string_view(entry).substr(equals + 1));
    if (!level) return std::nullopt;
    levels[entry.substr(0, equals)] = *level;
  }
  return levels;
}

}  // namespace

Result<Configuration> configuration_from_environment(const Variables& given) {
  const Variables process = &process_variable;
  const Variables& variables = given ? given : process;
  VariableReader reader(variables);
  Configuration configuration;
  configuration.service_name = reader.text("SERVICE_TYPE").value_or("app");
  configuration.service_version = reader.text("APP_VERSION").value_or("0.0.0");
  configuration.project = variables("PROJECT_NAME").value_or("connect");
  configuration.environment = reader.text("ENVIRONMENT").value_or("");

  reader.read("PII_LOG_LEVEL", "trace, debug, info, warning, error, critical or off", parse_level, configuration.level);
  reader.read("PII_LOG_LEVELS", "logger=level, separated by commas", parse_levels, configuration.levels);
  reader.read("PII_LOG_VALIDATION", "off, warn or fix", parse_validation, configuration.validation);
  reader.read("PII_LOG_ORIGIN", "on or off", parse_switch, configuration.origin);
  for (const char* name : {"ECSCTX_ROOT_FIELDS", "PII_LOG_ROOT_FIELDS"}) {
    for (std::string& field : split_names(reader.text(name).value_or(""))) configuration.root_fields.push_back(std::move(field));
  }

  Format format = Format::automatic;
  Rotation rotation;
  BufferPolicy buffer;
  std::uint64_t keep = rotation.keep;
  std::uint64_t bytes = buffer.bytes;
  std::uint64_t interval = static_cast<std::uint64_t>(buffer.interval.count());
  reader.read("PII_LOG_FORMAT", "auto, ecs, flat or pretty", parse_format, format);
  reader.read("PII_LOG_FILE_MAX_BYTES", "a number of bytes", parse_count, rotation.max_bytes);
  reader.read("PII_LOG_FILE_KEEP", "a number of files", parse_count, keep);
  reader.read("PII_LOG_BUFFER_BYTES", "a number of bytes", parse_count, bytes);
  reader.read("PII_LOG_FLUSH_MS", "milliseconds", parse_count, interval);
  if (keep > 1000) return bad_variable("PII_LOG_FILE_KEEP", "0 to 1000");
  if (bytes > buffer.max_bytes) return bad_variable("PII_LOG_BUFFER_BYTES", "0 to 1048576");
  if (interval > 3'600'000) return bad_variable("PII_LOG_FLUSH_MS", "0 to 3600000");
  if (reader.error_) return *std::move(reader.error_);
  rotation.keep = static_cast<unsigned>(keep);
  buffer.bytes = bytes;
  buffer.interval = std::chrono::milliseconds(interval);

  const std::string output = reader.text("PII_LOG_OUTPUT").value_or("");
  const auto path = reader.text("PII_LOG_FILE");
  if (output == "stderr") {
    configuration.outputs.push_back(standard_error(format, buffer));
  } else if (output == "stdout" || (output.empty() && !path)) {
    configuration.outputs.push_back(standard_output(format, buffer));
  } else if (!output.empty() && output != "none") {
    return bad_variable("PII_LOG_OUTPUT", "stdout, stderr or none");
  }
  if (path) configuration.outputs.push_back(file(*path, rotation, format, buffer));
  auto receivers = ship::outputs_from_environment(configuration, variables);
  if (!receivers) return std::move(receivers).error();
  for (Output& receiver : *receivers) configuration.outputs.push_back(std::move(receiver));
  auto spans = ship::otlp_from_environment("traces", configuration, variables);
  if (!spans) return std::move(spans).error();
  if (spans->has_value()) {
    auto exporter = ship::otlp_traces(std::move((*spans)->target), std::move((*spans)->options));
    if (!exporter) return bad_variable("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", exporter.error().message());
    configuration.spans = *std::move(exporter);
  }
  if (configuration.outputs.empty()) return bad_variable("PII_LOG_OUTPUT", "none needs PII_LOG_FILE or a receiver");
  return configuration;
}

}  // namespace pii::log
