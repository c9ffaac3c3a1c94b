#pragma once

#include <string_view>

#include "normalize/code_points.hpp"

// Canonical composition, NFC, of Unicode 14 (UAX 15).
namespace pii::unicode {

/// Whether valid UTF-8 `text` is in NFC for certain; false says no more than that a closer look is needed.
bool is_nfc_for_certain(std::string_view text) noexcept;

/// `text` in NFC, appended to `out`, which is empty. Time is n log n at worst: in one run of combining marks.
void append_nfc(const CodePoints& text, CodePoints& out);

}  // namespace pii::unicode
