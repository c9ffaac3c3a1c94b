#pragma once

#include <cstddef>
#include <span>

namespace pii::base {

/// Of implementations, the portable one first and each better than the one before, the best that gives the known answer.
template <class Implementation, class Passes>
const Implementation* best_of(std::span<const Implementation> all, Passes passes_known_answer) noexcept {
  std::size_t i = all.size() - 1;
  while (i > 0 && !passes_known_answer(all[i])) --i;
  return &all[i];
}

}  // namespace pii::base
