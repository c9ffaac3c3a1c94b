#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace pii::crypto {

/// HKDF-SHA-256 (RFC 5869); out.size() <= 8160.
void hkdf_sha256(std::span<const std::byte> ikm, std::span<const std::byte> salt, std::string_view info,
                 std::span<std::byte> out) noexcept;

}  // namespace pii::crypto
