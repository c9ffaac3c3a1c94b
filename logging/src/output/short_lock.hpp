#pragma once

#include <atomic>

namespace pii::log {

/// For what is held some ten nanoseconds, nearly always: giving it back is a plain store. Who has to wait
/// for longer sleeps in between. try_lock() and unlock() may be called in a signal handler.
class ShortLock {
 public:
  void lock() noexcept {
    if (!try_lock()) wait();
  }
  bool try_lock() noexcept { return !held_.exchange(true, std::memory_order_acquire); }
  void unlock() noexcept { held_.store(false, std::memory_order_release); }

 private:
  void wait() noexcept;

  std::atomic<bool> held_{false};
  static_assert(std::atomic<bool>::is_always_lock_free);
};

}  // namespace pii::log
