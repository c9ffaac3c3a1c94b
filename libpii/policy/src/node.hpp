#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "pii/result.hpp"

// A policy's text as a tree that knows where it was written: YAML and JSON give the same.
namespace pii::policy {

inline constexpr std::size_t kMaxDepth = 32;

struct Place {
  int line = 1;    // from 1
  int column = 1;  // from 1, in bytes
};

struct Node {
  enum class Kind : unsigned char { null, plain, text, list, map };
  struct Name {
    std::string text;
    Place place;
  };

  Kind kind = Kind::null;
  Place place = {};
  std::string scalar = {};       // plain (number, boolean, bare word) and text (quoted)
  std::vector<Name> names = {};  // map: the name of items[i]
  std::vector<Node> items = {};  // list and map
};

/// Without aliases, anchors, tags, second documents and doubled members. Errors: malformed_json.
Result<Node> read_yaml(std::string_view text);
/// RFC 8259. Errors: malformed_json.
Result<Node> read_json(std::string_view text);

/// `line 3, column 7: why`.
Error syntax_error(Place place, std::string_view why, std::string_view hint = {});

}  // namespace pii::policy
