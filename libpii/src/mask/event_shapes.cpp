#include "mask/event_shapes.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#if defined(__SSE2__) && !defined(PII_PORTABLE_ONLY)
#include <emmintrin.h>
#define PII_SHAPES_SSE2 1
#else
#define PII_SHAPES_SSE2 0
#endif
#if defined(__x86_64__) && !defined(PII_PORTABLE_ONLY)
#include <immintrin.h>
#define PII_SHAPES_AVX2 1
#define PII_TARGET __attribute__((target("avx2,bmi,bmi2,popcnt")))
#else
#define PII_SHAPES_AVX2 0
#endif

#include "mask/json_scalar.hpp"
#include "mask/values.hpp"

namespace pii::mask {

namespace {

// Nearly all numbers are: digits, eight at most. False says nothing.
inline bool is_short_integer(const char* at, std::size_t size, std::size_t readable) noexcept {
  if (size > 8 || readable < 8) return false;
  std::uint64_t bytes;
  std::memcpy(&bytes, at, 8);
  if constexpr (std::endian::native == std::endian::big) return false;
  const std::uint64_t inside = ~std::uint64_t{0} >> (64 - 8 * size);
  constexpr std::uint64_t kHigh = 0xF0F0F0F0F0F0F0F0, kZeros = 0x3030303030303030, kAboveNine = 0x0606060606060606;
  const std::uint64_t differs = ((bytes & kHigh) ^ kZeros) | (((bytes + kAboveNine) & kHigh) ^ kZeros);
  return (differs & inside) == 0 && (size == 1 || *at != '0');
}

// Or `true`, `false` or `null`.
inline bool is_number(std::string_view text, std::size_t begin, std::size_t end) noexcept {
  return is_short_integer(text.data() + begin, end - begin, text.size() - begin) || is_json_scalar({text.data() + begin, end - begin});
}

}  // namespace

inline bool EventShapes::is_handed_on(Kind number, std::size_t size, bool telling) noexcept {
  return number == Kind::number || (number == Kind::number_unless_short && (!telling || size >= kShortestNumber));
}

// The head, where so many bytes of the text are left.
inline bool EventShapes::begins_at(const Node& node, const char* theirs) noexcept {
#if PII_SHAPES_SSE2
  const auto same = [&](std::size_t from) {
    const __m128i a = _mm_loadu_si128(reinterpret_cast<const __m128i*>(theirs + from));
    const __m128i b = _mm_load_si128(reinterpret_cast<const __m128i*>(node.head + from));
    return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(a, b)));
  };
  return (~(same(0) | same(16) << 16) & node.head_mask) == 0;
#else
  return std::memcmp(theirs, node.head, std::min<std::size_t>(node.size, kHead)) == 0;
#endif
}

bool EventShapes::stands_at(const Node& node, std::string_view text, std::size_t at) const noexcept {
  if (text.size() - at < node.size) return false;
  return std::memcmp(text.data() + at, node.size <= kHead ? node.head : texts_.data() + node.text, node.size) == 0;
}

EventShapes::Kind EventShapes::kind_of(const Entry& entry, bool string) noexcept {
  if (entry.treatment == Treatment::untouched) return string ? Kind::string_left : Kind::number_left;
  if (!looks_into(entry.treatment)) return string ? Kind::string : Kind::number;
  if (string) return Kind::string_unless_plain;
  return entry.treatment == Treatment::scan ? Kind::number_unless_short : Kind::number_left;
}

EventShapes::EventShapes(Loop loop) noexcept : quick_(loop == Loop::fastest) {
#if PII_SHAPES_AVX2
  quick_ = quick_ && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
#else
  quick_ = false;
#endif
}

#if PII_SHAPES_AVX2
namespace {

// As JsonIndex::Strings::is_plain().
PII_TARGET inline bool is_plain(const BlockBits& bits, std::uint32_t begin, std::uint32_t end) noexcept {
  const std::uint32_t block = end / 64;
  const std::uint64_t telling = bits.telling[block];
  if (((telling | bits.counted[block]) >> (end % 64) & 1) == 0) [[likely]] return true;
  if ((telling >> (end % 64) & 1) != 0) return false;
  const std::uint32_t size = end - begin;
  if (size > end % 64) return JsonIndex::Strings(bits).is_plain(begin, end);
  const auto count = [=](std::uint64_t word) PII_TARGET { return std::popcount(_bextr_u64(word, begin % 64, size)); };
  return count(bits.digits[block]) <= JsonIndex::Strings::kFewDigits && count(bits.dots[block]) <= JsonIndex::Strings::kFewDots;
}

// Nearly all numbers are: digits that lie in one block. False says nothing.
PII_TARGET inline bool is_integer(const BlockBits& bits, const char* data, std::uint32_t begin, std::uint32_t end) noexcept {
  const std::uint32_t size = end - begin;
  if (size > end % 64 || (data[begin] == '0' && size != 1)) return false;
  return _bextr_u64(bits.digits[end / 64], begin % 64, size) == _bzhi_u64(~std::uint64_t{0}, size);
}

}  // namespace

template <EventShapes::Wanted wanted>
PII_TARGET void EventShapes::find_quickly(Place& reached, std::string_view text, const BlockBits& bits) const {
  Place place = reached;
  constexpr bool telling = wanted == Wanted::telling;
  const char* const data = text.data();
  const std::size_t last_head = text.size() < kHead ? 0 : text.size() - kHead;
  while (place.at < last_head) {
    const Node& node = *place.node;
    const __m256i theirs = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(data + place.at));
    const __m256i ours = _mm256_load_si256(reinterpret_cast<const __m256i*>(node.head));
    const auto same = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(theirs, ours)));
    if ((~same & node.head_mask) != 0) [[unlikely]] {
      place.node = nodes_.data() + node.other;
      if (node.other == 0) break;
      continue;
    }
    const auto begin = static_cast<std::uint32_t>(place.at + node.size);
    const std::uint32_t* const behind = place.next + node.positions;
    std::uint32_t end;
    if (node.is_usual) [[likely]] {
      end = *behind;
      if (!telling || !is_plain(bits, begin, end)) place.hand_on(node.entry, begin, end, true);
    } else {
      // Before the index is asked: it may have no such position where the rest of a long text does not stand.
      if (!node.in_head && !stands_at(node, text, place.at)) break;
      end = *behind;
      if (is_string(node.kind)) {
        const bool passes = node.kind == Kind::string_left || (node.kind == Kind::string_unless_plain && telling && is_plain(bits, begin, end));
        if (!passes) place.hand_on(node.entry, begin, end, true);
      } else {
        if (node.kind == Kind::end || end <= begin) break;
        if (!is_integer(bits, data, begin, end) && !is_json_scalar(text.substr(begin, end - begin))) break;
        if (is_handed_on(node.kind, end - begin, telling)) place.hand_on(node.entry, begin, end, false);
      }
    }
    // The processor goes on with the one behind, and need not wait for what this one says.
    place.node = node.leads_on ? place.node + 1 : nodes_.data() + node.next;
    place.next = behind;
    place.at = end;
  }
  reached = place;
}
#endif

std::optional<std::span<const Scalar>> EventShapes::find(std::string_view text, const JsonIndex& index, Wanted wanted) {
  const Node* const nodes = nodes_.data();
  const char* const data = text.data();
  const JsonIndex::Strings strings = index.strings();
  const bool telling = wanted == Wanted::telling;
  const std::size_t last_head = text.size() < kHead ? 0 : text.size() - kHead;
  Place place{nodes + nodes[0].next, index.begin(), 0, scalars_.data()};
  while (place.node != nodes) {
#if PII_SHAPES_AVX2
    if (quick_) {
      telling ? find_quickly<Wanted::telling>(place, text, strings.bits()) : find_quickly<Wanted::touched>(place, text, strings.bits());
      if (place.node == nodes) break;
    }
#endif
    const Node& node = *place.node;
    const std::size_t at = place.at;
    if (!(node.in_head && at < last_head ? begins_at(node, data + at) : stands_at(node, text, at))) [[unlikely]] {
      place.node = nodes + node.other;
      continue;
    }
    const auto begin = static_cast<std::uint32_t>(at + node.size);
    const std::uint32_t* const behind = place.next + node.positions;
    // A string ends with the next quote; another scalar with what stands behind it, and is one only if nothing else is there. Behind the
    // last position there are zeros.
    const std::uint32_t end = *behind;
    bool string = true;
    switch (node.kind) {
      case Kind::string_left: break;
      case Kind::string_unless_plain:
        if (telling && (end == begin || strings.is_plain(begin, end))) break;
        [[fallthrough]];
      case Kind::string: place.hand_on(node.entry, begin, end, true); break;
      case Kind::end:
        if (begin == text.size()) {
          ++found_;
          return std::span<const Scalar>(scalars_.data(), place.out);
        }
        string = false;
        break;
      default: string = false;
    }
    if (!string) {
      if (node.kind == Kind::end || end <= begin || !is_number(text, begin, end)) [[unlikely]] {
        place.node = nodes + node.other;
        continue;
      }
      if (is_handed_on(node.kind, end - begin, telling)) place.hand_on(node.entry, begin, end, false);
    }
    place.node = nodes + node.next;
    place.next = behind;
    place.at = end;
  }
  return std::nullopt;
}

// The one of `first` and those beside it that says the same; `others`: how many do not.
std::uint16_t EventShapes::known(std::uint16_t first, std::string_view before, const Entry* entry, bool string,
                                 std::size_t& others) const noexcept {
  others = 0;
  for (std::uint16_t i = first; i != 0; i = nodes_[i].other, ++others) {
    const Node& node = nodes_[i];
    if (node.entry == entry && (entry == nullptr || is_string(node.kind) == string) && std::string_view(texts_).substr(node.text, node.size) == before) return i;
  }
  return 0;
}

void EventShapes::learn(std::string_view text, const JsonIndex& index, const std::vector<Scalar>& scalars) {
  if (scalars.size() >= kMostNodes || text.size() > kMostBytes) return;
  if (nodes_.size() + scalars.size() >= kMostNodes || texts_.size() + text.size() > kMostBytes) clear();
  ++learned_;
  const std::uint32_t* next = index.begin();
  std::size_t at = 0;
  std::uint16_t parent = 0;
  for (std::size_t k = 0; k <= scalars.size(); ++k) {
    const bool last = k == scalars.size();
    const std::size_t begin = last ? text.size() : scalars[k].begin;
    const std::string_view before = text.substr(at, begin - at);
    Entry* const entry = last ? nullptr : scalars[k].entry;
    const bool string = !last && scalars[k].string;
    const std::uint32_t* behind = next;
    while (behind != index.end() && *behind < begin) ++behind;
    std::size_t others = 0;
    std::uint16_t node = known(nodes_[parent].next, before, entry, string, others);
    if (node == 0) {
      // Each costs every event that comes this way.
      if (others >= kMostOthers) return clear();
      node = static_cast<std::uint16_t>(nodes_.size());
      // Linked last: an allocation that throws leaves a tree of whole nodes.
      Node made{.entry = entry,
                .text = static_cast<std::uint32_t>(texts_.size()),
                .size = static_cast<std::uint32_t>(before.size()),
                .positions = static_cast<std::uint32_t>(behind - next),
                .other = nodes_[parent].next,
                .kind = last ? Kind::end : kind_of(*entry, string),
                .in_head = before.size() <= kHead};
      made.is_usual = made.in_head && made.kind == Kind::string_unless_plain;
      const std::size_t head = before.copy(made.head, kHead);
      made.head_mask = static_cast<std::uint32_t>((std::uint64_t{1} << head) - 1);
      texts_ += before;
      scalars_.resize(nodes_.size() + 1);
      nodes_.push_back(made);
      nodes_[parent].next = node;
      nodes_[parent].leads_on = node == parent + 1;
    }
    parent = node;
    next = behind;
    if (!last) at = scalars[k].end;
  }
}

void EventShapes::clear() {
  nodes_.assign(1, {});
  texts_.clear();
}

}  // namespace pii::mask
