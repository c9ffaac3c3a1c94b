#include "mask/names.hpp"

#include <algorithm>
#include <bit>

#include "mask/text.hpp"

#if defined(__x86_64__) && !defined(PII_PORTABLE_ONLY)
#include <immintrin.h>
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

#if PII_NAMES_VECTOR
// Names that a block of bytes is searched for at once.
constexpr std::size_t kFew = 4;
constexpr std::size_t kFourth = 3;

// The bytes that many names begin with and have as their fourth, with the bit set that letters of either case differ in.
struct Marks {
  std::size_t count;
  char first[kFew], fourth[kFew];
};

// Both return where, from `from` on, bytes stand as in one of `marks`, that bit left out, or npos. The text has room for a block.
constexpr std::size_t kNarrow = 16, kWide = 32;

std::size_t search_sse2(std::string_view text, std::size_t from, const Marks& marks) noexcept {
  const auto folded = [](const char* at) {
    return _mm_or_si128(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at)), _mm_set1_epi8(0x20));
  };
  const std::size_t last = text.size() - kNarrow - kFourth;
  for (; from < last + kNarrow; from += kNarrow) {
    const std::size_t block = std::min(from, last);
    const __m128i first = folded(text.data() + block), fourth = folded(text.data() + block + kFourth);
    __m128i found = _mm_setzero_si128();
    for (std::size_t k = 0; k < marks.count; ++k) {
      found = _mm_or_si128(found, _mm_and_si128(_mm_cmpeq_epi8(first, _mm_set1_epi8(marks.first[k])), _mm_cmpeq_epi8(fourth, _mm_set1_epi8(marks.fourth[k]))));
    }
    const unsigned places = static_cast<unsigned>(_mm_movemask_epi8(found)) >> (from - block);
    if (places != 0) return from + static_cast<std::size_t>(std::countr_zero(places));
  }
  return std::string_view::npos;
}

__attribute__((target("avx2"))) std::size_t search_avx2(std::string_view text, std::size_t from, const Marks& marks) noexcept {
  const __m256i bit = _mm256_set1_epi8(0x20);
  __m256i firsts[kFew], fourths[kFew];
  for (std::size_t k = 0; k < marks.count; ++k) firsts[k] = _mm256_set1_epi8(marks.first[k]), fourths[k] = _mm256_set1_epi8(marks.fourth[k]);
  const std::size_t last = text.size() - kWide - kFourth;
  for (; from < last + kWide; from += kWide) {
    const std::size_t block = std::min(from, last);
    const char* const at = text.data() + block;
    const __m256i first = _mm256_or_si256(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(at)), bit);
    const __m256i fourth = _mm256_or_si256(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + kFourth)), bit);
    __m256i found = _mm256_and_si256(_mm256_cmpeq_epi8(first, firsts[0]), _mm256_cmpeq_epi8(fourth, fourths[0]));
    for (std::size_t k = 1; k < marks.count; ++k) {
      found = _mm256_or_si256(found, _mm256_and_si256(_mm256_cmpeq_epi8(first, firsts[k]), _mm256_cmpeq_epi8(fourth, fourths[k])));
    }
    const unsigned places = static_cast<unsigned>(_mm256_movemask_epi8(found)) >> (from - block);
    if (places != 0) return from + static_cast<std::size_t>(std::countr_zero(places));
  }
  return std::string_view::npos;
}

std::size_t search(std::string_view text, std::size_t from, const Marks& marks) noexcept {
  return __builtin_cpu_supports("avx2") && text.size() >= kWide + kFourth ? search_avx2(text, from, marks) : search_sse2(text, from, marks);
}
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
#if PII_NAMES_VECTOR
  if (names_.size() <= kFew && text.size() >= kNarrow + kFourth) {
    Marks marks{.count = names_.size(), .first = {}, .fourth = {}};
    for (std::size_t k = 0; k < marks.count; ++k) {
      marks.first[k] = static_cast<char>(names_[k].text[0] | 0x20);
      marks.fourth[k] = static_cast<char>(names_[k].text[kFourth] | 0x20);
    }
    return search(text, i, marks);
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

void Names::find(std::string_view text, detect::Spans& spans) const {
  if (names_.empty() || text.size() < shortest_) return;
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
