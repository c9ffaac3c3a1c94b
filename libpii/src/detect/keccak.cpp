#include "detect/keccak.hpp"

#include <bit>

namespace pii::detect {

std::array<std::uint8_t, 32> keccak256(std::string_view text) noexcept {
  constexpr std::size_t kRate = 136;
  constexpr int kRotations[24] = {1,  3,  6,  10, 15, 21, 28, 36, 45, 55, 2,  14,
                                  27, 41, 56, 8,  25, 43, 62, 18, 39, 61, 20, 44};
  constexpr std::size_t kLanes[24] = {10, 7,  11, 17, 18, 3, 5,  16, 8,  21, 24, 4,
                                      15, 23, 19, 13, 12, 2, 20, 14, 22, 9,  6,  1};
  std::uint64_t a[25] = {};
  const auto add = [&](std::size_t i, std::uint8_t byte) {
    a[i / 8] ^= std::uint64_t{byte} << (8 * (i % 8));
  };
  for (std::size_t i = 0; i < text.size() && i < kRate - 1; ++i) add(i, static_cast<std::uint8_t>(text[i]));
  add(text.size() < kRate ? text.size() : kRate - 1, 0x01);
  add(kRate - 1, 0x80);
  std::uint8_t feedback = 1;  // of the round constants
  for (int round = 0; round < 24; ++round) {
    std::uint64_t c[5];
    for (std::size_t x = 0; x < 5; ++x) c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
    for (std::size_t x = 0; x < 5; ++x) {
      const std::uint64_t d = c[(x + 4) % 5] ^ std::rotl(c[(x + 1) % 5], 1);
      for (std::size_t y = 0; y < 25; y += 5) a[y + x] ^= d;
    }
    std::uint64_t moved = a[1];
    for (std::size_t i = 0; i < 24; ++i) {
      const std::uint64_t next = a[kLanes[i]];
      a[kLanes[i]] = std::rotl(moved, kRotations[i]);
      moved = next;
    }
    for (std::size_t y = 0; y < 25; y += 5) {
      for (std::size_t x = 0; x < 5; ++x) c[x] = a[y + x];
      for (std::size_t x = 0; x < 5; ++x) a[y + x] = c[x] ^ (~c[(x + 1) % 5] & c[(x + 2) % 5]);
    }
    for (int bit = 0; bit < 7; ++bit) {
      if ((feedback & 1) != 0) a[0] ^= std::uint64_t{1} << ((1 << bit) - 1);
      feedback = static_cast<std::uint8_t>(feedback << 1 ^ (feedback >> 7) * 0x71);
    }
  }
  std::array<std::uint8_t, 32> digest;
  for (std::size_t i = 0; i < 32; ++i) digest[i] = static_cast<std::uint8_t>(a[i / 8] >> (8 * (i % 8)));
  return digest;
}

}  // namespace pii::detect
