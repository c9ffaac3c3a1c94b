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
    first_[bucket_of(names_.back().text)] = names_.back().next;
    folded_.resize(names_.back().folded);
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
  for (const Name& other : names_) {
    if (same_letters(other.text, name)) return;
    alike += same_letters(other.text.substr(0, 4), name.substr(0, 4));
  }
  if (alike == kMostAlike) return;  // the search stays linear
  Name added{.text = name, .folded = static_cast<std::uint32_t>(folded_.size())};
  for (const char c : name) folded_ += to_lower(c);
  std::uint8_t& first = first_[bucket_of(name)];
  if (first != 0) {
    const std::string_view own = std::string_view(folded_).substr(added.folded), other = std::string_view(folded_).substr(names_[first - 1].folded);
    const std::size_t most = std::min(name.size(), names_[first - 1].text.size());
    while (added.shared < most && own[added.shared] == other[added.shared]) ++added.shared;
  }
  added.next = first;
  names_.push_back(added);
  first = static_cast<std::uint8_t>(names_.size());
  shortest_ = std::min(shortest_, name.size());
}

// Where, from `from` on, some name may begin; it is said of the few places only whose first and fourth byte are a name's.
std::size_t Names::next_begin(std::string_view text, std::size_t from) const noexcept {
  std::size_t i = from;
#if PII_NAMES_SSE2
  constexpr std::size_t kFew = 4, kRead = 16 + 3;
  if (!names_.empty() && names_.size() <= kFew) {
    Letter first[kFew], fourth[kFew];
    for (std::size_t k = 0; k < names_.size(); ++k) first[k] = Letter(names_[k].text[0]), fourth[k] = Letter(names_[k].text[3]);
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
    if (first_[bucket_of(text.substr(i, 4))] != 0) return i;
  }
  return std::string_view::npos;
}

// How many bytes `text` begins with as `name` does, of which `from` are known.
std::size_t Names::matched(std::string_view text, const Name& name, std::size_t from) const noexcept {
  const char* const own = folded_.data() + name.folded;
  const std::size_t size = std::min(name.text.size(), text.size());
  std::size_t i = from;
#if PII_NAMES_SSE2
  for (; i + 16 <= size; i += 16) {
    __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + i));
    const __m128i capital = _mm_cmpgt_epi8(_mm_add_epi8(x, _mm_set1_epi8(127 - 'Z')), _mm_set1_epi8(127 - 26));
    x = _mm_or_si128(x, _mm_and_si128(capital, _mm_set1_epi8(0x20)));
    const __m128i same = _mm_cmpeq_epi8(x, _mm_loadu_si128(reinterpret_cast<const __m128i*>(own + i)));
    const unsigned differ = ~static_cast<unsigned>(_mm_movemask_epi8(same)) & 0xFFFF;
    if (differ != 0) return i + static_cast<std::size_t>(std::countr_zero(differ));
  }
#endif
  while (i < size && to_lower(text[i]) == own[i]) ++i;
  return i;
}

// The longest of those that stand at `begin` as whole words. No byte is compared twice, however much alike they are.
std::size_t Names::longest_at(std::string_view text, std::size_t begin, const detect::Spans& spans) const noexcept {
  std::size_t longest = 0, same = 0, shared = 0;
  const std::string_view rest = text.substr(begin);
  for (std::uint8_t k = first_[bucket_of(rest)]; k != 0; k = names_[k - 1].next) {
    const Name& name = names_[k - 1];
    // `same` bytes are as the one before has them, which has `shared` with this one.
    same = shared < same ? shared : shared > same ? same : matched(rest, name, same);
    shared = name.shared;
    if (same < name.text.size() || same <= longest) continue;
    const std::size_t end = begin + same;
    if ((end == text.size() || !is_word(text[end])) && !spans.overlaps(begin, end)) longest = same;
  }
  return longest;
}

void Names::find(std::string_view text, detect::Spans& spans) const {
  for (std::size_t i = next_begin(text, 0); i != std::string_view::npos; i = next_begin(text, i + 1)) {
    if (text.size() - i < shortest_ || (i > 0 && is_word(text[i - 1]))) continue;
    const std::size_t longest = longest_at(text, i, spans);
    if (longest == 0) continue;
    spans.put_aside({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(i + longest), Detector::person_name, 0});
    i += longest - 1;
  }
  spans.merge();
}

std::string_view Names::original(std::string_view found) const noexcept {
  for (const Name& name : names_) {
    if (same_letters(name.text, found)) return name.text;
  }
  return found;
}

}  // namespace pii::mask
