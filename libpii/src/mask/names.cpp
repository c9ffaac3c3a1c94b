#include "mask/names.hpp"

#include <algorithm>
#include <bit>

#include "mask/name_search.hpp"
#include "mask/text.hpp"

#if defined(__SSE2__) && !defined(PII_PORTABLE_ONLY)
#include <emmintrin.h>
#define PII_NAMES_VECTOR 1
#else
#define PII_NAMES_VECTOR 0
#endif

namespace pii::mask {
namespace {

bool same_letters(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return to_lower(x) == to_lower(y); });
}

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
  unsigned letters = 0, blanks = 0, capitals = 0;
  for (const char c : name) {
    letters += is_letter(c) || (static_cast<unsigned char>(c) >= 0xC0);  // the first byte of a code point beyond ASCII
    blanks += c == ' ';
    capitals += is_beyond_ascii(c) || (c >= 'A' && c <= 'Z');
  }
  const bool several = blanks != 0, capital = capitals != 0;
  if (letters < 5 || name.size() < 5 || (!several && !capital)) return;
  std::size_t alike = 0;
  for (const Name& other : names_) {
    if (same_letters(other.text, name)) return;
    alike += same_letters(other.text.substr(0, 4), name.substr(0, 4));
  }
  if (alike == kMostAlike) return;  // the search stays linear
  Name added{.text = name, .folded = static_cast<std::uint32_t>(folded_.size())};
  folded_.resize(added.folded + name.size());
  std::transform(name.begin(), name.end(), folded_.begin() + added.folded, [](char c) { return to_lower(c); });
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

// Where, from `from` on, some name may begin; it is said of the few places only whose first, second and fourth byte are a name's.
std::size_t Names::next_begin(std::string_view text, std::size_t from) const noexcept {
  if (names_.size() <= NameMarks::kMost) {
    NameMarks marks{.count = names_.size()};
    for (std::size_t k = 0; k < marks.count; ++k) {
      const auto mark_of = [&](std::size_t i) { return static_cast<char>(names_[k].text[i] | NameMarks::kCaseBit); };
      marks.first[k] = mark_of(0);
      marks.second[k] = mark_of(1);
      marks.fourth[k] = mark_of(NameMarks::kFourth);
    }
    return search_names(text, from, marks);
  }
  for (std::size_t i = from; i + shortest_ <= text.size(); ++i) {
    if (first_[bucket_of(text.substr(i, 4))] != 0) return i;
  }
  return std::string_view::npos;
}

// How many bytes `text` begins with as `name` does, of which `from` are known.
std::size_t Names::matched(std::string_view text, const Name& name, std::size_t from) const noexcept {
  const char* const own = folded_.data() + name.folded;
  const std::size_t size = std::min(name.text.size(), text.size());
  std::size_t i = from;
#if PII_NAMES_VECTOR
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

Names::Stretch Names::next(std::string_view text, std::size_t from, const detect::Spans& spans) const noexcept {
  if (names_.empty() || text.size() < shortest_) return {};
  for (std::size_t i = next_begin(text, from); i != std::string_view::npos; i = next_begin(text, i + 1)) {
    if (text.size() - i < shortest_ || (i > 0 && is_word(text[i - 1]))) continue;
    const std::size_t longest = longest_at(text, i, spans);
    if (longest != 0) return {i, i + longest};
  }
  return {};
}

void Names::find(std::string_view text, detect::Spans& spans) const {
  for (Stretch found = next(text, 0, spans); found.end != 0; found = next(text, found.end, spans)) {
    spans.put_aside({static_cast<std::uint32_t>(found.begin), static_cast<std::uint32_t>(found.end), Detector::person_name, 0});
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
