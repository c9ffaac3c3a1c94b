#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

#include "detect/announcing.hpp"

// Tables of the kernels that class bytes 64 at a time: constants alone, no code that two of them could share.
namespace pii::detect {

/// A byte of class bits for each byte of ASCII.
using ByteTable = std::array<std::uint8_t, 128>;

constexpr void add(ByteTable& table, std::string_view characters, unsigned bit) noexcept {
  for (const char c : characters) table[static_cast<std::size_t>(c)] = static_cast<std::uint8_t>(table[static_cast<std::size_t>(c)] | 1U << bit % 8);
}

/// Byte i of all sixty-four from byte of(i).
template <typename Of>
constexpr std::array<std::uint8_t, 64> places(Of of) noexcept {
  std::array<std::uint8_t, 64> result{};
  for (std::size_t i = 0; i < 64; ++i) result[i] = static_cast<std::uint8_t>(of(i));
  return result;
}
/// Each eight turned around, and byte k of each eight brought together.
alignas(64) inline constexpr auto kBackwards = places([](std::size_t i) { return i ^ 7; });
alignas(64) inline constexpr auto kColumns = places([](std::size_t i) { return i % 8 * 8 + i / 8; });

/// The letters of announcing.hpp by a byte's nibbles, of which each has a byte: low AND high. Bits 0 to 3 are last, third, fourth and fifth from the
/// end of letters in the columns 4 and 6 of ASCII, bits 4 to 7 the same in columns 5 and 7.
struct LetterTables {
  alignas(16) std::array<std::uint8_t, 16> low{}, high{};
};
inline constexpr LetterTables kAnnouncingLetters = [] {
  LetterTables tables;
  constexpr std::string_view kPlaces[] = {kAnnouncingLast, kAnnouncingThird, kAnnouncingFourth, kAnnouncingFifth};
  for (unsigned place = 0; place < std::size(kPlaces); ++place) {
    for (const char letter : kPlaces[place]) {
      const auto byte = static_cast<unsigned char>(letter);
      const unsigned column = byte >> 4 & 1U;
      std::uint8_t& low = tables.low[byte & 15U];
      low = static_cast<std::uint8_t>(low | 1U << (place + 4 * column));
      tables.high[byte >> 4] = column != 0 ? 0xF0 : 0x0F;
    }
  }
  return tables;
}();

}  // namespace pii::detect
