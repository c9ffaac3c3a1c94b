#include "setup/presets.hpp"

#include <algorithm>
#include <array>

#include "encode/placement.hpp"
#include "setup/variable_reader.hpp"

namespace pii::log {

namespace {

using Levels = std::map<std::string, Level, std::less<>>;

struct Default {
  std::string_view name;
  const char* development;
  const char* production;
};
// What a preset is: values of variables, each of which a set one overrides.
constexpr std::array<Default, 7> kDefaults = {{{"PII_LOG_FORMAT", "pretty", "ecs"},
                                               {"PII_LOG_LEVEL", "debug", "info"},
                                               {"PII_LOG_VALIDATION", "warn", "fix"},
                                               {"PII_LOG_ORIGIN", "on", "off"},
                                               {"PII_LOG_MODE", "dev", "prod"},
                                               {"OTEL_TRACES_SAMPLER", "parentbased_always_on", "parentbased_traceidratio"},
                                               {"OTEL_TRACES_SAMPLER_ARG", "1", "0.1"}}};
constexpr std::string_view kLibraryLevels = "PII_LOG_PRESET.libraries";  // no variable: what preset_levels() asks for

constexpr std::array<std::string_view, 5> kDevelopment = {"dev", "development", "local", "test", "testing"};
// Loggers of libraries, as bridges and callbacks call them, and what is captured from C++ streams.
constexpr std::array<std::string_view, 10> kLibraries = {"amqp", "aws", "curl", "grpc", "kafka", "mysql", "rdkafka", "redis", "sqlite", "std"};

Levels libraries(Level level) {
  Levels levels;
  for (const std::string_view name : kLibraries) levels.emplace(name, level);
  return levels;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

Configuration of_preset(const char* name) {
  const Variables only = [name](const char* variable) -> std::optional<std::string> {
    return std::string_view(variable) == "PII_LOG_PRESET" ? std::optional<std::string>(name) : std::nullopt;
  };
  return *configuration_from_environment(only);  // our own values
}

}  // namespace

Result<Variables> with_preset(const Variables& variables) {
  VariableReader reader(variables);
  const auto preset = reader.text("PII_LOG_PRESET");
  if (!preset) return Variables(variables);
  bool development = *preset == "development";
  if (*preset == "environment") {
    development = std::find(kDevelopment.begin(), kDevelopment.end(), lower(reader.text("ENVIRONMENT").value_or(""))) != kDevelopment.end();
  } else if (!development && *preset != "production") {
    return bad_variable("PII_LOG_PRESET", "development, production or environment");
  }
  return Variables([variables, development](const char* name) -> std::optional<std::string> {
    auto value = variables(name);
    if (value && !value->empty()) return value;
    if (name == kLibraryLevels) return development ? "verbose" : "quiet";
    const auto known = std::find_if(kDefaults.begin(), kDefaults.end(), [&](const Default& one) { return one.name == name; });
    if (known == kDefaults.end()) return value;
    // A rate is the preset's sampler's, not another one's.
    if (known->name == "OTEL_TRACES_SAMPLER_ARG" && !variables("OTEL_TRACES_SAMPLER").value_or("").empty()) return value;
    return development ? known->development : known->production;
  });
}

Levels preset_levels(const Variables& with_preset) {
  const auto which = with_preset(kLibraryLevels.data());
  return !which ? Levels() : *which == "verbose" ? verbose_libraries() : quiet_libraries();
}

std::map<std::string, Level, std::less<>> quiet_libraries() { return libraries(Level::warning); }
std::map<std::string, Level, std::less<>> verbose_libraries() { return libraries(Level::info); }

Configuration Configuration::development() { return of_preset("development"); }
Configuration Configuration::production() { return of_preset("production"); }

std::string service_of(std::string_view program, std::string_view table) {
  const auto is_word = [&](std::string_view word) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
    for (std::size_t at = program.find(word); at != std::string_view::npos; at = program.find(word, at + 1)) {
      const std::size_t end = at + word.size();
      if ((at == 0 || !letter(program[at - 1])) && (end == program.size() || !letter(program[end]))) return true;
    }
    return false;
  };
  for (const std::string& entry : split_names(table)) {
    const std::size_t equals = entry.find('=');
    if (equals != std::string::npos && equals != 0 && is_word(std::string_view(entry).substr(0, equals))) return entry.substr(equals + 1);
  }
  return "app";
}

void name_instance(Configuration& configuration, std::string_view application, std::string_view instance) {
  configuration.service_name = std::string(application) + "-" + std::string(instance);
  configuration.instance = instance;
}

}  // namespace pii::log
