#pragma once

#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "options.hpp"
#include "pii/result.hpp"

namespace piictl {

/// Where `piictl log` reads events: files, or standard input.
struct LogFiles {
  std::vector<std::string> names;

  void declare(OptionList& options) { options.add_list("FILE", names, "", "NDJSON files; default: standard input").is_file = true; }

  /// Calls `visit(file, line, number)` for every line of the named files.
  template <class Visit>
  pii::Result<void> each_line(Visit visit) const {
    for (const std::string& name : names) {
      std::ifstream in(name, std::ios::binary);
      if (!in) return pii::Error(pii::ErrorCode::file_not_found, name + ": cannot be read");
      std::uint64_t number = 0;
      for (std::string line; std::getline(in, line);) visit(name, line, ++number);
    }
    return {};
  }
  /// Calls `visit(line, event, number)` for every line that is not blank; `event` is discarded where it is no JSON object.
  template <class Visit>
  pii::Result<void> each(Visit visit) const {
    std::uint64_t number = 0;
    const auto read = [&](std::istream& in) {
      for (std::string line; std::getline(in, line);) {
        ++number;
        if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
        auto event = nlohmann::ordered_json::parse(line, nullptr, false);
        if (!event.is_object()) event = nlohmann::ordered_json(nlohmann::ordered_json::value_t::discarded);
        visit(line, event, number);
      }
    };
    if (names.empty()) read(std::cin);
    for (const std::string& name : names) {
      std::ifstream in(name, std::ios::binary);
      if (!in) return pii::Error(pii::ErrorCode::file_not_found, name + ": cannot be read");
      read(in);
    }
    return {};
  }
};

/// The value behind dots, flat (`log.level`) or nested; null when there is none.
inline const nlohmann::ordered_json* find_field(const nlohmann::ordered_json& event, std::string_view path) {
  if (!event.is_object()) return nullptr;
  if (const auto flat = event.find(std::string(path)); flat != event.end()) return &*flat;
  for (std::size_t dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.', dot + 1)) {
    const auto outer = event.find(std::string(path.substr(0, dot)));
    if (outer == event.end()) continue;
    if (const auto* found = find_field(*outer, path.substr(dot + 1))) return found;
  }
  return nullptr;
}

/// ECS field sets, which must be objects (docs/logging.md, "Placement").
bool is_field_set(std::string_view name) noexcept;

}  // namespace piictl
