#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace pii::mask {

/// Whether a member of this (unescaped) name is the value of what a member beside it names: `{"name": "DB_PASSWORD", "value": "…"}`
/// (docs/masking.md section 3).
bool is_called_value(std::string_view name) noexcept;

/// The name beside such a member, as it stands between its quotes: nothing where none is called so, empty where it is none. `key` points to where the quote lies that opens the
/// member's key, in the positions [begin, end) of the index of `text`; zeros stand behind them.
std::optional<std::string_view> name_beside(std::string_view text, const std::uint32_t* begin, const std::uint32_t* end, const std::uint32_t* key);

}  // namespace pii::mask
