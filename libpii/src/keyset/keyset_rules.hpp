#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "crypto/aes_gcm.hpp"
#include "json/document.hpp"
#include "pii/keyset.hpp"
#include "pii/secret.hpp"

namespace pii::keyset {

inline constexpr std::size_t kMinHmacKeySize = 16;
inline constexpr std::size_t kMaxHmacKeySize = 1024;
/// Keys that the library makes, and what lint asks of keys made by others.
inline constexpr std::size_t kNewKeySize = 32;
static_assert(kNewKeySize == crypto::kAes256KeySize);

/// The algorithm of version 1 for a usage.
constexpr KeyAlgorithm algorithm_of(KeysetUsage usage) noexcept {
  return usage == KeysetUsage::token ? KeyAlgorithm::hmac_sha_256 : KeyAlgorithm::aes_256_gcm;
}

/// The public check value of a key: hex of 3 bytes.
std::string check_value_of(std::span<const std::byte> key);

inline std::string_view text_of(const SecretBytes& document) noexcept {
  const std::span<const std::byte> bytes = document.expose();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Reads the document, which must outlive the result, as JSON within the limits of a keyset.
inline Result<json::Document> read_json(const SecretBytes& document) {
  return json::Document::parse(text_of(document), {kMaxKeysetSize, kMaxKeysetDepth});
}

}  // namespace pii::keyset
