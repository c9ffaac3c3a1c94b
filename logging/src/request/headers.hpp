#pragma once

#include <algorithm>
#include <string_view>

#include "pii/logging/request.hpp"

namespace pii::log {

inline char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
inline bool same_name(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}
inline std::size_t find_no_case(std::string_view text, std::string_view what) noexcept {
  const auto at = std::search(text.begin(), text.end(), what.begin(), what.end(), [](char x, char y) { return lower(x) == lower(y); });
  return at == text.end() ? std::string_view::npos : static_cast<std::size_t>(at - text.begin());
}
/// The first header of that name; empty when there is none.
inline std::string_view header_of(const Headers& headers, std::string_view name) noexcept {
  for (const auto& [key, value] : headers) {
    if (same_name(key, name)) return value;
  }
  return {};
}

}  // namespace pii::log
