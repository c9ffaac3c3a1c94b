#include <cerrno>
#include <mutex>

#include "encode/placement.hpp"
#include "pii/logging/configuration.hpp"
#include "pii/logging/receivers.hpp"
#include "setup/presets.hpp"
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

std::optional<SpanIdForm> parse_span_ids(std::string_view text) {
  if (text == "hex") return SpanIdForm::hex;
  if (text == "uuid") return SpanIdForm::uuid;
  return std::nullopt;
}

// The default rules, and no rule by key at these paths of ECS lines or below; what is found in texts is masked there, too. Flat lines
// have no `extra`. Of equal lists there is one policy, so that equal configurations are equal.
Result<std::shared_ptr<const MaskPolicy>> policy_with_exemptions(const std::string& list) {
  static std::mutex mutex;
  static std::map<std::string, std::shared_ptr<const MaskPolicy>> made;
  const std::lock_guard lock(mutex);
  auto& policy = made[list];
  if (policy != nullptr) return policy;
  auto spec = PolicySpec::profile("default");
  if (!spec) return std::move(spec).error();
  for (const std::string& path : split_names(list)) {
    spec->paths.push_back({path, PathRule::Exempt::keys, {}});
    constexpr std::string_view kExtra = "extra.";
    if (path.starts_with(kExtra)) spec->paths.push_back({path.substr(kExtra.size()), PathRule::Exempt::keys, {}});
  }
  auto compiled = MaskPolicy::compile(*std::move(spec));
  if (!compiled) return std::move(compiled).error();
  return policy = *std::move(compiled);
}

std::optional<std::string> parse_services(std::string_view text) {
  for (const std::string& entry : split_names(text)) {
    const std::size_t equals = entry.find('=');
    if (equals == 0 || equals == std::string::npos || equals + 1 == entry.size()) return std::nullopt;
  }
  return std::string(text);
}

std::string service_name(VariableReader& reader) {
  std::string table = "celery=celery,rq=rq,rqworker=rq";
  reader.read("PII_LOG_SERVICES", "word=service, separated by commas", parse_services, table);
  const auto name = reader.text("SERVICE_TYPE");
  return name ? *name : service_of(program_invocation_short_name, table);
}

}  // namespace

Result<Configuration> configuration_from_environment(const Variables& given) {
  const Variables process = &process_variable;
  const auto layered = with_preset(given ? given : process);
  if (!layered) return layered.error();
  const Variables& variables = *layered;
  VariableReader reader(variables);
  Configuration configuration;
  configuration.service_name = service_name(reader);
  if (const auto instance = reader.text("SERVICE_INSTANCE")) name_instance(configuration, configuration.service_name, *instance);
  configuration.service_version = reader.text("APP_VERSION").value_or("0.0.0");
  configuration.project = variables("PROJECT_NAME").value_or("connect");
  configuration.environment = reader.text("ENVIRONMENT").value_or("");

  reader.read("PII_LOG_LEVEL", "trace, debug, info, warning, error, critical or off", parse_level, configuration.level);
  reader.read("PII_LOG_LEVELS", "logger=level, separated by commas", parse_levels, configuration.levels);
  configuration.levels.merge(preset_levels(variables));  // what is named wins
  reader.read("PII_LOG_VALIDATION", "off, warn or fix", parse_validation, configuration.validation);
  reader.read("PII_LOG_ORIGIN", "on or off", parse_switch, configuration.origin);
  reader.read("PII_LOG_PROCESS", "on or off", parse_switch, configuration.process);
  reader.read("PII_LOG_SPAN_IDS", "hex or uuid", parse_span_ids, configuration.span_ids);
  if (const auto paths = reader.text("PII_MASK_EXEMPT_PATHS")) {
    auto policy = policy_with_exemptions(*paths);
    if (!policy) return bad_variable("PII_MASK_EXEMPT_PATHS", "paths such as a.b, a[*].b or a.*.b, separated by commas");
    configuration.policy = *std::move(policy);
  }
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
