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

}  // namespace

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

bool EventShapes::find(std::string_view text, const JsonIndex& index, Wanted wanted, std::vector<Scalar>& scalars) {
  scalars.clear();
  const Node* const nodes = nodes_.data();
  const char* const data = text.data();
  const JsonIndex::Strings strings = index.strings();
  const std::uint32_t* next = index.begin();
  const bool telling = wanted == Wanted::telling;
  const std::size_t last_head = text.size() < kHead ? 0 : text.size() - kHead;
  std::size_t at = 0;
  for (std::size_t i = nodes[0].next; i != 0;) {
    const Node& node = nodes[i];
    if (!(node.in_head && at < last_head ? begins_at(node, data + at) : stands_at(node, text, at))) [[unlikely]] {
      i = node.other;
      continue;
    }
    const auto begin = static_cast<std::uint32_t>(at + node.size);
    const std::uint32_t* const behind = next + node.positions;
    // A string ends with the next quote; another scalar with what stands behind it, and is one only if nothing else is there. Behind the
    // last position there are zeros.
    const std::uint32_t end = *behind;
    bool string = true;
    switch (node.kind) {
      case Kind::string_left: break;
      case Kind::string_unless_plain:
        if (telling && (end == begin || strings.is_plain(begin, end))) break;
        [[fallthrough]];
      case Kind::string: scalars.push_back({node.entry, begin, end, true}); break;
      case Kind::end:
        if (begin == text.size()) {
          ++found_;
          return true;
        }
        string = false;
        break;
      default: string = false;
    }
    if (!string) {
      const bool number = node.kind != Kind::end && end > begin &&
                          (is_short_integer(data + begin, end - begin, text.size() - begin) || is_json_scalar(text.substr(begin, end - begin)));
      if (!number) [[unlikely]] {
        i = node.other;
        continue;
      }
      const bool is_short = telling && end - begin < kShortestNumber;
      if (node.kind == Kind::number || (node.kind == Kind::number_unless_short && !is_short)) scalars.push_back({node.entry, begin, end, false});
    }
    at = end;
    next = behind;
    // Nearly always: the processor goes on with it, and need not wait for what the node says.
    if (node.next != ++i) [[unlikely]] i = node.next;
  }
  return false;
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
      const std::size_t head = before.copy(made.head, kHead);
      made.head_mask = static_cast<std::uint32_t>((std::uint64_t{1} << head) - 1);
      texts_ += before;
      nodes_.push_back(made);
      nodes_[parent].next = node;
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
