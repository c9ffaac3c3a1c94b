#pragma once

#include <cstddef>

namespace pii::kit {

/// Counts what operator new is asked for by the current thread while the counter lives.
/// allocation_counter.cpp replaces operator new in the program that it is linked into.
class AllocationCounter {
 public:
  AllocationCounter() noexcept;
  std::size_t count() const noexcept;

 private:
  std::size_t before_;
};

}  // namespace pii::kit
