#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pii/detector.hpp"

namespace pii::detect {

/// A stretch [begin, end) of a scanned text and what it is. Detector::none: it stays as it is and nothing
/// else may be found in it (an output of the masker, or an allowed value).
struct Span {
  std::uint32_t begin;
  std::uint32_t end;
  Detector detector;
  std::uint16_t custom = 0;  // which one, for Detector::custom
};

/// The spans of one text: sorted by place, never overlapping. To everything that is looked for later a span
/// is one letter: nothing may touch it, and nothing may reach over it.
class Spans {
 public:
  void clear() noexcept {
    spans_.clear();
    aside_.clear();  // what an exception has left
  }
  bool empty() const noexcept { return spans_.empty(); }
  std::size_t size() const noexcept { return spans_.size(); }
  auto begin() const noexcept { return spans_.begin(); }
  auto end() const noexcept { return spans_.end(); }
  const Span& operator[](std::size_t i) const noexcept { return spans_[i]; }

  /// Whether [begin, end) shares a byte with a span.
  bool overlaps(std::size_t begin, std::size_t end) const noexcept {
    if (spans_.empty()) return false;
    const std::size_t next = first_ending_behind(begin);
    return next != spans_.size() && spans_[next].begin < end;
  }
  /// Whether one span is the whole of a text of this size.
  bool is_whole(std::size_t size) const noexcept { return spans_.size() == 1 && spans_[0].begin == 0 && spans_[0].end == size; }
  /// Whether the byte at `offset` lies in a span.
  bool covers(std::size_t offset) const noexcept { return overlaps(offset, offset + 1); }
  /// Where the first span behind `offset`, which lies in none, begins; npos behind the last.
  std::size_t next_begin(std::size_t offset) const noexcept {
    if (spans_.empty()) return ~std::size_t{0};
    const std::size_t next = first_ending_behind(offset);
    return next != spans_.size() ? spans_[next].begin : ~std::size_t{0};
  }
  /// Where the span that `offset` lies in ends; `offset` itself where it lies in none.
  std::size_t end_of(std::size_t offset) const noexcept {
    return covers(offset) ? spans_[first_ending_behind(offset)].end : offset;
  }
  /// Adds a span that overlaps none. Cheap at the end; elsewhere it moves what comes after: a pass over a
  /// text puts its spans aside instead.
  void add(const Span& span);

  /// Keeps a span for merge(). Each begins where the one before ends, or later.
  void put_aside(const Span& span) { aside_.push_back(span); }
  /// Adds what was put aside, in linear time.
  void merge() {
    if (aside_.empty()) return;
    if (aside_.size() > 1 || (!spans_.empty() && spans_.back().end > aside_.front().begin)) return add_aside();
    spans_.push_back(aside_.front());  // the only one, as in most texts
    aside_.clear();
  }

 private:
  void add_aside();
  // The one asked about last, mostly, or one of those behind it.
  std::size_t first_ending_behind(std::size_t offset) const noexcept {
    const std::size_t near = near_;
    if (near < spans_.size() && spans_[near].end > offset && (near == 0 || spans_[near - 1].end <= offset)) return near;
    return find_ending_behind(offset);
  }
  std::size_t find_ending_behind(std::size_t offset) const noexcept;

  std::vector<Span> spans_;
  std::vector<Span> aside_;
  mutable std::size_t near_ = 0;  // the span asked about last: questions go from left to right
};

}  // namespace pii::detect
