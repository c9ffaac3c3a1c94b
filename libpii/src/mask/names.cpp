#include "mask/names.hpp"

#include <algorithm>
#include <bit>

#include "mask/text.hpp"

#if defined(__SSE2__) && !defined(PII_PORTABLE_ONLY)
#include <emmintrin.h>
#define PII_NAMES_SSE2 1
#else
#define PII_NAMES_SSE2 0
#endif

namespace pii::mask {
namespace {

bool same_letters(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return to_lower(x) == to_lower(y); });
}

#if PII_NAMES_SSE2
// A letter of either case, sixteen times.
struct Letter {
  __m128i lower, upper;

  Letter() = default;
  explicit Letter(char c) noexcept : lower(_mm_set1_epi8(to_lower(c))), upper(_mm_set1_epi8(to_upper(c))) {}
  // Which of the sixteen bytes at `at` are it.
  __m128i at(const char* bytes) const noexcept {
    const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
    return _mm_or_si128(_mm_cmpeq_epi8(x, lower), _mm_cmpeq_epi8(x, upper));
  }
};

#endif

}  // namespace

std::size_t Names::bucket_of(std::string_view text) noexcept {
  std::uint32_t mixed = 0;
  for (std::size_t i = 0; i < 4; ++i) mixed = mixed * 131 + static_cast<unsigned char>(to_lower(text[i]));
  return (mixed ^ (mixed >> 8) ^ (mixed >> 16)) % kBuckets;
}

void Names::shrink(std::size_t size) {
  while (names_.size() > size) {
    --buckets_[bucket_of(names_.back())];
    names_.pop_back();
  }
}

void Names::add(std::string_view name) {
  name = trim(name);
  if (names_.size() == kMost || name.size() > kLongest) return;
  std::size_t letters = 0;
  bool several = false, capital = false;
  for (const char c : name) {
    letters += is_letter(c) || (static_cast<unsigned char>(c) >= 0xC0);  // the first byte of a code point beyond ASCII
    several |= c == ' ';
    capital |= is_beyond_ascii(c) || (c >= 'A' && c <= 'Z');
  }
  if (letters < 5 || name.size() < 5 || (!several && !capital)) return;
  std::size_t alike = 0;
  for (const std::string_view other : names_) {
    if (same_letters(other, name)) return;
    alike += same_letters(other.substr(0, 4), name.substr(0, 4));
  }
  if (alike == kMostAlike) return;  // the search stays linear
  names_.push_back(name);
  ++buckets_[bucket_of(name)];
  shortest_ = std::min(shortest_, name.size());
}

// Where, from `from` on, some name may begin; it is said of the few places only whose first and fourth byte are a name's.
std::size_t Names::next_begin(std::string_view text, std::size_t from) const noexcept {
  std::size_t i = from;
#if PII_NAMES_SSE2
  constexpr std::size_t kFew = 4, kRead = 16 + 3;
  if (!names_.empty() && names_.size() <= kFew) {
    Letter first[kFew], fourth[kFew];
    for (std::size_t k = 0; k < names_.size(); ++k) first[k] = Letter(names_[k][0]), fourth[k] = Letter(names_[k][3]);
    for (; i + kRead <= text.size(); i += 16) {
      const char* bytes = text.data() + i;
      __m128i found = _mm_and_si128(first[0].at(bytes), fourth[0].at(bytes + 3));
      for (std::size_t k = 1; k < names_.size(); ++k) found = _mm_or_si128(found, _mm_and_si128(first[k].at(bytes), fourth[k].at(bytes + 3)));
      const auto places = static_cast<unsigned>(_mm_movemask_epi8(found));
      if (places != 0) return i + static_cast<std::size_t>(std::countr_zero(places));
    }
  }
#endif
  for (; i + shortest_ <= text.size(); ++i) {
    if (buckets_[bucket_of(text.substr(i, 4))] != 0) return i;
  }
  return std::string_view::npos;
}

void Names::find(std::string_view text, detect::Spans& spans) const {
  for (std::size_t i = next_begin(text, 0); i != std::string_view::npos; i = next_begin(text, i + 1)) {
    if (i > 0 && is_word(text[i - 1])) continue;
    // The longest of those that stand here.
    std::size_t longest = 0;
    for (const std::string_view name : names_) {
      if (name.size() <= longest || !same_letters(text.substr(i, name.size()), name)) continue;
      const std::size_t end = i + name.size();
      if ((end == text.size() || !is_word(text[end])) && !spans.overlaps(i, end)) longest = name.size();
    }
    if (longest == 0) continue;
    spans.put_aside({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(i + longest), Detector::person_name, 0});
    i += longest - 1;
  }
  spans.merge();
}

std::string_view Names::original(std::string_view found) const noexcept {
  for (const std::string_view name : names_) {
    if (same_letters(name, found)) return name;
  }
  return found;
}

}  // namespace pii::mask
