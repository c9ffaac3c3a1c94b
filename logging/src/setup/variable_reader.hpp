#pragma once

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "pii/logging/configuration.hpp"

namespace pii::log {

/// The process's environment.
inline std::optional<std::string> process_variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

inline Error bad_variable(std::string_view name, std::string_view expected) {
  return {ErrorCode::invalid_setting, std::string(name) + ": " + std::string(expected)};
}

/// Reads variables, empty ones as absent; the first mistake is kept.
class VariableReader {
 public:
  explicit VariableReader(const Variables& variables) : variables_(variables) {}

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
      error_ = bad_variable(name, expected);
    }
  }

  std::optional<Error> error_;

 private:
  const Variables& variables_;
};

inline std::optional<bool> parse_switch(std::string_view text) {
  if (text == "on" || text == "true" || text == "1") return true;
  if (text == "off" || text == "false" || text == "0") return false;
  return std::nullopt;
}

inline std::optional<std::uint64_t> parse_count(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace pii::log
