#pragma once

#include <cstddef>
#include <cstdint>

// The generated tables behind nfc.cpp (nfc_tables.cpp).
namespace pii::unicode {

inline constexpr std::uint16_t kNfcClassMask = 0xFF;
inline constexpr std::uint16_t kNfcNo = 0x100;     // is not in NFC wherever it stands
inline constexpr std::uint16_t kNfcMaybe = 0x200;  // may compose with what stands before

struct NfcDecomposition {
  char32_t code_point;
  std::uint32_t place;  // offset in kNfcParts * 8 + size
};

struct NfcComposition {
  char32_t first;
  char32_t second;
  char32_t composite;
};

inline constexpr char32_t kNfcBlockSize = 128;
inline constexpr char32_t kNfcTableEnd = 0x2fa80;  // code points from here on have no property
inline constexpr std::size_t kNfcDecompositionCount = 2061;
inline constexpr std::size_t kNfcCompositionCount = 941;
extern const std::uint16_t kNfcProperties[];
extern const std::uint8_t kNfcBlocks[];
extern const std::uint8_t kNfcEntries[];
extern const NfcDecomposition kNfcDecompositions[kNfcDecompositionCount];
extern const char32_t kNfcParts[];
extern const NfcComposition kNfcCompositions[kNfcCompositionCount];

/// Combining class, kNfcNo, kNfcMaybe of a code point.
inline std::uint16_t nfc_properties_of(char32_t code_point) noexcept {
  if (code_point >= kNfcTableEnd) return 0;
  return kNfcProperties[kNfcEntries[kNfcBlocks[code_point / kNfcBlockSize] * kNfcBlockSize +
                                    code_point % kNfcBlockSize]];
}

}  // namespace pii::unicode
