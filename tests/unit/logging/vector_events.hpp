#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "context/context_data.hpp"
#include "encode/json_writer.hpp"
#include "fields/json_reader.hpp"
#include "pii/logging/context.hpp"

namespace pii::kit {

using Json = nlohmann::ordered_json;

inline log::Value to_value(const Json& json) {
  auto value = log::read_json(json.dump());
  if (!value) std::abort();
  return *std::move(value);
}

inline Json to_json(const log::Value& value) {
  std::string text;
  log::write_value(value, nullptr, text);
  return Json::parse(text);
}

/// Members in any order: nlohmann's own json compares so.
inline nlohmann::json unordered(const Json& json) { return nlohmann::json::parse(json.dump()); }

/// What binding `merge` with ecsctx's names binds here.
inline std::vector<log::ContextEntry> entries(const Json& merge) {
  using Part = log::ContextEntry::Part;
  std::vector<log::ContextEntry> result;
  for (const auto& [name, value] : merge.items()) {
    for (std::size_t i = 0; i < log::kNamedFields.size(); ++i) {
      if (log::kNamedFields[i].wire == name) result.emplace_back(static_cast<Part>(i), to_value(value));
    }
    if (name == "extra") result.emplace_back(Part::extra, to_value(value));
    if (name == "labels") result.emplace_back(Part::labels, to_value(value));
  }
  return result;
}

/// Dotted names nested, as both sides do before a line is written.
inline Json nested(const Json& object) {
  Json result = Json::object();
  for (const auto& [name, value] : object.items()) {
    Json* at = &result;
    std::string rest = name;
    for (std::size_t dot; (dot = rest.find('.')) != std::string::npos; rest = rest.substr(dot + 1)) at = &(*at)[rest.substr(0, dot)];
    const Json inner = value.is_object() ? nested(value) : value;
    if (inner.is_object() && at->contains(rest)) {
      (*at)[rest].update(inner);
    } else {
      (*at)[rest] = inner;
    }
  }
  return result;
}

}  // namespace pii::kit
