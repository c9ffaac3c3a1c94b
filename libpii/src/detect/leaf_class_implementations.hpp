#pragma once

#include <array>
#include <span>
#include <string_view>

#include "detect/characters.hpp"
#include "detect/leaf_class.hpp"

#if defined(__x86_64__) && !defined(PII_PORTABLE_ONLY)
#define PII_LEAF_VECTOR 1
#else
#define PII_LEAF_VECTOR 0
#endif

// The interchangeable inner loops of leaf_class.cpp, and what they share.
namespace pii::detect {

inline constexpr unsigned kSixDigits = 6;
inline constexpr unsigned kLongRun = 16, kDashes = 4;

inline std::uint32_t counted_bits(std::size_t digits, std::size_t dots, std::size_t colons) noexcept {
  return (digits >= kSixDigits ? std::uint32_t{LeafClass::digits} : 0U) | (dots >= 3 ? std::uint32_t{LeafClass::dots} : 0U) |
         (colons >= 2 ? std::uint32_t{LeafClass::colons} : 0U);
}

inline std::uint32_t first_brace(std::string_view text) noexcept {
  for (const char c : text) {
    if (is_blank(c)) continue;
    return c == '{' || c == '[' ? std::uint32_t{LeafClass::brace} : 0U;
  }
  return 0;
}

/// Whether a word that announces a secret ends at the blank.
inline bool announces_at(std::string_view text, std::size_t blank) noexcept {
  if (blank < 5 || std::string_view("rctynRCTYN").find(text[blank - 1]) == std::string_view::npos) return false;
  for (const std::string_view word : {"bearer", "basic", "digest", "apikey", "token"}) {
    if (blank >= word.size() && equals_folded(text.substr(blank - word.size(), word.size()), word)) return true;
  }
  return false;
}

#if PII_LEAF_VECTOR
LeafClass classify_leaf_avx512(std::string_view text) noexcept;
#endif

struct LeafImplementation {
  const char* name;
  LeafClass (*classify)(std::string_view text) noexcept;
};

/// Those that this processor can run; the portable one is the first, the fastest the last.
std::span<const LeafImplementation> leaf_implementations() noexcept;

}  // namespace pii::detect
