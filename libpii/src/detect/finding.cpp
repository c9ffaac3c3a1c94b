#include "detect/finding.hpp"

#include <algorithm>

namespace pii::detect {

std::size_t Spans::find_ending_behind(std::size_t offset) const noexcept {
  constexpr int kSteps = 4;
  std::size_t i = std::min(near_, spans_.size());
  for (int step = 0; step < kSteps && i < spans_.size() && spans_[i].end <= offset; ++step) ++i;
  const bool found = (i == spans_.size() || spans_[i].end > offset) && (i == 0 || spans_[i - 1].end <= offset);
  if (!found) {
    i = static_cast<std::size_t>(std::partition_point(spans_.begin(), spans_.end(), [&](const Span& span) { return span.end <= offset; }) -
                                 spans_.begin());
  }
  return near_ = i;
}

void Spans::add(const Span& span) {
  if (spans_.empty() || spans_.back().end <= span.begin) {
    spans_.push_back(span);
    return;
  }
  const auto next = std::partition_point(spans_.begin(), spans_.end(),
                                         [&](const Span& other) { return other.end <= span.begin; });
  spans_.insert(next, span);
}

void Spans::add_aside() {
  constexpr std::size_t kMany = 256;  // few keep their place: what has had room once needs no more
  if (spans_.empty() && aside_.size() >= kMany) return spans_.swap(aside_);
  // From the back, as the room for the new ones is there.
  std::size_t old = spans_.size();
  std::size_t fresh = aside_.size();
  spans_.resize(old + fresh);
  for (std::size_t out = spans_.size(); fresh > 0;) {
    const bool take_old = old > 0 && spans_[old - 1].begin > aside_[fresh - 1].begin;
    spans_[--out] = take_old ? spans_[--old] : aside_[--fresh];
  }
  aside_.clear();
}

}  // namespace pii::detect
