#include "normalize/nfc.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>

#include "normalize/nfc_tables.hpp"

namespace pii::unicode {
namespace {

// Hangul syllables are composed of two or three jamo by arithmetic (The Unicode Standard, 3.12).
constexpr char32_t kSyllables = 0xAC00;
constexpr char32_t kLeads = 0x1100;
constexpr char32_t kVowels = 0x1161;
constexpr char32_t kTails = 0x11A7;  // one before the first
constexpr char32_t kLeadCount = 19;
constexpr char32_t kVowelCount = 21;
constexpr char32_t kTailCount = 28;
constexpr char32_t kSyllableCount = kLeadCount * kVowelCount * kTailCount;

unsigned class_of(char32_t code_point) noexcept { return nfc_properties_of(code_point) & kNfcClassMask; }

void decompose(char32_t code_point, CodePoints& out) {
  const char32_t syllable = code_point - kSyllables;  // wraps around for what is less
  if (syllable < kSyllableCount) {
    out.push(kLeads + syllable / (kVowelCount * kTailCount));
    out.push(kVowels + syllable / kTailCount % kVowelCount);
    if (const char32_t tail = syllable % kTailCount; tail != 0) out.push(kTails + tail);
    return;
  }
  const auto* const found = std::lower_bound(
      std::begin(kNfcDecompositions), std::end(kNfcDecompositions), code_point,
      [](const NfcDecomposition& row, char32_t wanted) { return row.code_point < wanted; });
  if (found == std::end(kNfcDecompositions) || found->code_point != code_point) {
    out.push(code_point);
    return;
  }
  for (std::uint32_t i = 0; i < found->place % 8; ++i) out.push(kNfcParts[found->place / 8 + i]);
}

// 0 when the two do not compose.
char32_t compose(char32_t first, char32_t second) noexcept {
  if (first - kLeads < kLeadCount && second - kVowels < kVowelCount) {
    return kSyllables + ((first - kLeads) * kVowelCount + (second - kVowels)) * kTailCount;
  }
  const char32_t syllable = first - kSyllables;
  if (syllable < kSyllableCount && syllable % kTailCount == 0) {
    const char32_t tail = second - kTails;
    if (tail != 0 && tail < kTailCount) return first + tail;
  }
  const auto* const found = std::lower_bound(
      std::begin(kNfcCompositions), std::end(kNfcCompositions), std::pair(first, second),
      [](const NfcComposition& row, const auto& pair) { return std::pair(row.first, row.second) < pair; });
  const bool composes =
      found != std::end(kNfcCompositions) && found->first == first && found->second == second;
  return composes ? found->composite : 0;
}

// A stable sort by combining class that leaves nothing of the value in freed memory.
void sort_marks(char32_t* marks, std::size_t count) {
  constexpr std::size_t kFew = 16;
  if (count <= kFew) {
    for (std::size_t i = 1; i < count; ++i) {
      const char32_t mark = marks[i];
      std::size_t to = i;
      for (; to > 0 && class_of(marks[to - 1]) > class_of(mark); --to) marks[to] = marks[to - 1];
      marks[to] = mark;
    }
    return;
  }
  // One class after the other, each in the order of the text.
  std::size_t first_of[256] = {};
  for (std::size_t i = 0; i < count; ++i) ++first_of[class_of(marks[i])];
  std::size_t before = 0;
  for (std::size_t& first : first_of) before += std::exchange(first, before);
  CodePoints sorted;
  for (std::size_t i = 0; i < count; ++i) sorted.push(0);
  for (std::size_t i = 0; i < count; ++i) sorted[first_of[class_of(marks[i])]++] = marks[i];
  std::copy(sorted.data(), sorted.data() + count, marks);
}

void order_marks(CodePoints& text) {
  for (std::size_t begin = 0; begin < text.size();) {
    if (class_of(text[begin]) == 0) {
      ++begin;
      continue;
    }
    std::size_t end = begin + 1;
    while (end < text.size() && class_of(text[end]) != 0) ++end;
    sort_marks(text.data() + begin, end - begin);
    begin = end;
  }
}

// UAX 15, section 1.3 with D117: a mark composes with the last starter unless one of its own class or a
// starter stands between.
void compose(CodePoints& text) {
  constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  std::size_t starter = kNone;
  std::size_t size = 0;
  unsigned last_class = 0;  // of what was kept last behind the starter; 0: nothing
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char32_t code_point = text[i];
    const unsigned own = class_of(code_point);
    const bool adjacent = starter != kNone && size == starter + 1;
    if (starter != kNone && (adjacent || last_class < own)) {
      if (const char32_t composite = compose(text[starter], code_point); composite != 0) {
        text[starter] = composite;
        continue;
      }
    }
    if (own == 0) {
      starter = size;
      last_class = 0;
    } else {
      last_class = own;
    }
    text[size++] = code_point;
  }
  text.truncate(size);
}

}  // namespace

bool is_nfc_for_certain(std::string_view text) noexcept {
  unsigned last_class = 0;
  for (std::size_t offset = 0; offset < text.size();) {
    const auto [code_point, size] = base::decode_valid_utf8(text, offset);
    const std::uint16_t properties = nfc_properties_of(code_point);
    const unsigned own = properties & kNfcClassMask;
    if ((properties & (kNfcNo | kNfcMaybe)) != 0 || (own != 0 && own < last_class)) return false;
    last_class = own;
    offset += size;
  }
  return true;
}

void append_nfc(const CodePoints& text, CodePoints& out) {
  for (std::size_t i = 0; i < text.size(); ++i) decompose(text[i], out);
  order_marks(out);
  compose(out);
}

}  // namespace pii::unicode
