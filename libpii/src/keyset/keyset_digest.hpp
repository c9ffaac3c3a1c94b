#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "json/document.hpp"
#include "pii/result.hpp"
#include "pii/secret.hpp"

namespace pii::keyset {

/// Lower-case hex SHA-256 of the canonical form of object `root` without its member `integrity`
/// (docs/formats.md section 3). Errors: malformed_json for numbers that have no exact canonical form.
Result<std::string> document_digest(const json::Node& root);

/// The node of `integrity.digest`, or nothing when the document carries none. Errors: invalid_keyset when
/// `integrity` is not an object or the digest is not 64 lower-case hex digits.
Result<std::optional<json::Node>> find_digest(const json::Node& root);

/// Stands where the digest goes until the rest is written.
inline constexpr std::string_view kBlankDigest =
    "0000000000000000000000000000000000000000000000000000000000000000";
/// Writes the digest of `document` over the one that it carries, if it carries one: both have the same size.
Result<void> renew_digest(SecretBytes& document);

}  // namespace pii::keyset
