#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

namespace pii::log {

/// A number that many threads add to, each on a line of the cache that is its own for a while. Nothing is locked, so that a fork finds it
/// whole; parts are used again, and there are as many as threads had one at the same time.
class SharedCount {
 public:
  class alignas(64) Part {
   public:
    /// By whoever has it.
    void add_one() noexcept { count_.store(count_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed); }
    void give_back() noexcept { taken_.store(false, std::memory_order_release); }

   private:
    friend class SharedCount;
    std::atomic<std::uint64_t> count_{0};
    std::atomic<bool> taken_{true};
    Part* next_ = nullptr;
  };

  SharedCount() = default;
  SharedCount(const SharedCount&) = delete;
  SharedCount& operator=(const SharedCount&) = delete;
  ~SharedCount() {
    for (Part* part = first_.load(); part != nullptr;) delete std::exchange(part, part->next_);
  }

  /// One that nobody has. Lives as long as this.
  Part& take() {
    for (Part* part = first_.load(std::memory_order_acquire); part != nullptr; part = part->next_) {
      if (!part->taken_.load(std::memory_order_relaxed) && !part->taken_.exchange(true, std::memory_order_acquire)) return *part;
    }
    Part* const made = new Part;
    made->next_ = first_.load(std::memory_order_relaxed);
    while (!first_.compare_exchange_weak(made->next_, made, std::memory_order_release, std::memory_order_relaxed)) {
    }
    return *made;
  }
  /// From any thread, of all of them.
  void add(std::uint64_t more) noexcept { rest_.fetch_add(more, std::memory_order_relaxed); }
  std::uint64_t sum() const noexcept {
    std::uint64_t sum = rest_.load(std::memory_order_relaxed);
    for (const Part* part = first_.load(std::memory_order_acquire); part != nullptr; part = part->next_) {
      sum += part->count_.load(std::memory_order_relaxed);
    }
    return sum;
  }

 private:
  std::atomic<Part*> first_{nullptr};
  std::atomic<std::uint64_t> rest_{0};
};

}  // namespace pii::log
