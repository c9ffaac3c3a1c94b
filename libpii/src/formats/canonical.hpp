#pragma once

#include <cstddef>
#include <string_view>

namespace pii::formats {

/// Offset of the first byte that keeps `text` from being canonical base64url without padding, or npos: a
/// foreign byte, or a last character that carries non-zero spare bits or only six bits. Needs no buffer,
/// unlike decoding.
std::size_t find_non_canonical(std::string_view text) noexcept;

}  // namespace pii::formats
