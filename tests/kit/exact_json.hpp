#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace pii::kit {

/// Parses JSON without losing a digit of integers: what does not fit 64 bits becomes a binary value that
/// holds its text.
std::optional<nlohmann::ordered_json> parse_exact(std::string_view text);
/// Writes what parse_exact() read.
std::string dump_exact(const nlohmann::ordered_json& value);

}  // namespace pii::kit
