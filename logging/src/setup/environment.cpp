#include <charconv>
#include <cstdlib>

#include "encode/placement.hpp"
#include "pii/logging/configuration.hpp"

namespace pii::log {

namespace {

Error bad(const char* name, std::string_view expected) {
  return {ErrorCode::invalid_setting, std::string(name) + ": " + std::string(expected)};
}

// Reads variables; the first mistake is kept.
class Reader {
 public:
  explicit Reader(const Variables& variables) : variables_(variables) {}

  std::optional<std::string> text(const char* name) const {
    auto value = variables_(name);
    if (value && value->empty()) value.reset();
    return value;
  }

  template <class Parse, class T>
  void read(const char* name, std::string_view expected, Parse parse, T& out) {
    const auto value = text(name);
    if (!value) return;
    if (const auto parsed = parse(std::string_view(*value))) {
      out = *parsed;
    } else if (!error_) {
      error_ = bad(name, expected);
    }
  }

  std::optional<Error> error_;

 private:
  const Variables& variables_;
};

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

std::optional<bool> parse_switch(std::string_view text) {
  if (text == "on" || text == "true" || text == "1") return true;
  if (text == "off" || text == "false" || text == "0") return false;
  return std::nullopt;
}

std::optional<std::uint64_t> parse_count(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
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
  const Variables process = [](const char* name) -> std::optional<std::string> {
    const char* const value = std::getenv(name);
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  };
  const Variables& variables = given ? given : process;
  Reader reader(variables);
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
  if (keep > 1000) return bad("PII_LOG_FILE_KEEP", "0 to 1000");
  if (bytes > buffer.max_bytes) return bad("PII_LOG_BUFFER_BYTES", "0 to 1048576");
  if (interval > 3'600'000) return bad("PII_LOG_FLUSH_MS", "0 to 3600000");
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
    return bad("PII_LOG_OUTPUT", "stdout, stderr or none");
  }
  if (path) configuration.outputs.push_back(file(*path, rotation, format, buffer));
  if (configuration.outputs.empty()) return bad("PII_LOG_OUTPUT", "none needs PII_LOG_FILE");
  return configuration;
}

}  // namespace pii::log
