#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace pii::keyset {

/// Lower-case hex of bytes that are no secret.
std::string to_hex(std::span<const std::byte> bytes);
/// Whether `text` is `size` lower-case hex digits.
bool is_lower_hex(std::string_view text, std::size_t size) noexcept;

}  // namespace pii::keyset
