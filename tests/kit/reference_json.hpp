#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace pii::kit::reference {

/// A JSON value and where it stands, quotes and brackets included.
struct JsonNode {
  enum class Kind { object, array, string, scalar, too_deep };
  Kind kind = Kind::scalar;
  std::size_t begin = 0;
  std::size_t end = 0;
  std::vector<JsonNode> keys = {};    // of an object: strings
  std::vector<JsonNode> values = {};  // of an object or array
};

/// Which texts count as JSON. The engine is lenient inside strings (docs/masking.md section 3).
enum class Strictness { engine, rfc8259 };

/// A recursive-descent parser. Containers deeper than `depth` are only skipped: their strings must be whole and their
/// brackets as many as they open.
std::optional<JsonNode> parse_json(std::string_view text, std::size_t depth, Strictness strictness = Strictness::engine);

}  // namespace pii::kit::reference
