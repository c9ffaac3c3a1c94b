#pragma once

#include <string>
#include <string_view>

namespace piictl {

/// `text` as people may be shown it, on a terminal or a page: control characters and bytes that are no UTF-8
/// as '?', and nothing that turns the direction of text or cannot be seen. The result is UTF-8.
std::string display_text(std::string_view text);

/// How many columns of a terminal it takes, wide letters left out of account.
std::size_t display_width(std::string_view text) noexcept;

}  // namespace piictl
