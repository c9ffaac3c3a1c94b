#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace pii::mask {

/// Whether a member of this (unescaped) name may be the value of what a member beside it names: `{"name": "DB_PASSWORD", "value": "…"}`
/// (docs/masking.md section 3).
bool is_called_value(std::string_view name) noexcept;

/// Members that are looked at in each direction.
inline constexpr std::size_t kMembersBeside = 4;
/// The names beside a member, as they stand between their quotes, the nearest one before it first.
struct NamesBeside {
  std::array<std::string_view, 2 * kMembersBeside> names;
  std::size_t count = 0;
  bool by_contents = false;  // other strings might have given others
};
/// `key` points to where the quote lies that opens the member's key, in the positions [begin, end) of the index of `text`; zeros stand
/// behind them.
NamesBeside names_beside(std::string_view text, const std::uint32_t* begin, const std::uint32_t* end, const std::uint32_t* key);

}  // namespace pii::mask
