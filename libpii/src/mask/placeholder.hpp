#pragma once

#include <string_view>

namespace pii::mask {

/// Whether a value, not empty, stands for a secret without being one: `${KEY}`, `null`, `****1234`.
bool is_placeholder(std::string_view value) noexcept;

}  // namespace pii::mask
