#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "stream/arena.hpp"
#include "stream/buffer.hpp"

namespace piictl::stream {

/// How many bytes from `begin` on are ASCII that stands for itself inside of a JSON string.
std::size_t plain_json_prefix(const char* begin, const char* end) noexcept;
/// Size of the UTF-8 sequence (RFC 3629) at `begin`, 0 when there is none.
std::size_t utf8_sequence(const char* begin, const char* end) noexcept;
/// Writes a code point as UTF-8; returns how many bytes, at most 4.
std::size_t encode_utf8(char32_t code_point, char* out) noexcept;

/// Whether `c` after a backslash begins an escape other than \u, and what that stands for.
std::optional<char> json_escape(char c) noexcept;
/// The text of a JSON string that is well formed, given without its quotes; kept in `arena`. Nothing when it
/// holds half of a surrogate pair, which has no UTF-8.
std::optional<std::string_view> unescape_json(std::string_view inner, Arena& arena);
/// Appends a JSON string with its quotes.
void append_json_string(std::string_view text, Buffer& out);

}  // namespace piictl::stream
