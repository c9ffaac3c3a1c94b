#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace pii::crypto {

/// SHAKE-128 (FIPS 202) that absorbs and squeezes piece by piece, which OpenSSL can do from 3.3 on only.
class Shake128 {
 public:
  void absorb(std::span<const std::byte> data) {
    for (const std::byte byte : data) {
      mix(byte);
      if (++used_ == kRate) next();
    }
  }
  void finish() {
    mix(std::byte{0x1F});
    used_ = kRate - 1;
    mix(std::byte{0x80});
    next();
  }
  void squeeze(std::span<std::byte> out) {
    for (std::byte& byte : out) {
      if (used_ == kRate) next();
      byte = static_cast<std::byte>(state_[used_ / 8] >> (used_ % 8 * 8));
      ++used_;
    }
  }

 private:
  static constexpr std::size_t kRate = 168;

  void mix(std::byte byte) { state_[used_ / 8] ^= std::to_integer<std::uint64_t>(byte) << (used_ % 8 * 8); }
  void next() {
    permute();
    used_ = 0;
  }

  static std::uint64_t rotate(std::uint64_t word, unsigned by) {
    return by == 0 ? word : word << by | word >> (64 - by);
  }

  // Keccak-f[1600]; round constants come from its own shift register.
  void permute() {
    std::uint8_t lfsr = 1;
    for (int round = 0; round < 24; ++round) {
      std::array<std::uint64_t, 5> column{};
      for (std::size_t x = 0; x < 5; ++x) {
        for (std::size_t y = 0; y < 5; ++y) column[x] ^= state_[x + 5 * y];
      }
      for (std::size_t x = 0; x < 5; ++x) {
        const std::uint64_t d = column[(x + 4) % 5] ^ rotate(column[(x + 1) % 5], 1);
        for (std::size_t y = 0; y < 5; ++y) state_[x + 5 * y] ^= d;
      }
      std::size_t x = 1, y = 0;
      std::uint64_t current = state_[x + 5 * y];
      for (unsigned t = 0; t < 24; ++t) {
        const std::size_t next_y = (2 * x + 3 * y) % 5;
        x = y;
        y = next_y;
        const std::uint64_t kept = state_[x + 5 * y];
        state_[x + 5 * y] = rotate(current, (t + 1) * (t + 2) / 2 % 64);
        current = kept;
      }
      for (std::size_t row = 0; row < 5; ++row) {
        std::array<std::uint64_t, 5> b;
        for (std::size_t i = 0; i < 5; ++i) b[i] = state_[i + 5 * row];
        for (std::size_t i = 0; i < 5; ++i) state_[i + 5 * row] = b[i] ^ (~b[(i + 1) % 5] & b[(i + 2) % 5]);
      }
      for (unsigned j = 0; j < 7; ++j) {
        if ((lfsr & 1) != 0) state_[0] ^= std::uint64_t{1} << ((1U << j) - 1);
        lfsr = static_cast<std::uint8_t>(lfsr << 1 ^ (lfsr >> 7) * 0x71);
      }
    }
  }

  std::array<std::uint64_t, 25> state_{};
  std::size_t used_ = 0;
};

}  // namespace pii::crypto
