#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace pii::kit {

/// The 15 round keys of AES-256, as FIPS 197 section 5.2 describes them: slow and obvious.
inline std::array<std::uint8_t, 240> aes256_key_schedule(const std::array<std::uint8_t, 32>& key) {
  const auto doubled = [](std::uint8_t x) { return static_cast<std::uint8_t>(x << 1 ^ (x >> 7) * 0x1B); };
  std::array<std::uint8_t, 256> s_box{};
  std::uint8_t power = 1;    // of 3, which generates all numbers but 0
  std::uint8_t inverse = 1;  // of it: the same power of 0xF6
  do {
    power = static_cast<std::uint8_t>(power ^ doubled(power));
    for (const int shift : {1, 2, 4}) inverse = static_cast<std::uint8_t>(inverse ^ inverse << shift);
    if ((inverse & 0x80) != 0) inverse ^= 0x09;
    s_box[power] = static_cast<std::uint8_t>(inverse ^ std::rotl(inverse, 1) ^ std::rotl(inverse, 2) ^
                                             std::rotl(inverse, 3) ^ std::rotl(inverse, 4) ^ 0x63);
  } while (power != 1);
  s_box[0] = 0x63;

  std::array<std::uint8_t, 240> out{};
  for (std::size_t i = 0; i < key.size(); ++i) out[i] = key[i];
  std::uint8_t round_constant = 1;
  for (std::size_t at = 32; at < out.size(); at += 4) {
    std::array<std::uint8_t, 4> word{out[at - 4], out[at - 3], out[at - 2], out[at - 1]};
    if (at % 32 == 0) {
      word = {s_box[word[1]], s_box[word[2]], s_box[word[3]], s_box[word[0]]};
      word[0] ^= round_constant;
      round_constant = doubled(round_constant);
    } else if (at % 32 == 16) {
      for (std::uint8_t& byte : word) byte = s_box[byte];
    }
    for (std::size_t i = 0; i < 4; ++i) out[at + i] = out[at - 32 + i] ^ word[i];
  }
  return out;
}

}  // namespace pii::kit
