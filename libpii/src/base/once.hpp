#pragma once

#include <atomic>
#include <mutex>

#include "base/fork_lock.hpp"

namespace pii::base {

/// A pointer, to an object or a function, that is made when it is first asked for; null is asked for anew. What a static variable is,
/// but a child that is forked meanwhile finds it made or not, and no lock held. Any thread.
template <class Pointer>
class Once {
 public:
  template <class Make>
  Pointer get(Make make) {
    if (const Pointer made = pointer_.load(std::memory_order_acquire)) [[likely]] return made;
    const std::lock_guard lock(fork_lock);
    Pointer made = pointer_.load(std::memory_order_relaxed);
    if (made == nullptr) pointer_.store(made = make(), std::memory_order_release);
    return made;
  }

 private:
  std::atomic<Pointer> pointer_{nullptr};
};

}  // namespace pii::base
