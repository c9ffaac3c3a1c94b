#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace pii::crypto {

/// HMAC-SHA-256 (RFC 2104) of one key after its pads were hashed: two compressions a short message remain.
/// Trivially copyable so that it can live in an arena of secret memory. It is as secret as the key.
struct HmacState {
  std::uint32_t inner[8];
  std::uint32_t outer[8];
};

inline constexpr std::size_t kMacSize = 32;
/// What hmac_sha256() and hmac_sha256_batch() leave of the key on the stack below their caller, amply, as they leave it in vector
/// registers: for base::ClearTraces.
inline constexpr std::size_t kHmacStack = 1024;
inline constexpr std::size_t kHmacBatchStack = 8192;

/// Hashes the pads of `key` (any length). The stack is left clean.
void hmac_prepare(std::span<const std::byte> key, HmacState& out) noexcept;

/// The MAC of `message`. No allocation.
void hmac_sha256(const HmacState& state, std::string_view message, std::byte* mac) noexcept;

/// One message of a batch; mac holds kMacSize bytes.
struct HmacJob {
  std::string_view message;
  std::byte* mac;
};

/// Many MACs under one key, several lanes at a time where the processor can. No allocation.
void hmac_sha256_batch(const HmacState& state, std::span<const HmacJob> jobs) noexcept;

}  // namespace pii::crypto
