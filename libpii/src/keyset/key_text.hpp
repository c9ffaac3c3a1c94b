#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace pii::keyset {

/// Decodes a key as people and tools write it: canonical base64 of the URL-safe or of the standard alphabet
/// (never mixed), unpadded or padded right, nothing else in it. `out` holds at least text.size() / 4 * 3 + 2
/// bytes. Takes the same time for any characters of an alphabet. Returns the size, or nothing when the text
/// is not canonical.
std::optional<std::size_t> decode_key_text(std::string_view text, std::span<std::byte> out) noexcept;

}  // namespace pii::keyset
