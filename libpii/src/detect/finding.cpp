#include "detect/finding.hpp"

#include <algorithm>

namespace pii::detect {

bool Spans::overlaps(std::size_t begin, std::size_t end) const noexcept {
  const auto next =
      std::partition_point(spans_.begin(), spans_.end(), [&](const Span& span) { return span.end <= begin; });
  return next != spans_.end() && next->begin < end;
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
