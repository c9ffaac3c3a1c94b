#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "json/document.hpp"
#include "pii/keyset_record.hpp"
#include "pii/result.hpp"
#include "pii/secret.hpp"

namespace pii::keyset {

/// Decodes the `key_b64` values of a document from its text straight into secret memory.
class KeyDecoder {
 public:
  /// How much room the keys of `texts` need at most.
  static std::size_t capacity(const json::Node& text) noexcept;

  /// Writes the key to `out` and returns its size. Errors: invalid_keyset, with the key id and the place,
  /// when the text is not canonical base64 or the size is none for the algorithm.
  Result<std::size_t> decode(const std::string& kid, KeyAlgorithm algorithm, const json::Node& text,
                             std::span<std::byte> out);

 private:
  SecretBytes unescaped_;  // made when a text has escapes
};

}  // namespace pii::keyset
