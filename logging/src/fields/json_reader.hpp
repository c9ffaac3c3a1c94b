#pragma once

#include <optional>
#include <string_view>

#include "pii/logging/value.hpp"

namespace pii::log {

/// Reads one JSON text (RFC 8259), at most 64 deep and `max_bytes` long; integers that fit no machine type keep their digits, of equal
/// names the last wins. nullopt: it is something else. Not for the hot path.
std::optional<Value> read_json(std::string_view text, std::size_t max_bytes = 1 << 20);

}  // namespace pii::log
