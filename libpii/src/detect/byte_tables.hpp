#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

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

}  // namespace pii::detect
