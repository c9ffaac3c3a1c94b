#pragma once

#include <string_view>

namespace pii::mask {

/// Whether a value, not empty, stands for a secret without being one: `${KEY}`, `null`, `****1234`. `rest` is the text from it on.
bool is_placeholder(std::string_view value, std::string_view rest) noexcept;

}  // namespace pii::mask
