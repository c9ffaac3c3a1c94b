#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace pii::crypto {

inline constexpr std::size_t kSha256Size = 32;
using Sha256Digest = std::array<std::byte, kSha256Size>;

/// Hashes `count` whole blocks of 64 bytes into `state`, eight words.
using CompressFunction = void (*)(std::uint32_t* state, const std::byte* blocks, std::size_t count) noexcept;

/// SHA-256 (FIPS 180-4) of a message in pieces. Wiped on destruction. Not for hot paths with a fixed key: see
/// hmac.hpp.
class Sha256 {
 public:
  Sha256() noexcept;
  /// With a given compression; for the known-answer tests.
  explicit Sha256(CompressFunction compress) noexcept;
  /// Goes on from the state after `hashed` bytes, whole blocks.
  Sha256(std::span<const std::uint32_t, 8> state, std::uint64_t hashed) noexcept;
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  void update(std::span<const std::byte> data) noexcept;
  /// The digest. Call it once, last.
  Sha256Digest finish() noexcept;

 private:
  CompressFunction compress_;
  std::array<std::uint32_t, 8> state_;
  std::array<std::byte, 64> block_;
  std::uint64_t size_ = 0;
};

Sha256Digest sha256(std::span<const std::byte> data) noexcept;

}  // namespace pii::crypto
