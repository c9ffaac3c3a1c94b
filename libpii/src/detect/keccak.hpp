#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace pii::detect {

/// Keccak-256 as Ethereum has it (the padding before SHA-3 was standardized) of a text shorter than 136
/// bytes. For checksums, not for secrets.
std::array<std::uint8_t, 32> keccak256(std::string_view text) noexcept;

}  // namespace pii::detect
