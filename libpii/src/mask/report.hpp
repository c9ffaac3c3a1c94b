#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mask/work.hpp"

namespace pii::mask {

/// Keeps a finding for the listener, if there is one. Of `value` only its shape is kept: letters and digits as classes,
/// runs of one class shortened (`Aa9@a.a`).
void keep_report(Work& work, Detector detector, std::uint16_t custom, std::string_view path, std::string_view value);
inline void report(Work& work, Detector detector, std::uint16_t custom, std::string_view path, std::string_view value) {
  if (work.listener != nullptr) [[unlikely]] keep_report(work, detector, custom, path, value);
}

/// Appends a key as a path shows it: what is found in it stands there as its label, control characters as `?`.
void append_shown_key(Work& work, std::string_view key, std::string& out);

}  // namespace pii::mask
