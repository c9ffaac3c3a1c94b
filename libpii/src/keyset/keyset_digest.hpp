#pragma once

#include <optional>
#include <string>

#include "json/document.hpp"
#include "pii/result.hpp"

namespace pii::keyset {

/// Lower-case hex SHA-256 of the canonical form of object `root` without its member `integrity`
/// (docs/formats.md section 3). Errors: malformed_json for numbers that have no exact canonical form.
Result<std::string> document_digest(const json::Node& root);

/// The node of `integrity.digest`, or nothing when the document carries none. Errors: invalid_keyset when
/// `integrity` is not an object or the digest is not 64 lower-case hex digits.
Result<std::optional<json::Node>> find_digest(const json::Node& root);

}  // namespace pii::keyset
