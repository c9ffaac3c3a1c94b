#include "mask/event_shapes.hpp"

#include <algorithm>
#include <cstring>

#include "mask/json_scalar.hpp"
#include "mask/values.hpp"

namespace pii::mask {

namespace {

constexpr std::size_t kWord = sizeof(std::uint64_t);

// Eight bytes, or as many as there are.
inline std::uint64_t word_at(std::string_view text, std::size_t at) noexcept {
  std::uint64_t word = 0;
  if (text.size() - at >= kWord) [[likely]] {
    std::memcpy(&word, text.data() + at, kWord);
  } else {
    for (std::size_t i = 0; i < text.size() - at; ++i) reinterpret_cast<char*>(&word)[i] = text[at + i];
  }
  return word;
}

}  // namespace

inline bool EventShapes::stands_at(const Node& node, std::string_view text, std::size_t at) const noexcept {
  const std::size_t size = node.size;
  if (text.size() - at < size || ((word_at(text, at) ^ node.head) & node.head_mask) != 0) return false;
  if (size <= kWord) return true;
  const char* theirs = text.data() + at;
  std::uint64_t word;
  std::memcpy(&word, theirs + size - kWord, kWord);
  if (word != node.tail) return false;
  const char* ours = texts_.data() + node.text;
  for (std::size_t from = kWord; from + kWord < size; from += kWord) {
    std::uint64_t own;
    std::memcpy(&own, ours + from, kWord);
    std::memcpy(&word, theirs + from, kWord);
    if (own != word) return false;
  }
  return true;
}

EventShapes::Leaves EventShapes::leaves_of(const Entry& entry, bool string) noexcept {
  if (entry.treatment == Treatment::untouched) return Leaves::all;
  if (!looks_into(entry.treatment)) return Leaves::none;
  if (string) return Leaves::plain;
  return entry.treatment == Treatment::scan ? Leaves::short_ones : Leaves::all;
}

bool EventShapes::find(std::string_view text, const JsonIndex& index, Wanted wanted, std::vector<Scalar>& scalars) {
  scalars.clear();
  const std::uint32_t* next = index.begin();
  std::size_t at = 0;
  for (std::uint32_t i = nodes_[0].next; i != 0;) {
    const Node& node = nodes_[i];
    if (!stands_at(node, text, at)) {
      i = node.other;
      continue;
    }
    const auto begin = static_cast<std::uint32_t>(at + node.size);
    const std::uint32_t* const behind = next + node.positions;
    if (node.entry == nullptr) {
      if (begin == text.size()) {
        ++found_;
        return true;
      }
      i = node.other;
      continue;
    }
    // A string ends with the next quote; another scalar with what stands behind it, and is one only if nothing else is there.
    if (behind == index.end()) return false;
    const std::uint32_t end = *behind;
    bool left = node.leaves == Leaves::all;
    if (node.string) {
      if (node.leaves == Leaves::plain) left = wanted == Wanted::telling && (end == begin || index.is_plain(begin, end));
    } else if (end == begin || !is_json_scalar(text.substr(begin, end - begin))) {
      i = node.other;
      continue;
    } else if (node.leaves == Leaves::short_ones) {
      left = wanted == Wanted::telling && end - begin < kShortestNumber;
    }
    if (!left) scalars.push_back({node.entry, begin, end, node.string});
    at = end;
    next = behind;
    i = node.next;
  }
  return false;
}

// The one of `first` and those beside it that says the same; `others`: how many do not.
std::uint32_t EventShapes::known(std::uint32_t first, std::string_view before, const Entry* entry, bool string,
                                 std::size_t& others) const noexcept {
  others = 0;
  for (std::uint32_t i = first; i != 0; i = nodes_[i].other, ++others) {
    const Node& node = nodes_[i];
    if (node.entry == entry && node.string == string && std::string_view(texts_).substr(node.text, node.size) == before) return i;
  }
  return 0;
}

void EventShapes::learn(std::string_view text, const JsonIndex& index, const std::vector<Scalar>& scalars) {
  if (scalars.size() >= kMostNodes || text.size() > kMostBytes) return;
  if (nodes_.size() + scalars.size() >= kMostNodes || texts_.size() + text.size() > kMostBytes) clear();
  ++learned_;
  const std::uint32_t* next = index.begin();
  std::size_t at = 0;
  std::uint32_t parent = 0;
  for (std::size_t k = 0; k <= scalars.size(); ++k) {
    const bool last = k == scalars.size();
    const std::size_t begin = last ? text.size() : scalars[k].begin;
    const std::string_view before = text.substr(at, begin - at);
    Entry* const entry = last ? nullptr : scalars[k].entry;
    const bool string = !last && scalars[k].string;
    const std::uint32_t* behind = next;
    while (behind != index.end() && *behind < begin) ++behind;
    std::size_t others = 0;
    std::uint32_t node = known(nodes_[parent].next, before, entry, string, others);
    if (node == 0) {
      // Each costs every event that comes this way.
      if (others >= kMostOthers) return clear();
      node = static_cast<std::uint32_t>(nodes_.size());
      std::uint64_t mask = 0;
      std::memset(&mask, 0xFF, std::min(before.size(), kWord));
      // Linked last: an allocation that throws leaves a tree of whole nodes.
      const std::size_t text_begin = texts_.size();
      texts_ += before;
      nodes_.push_back({.head = word_at(before, 0),
                        .head_mask = mask,
                        .tail = word_at(before, before.size() - std::min(before.size(), kWord)),
                        .entry = entry,
                        .text = static_cast<std::uint32_t>(text_begin),
                        .size = static_cast<std::uint32_t>(before.size()),
                        .positions = static_cast<std::uint32_t>(behind - next),
                        .other = nodes_[parent].next,
                        .string = string,
                        .leaves = last ? Leaves::all : leaves_of(*entry, string)});
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
