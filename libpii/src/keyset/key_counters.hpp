#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace pii {

/// What was done with one key. Counting touches one of a few cache lines: a thread has one to itself as long as it lives, so
/// that it need not lock it, and those that find none free share the last. Sums may miss what is just being added.
class KeyCounters {
 public:
  enum Kind : std::size_t { seals, tokens, failures };
  static constexpr std::size_t kKinds = 3;

  /// Returns what this thread's line has now.
  std::uint64_t add(Kind kind, std::uint64_t count = 1) noexcept {
    const std::size_t line = own_line();
    std::atomic<std::uint64_t>& counter = lines_[line].counts[kind];
    if (line == kShared) return counter.fetch_add(count, std::memory_order_relaxed) + count;
    const std::uint64_t sum = counter.load(std::memory_order_relaxed) + count;
    counter.store(sum, std::memory_order_relaxed);
    return sum;
  }
  std::uint64_t total(Kind kind) const noexcept {
    std::uint64_t sum = before_[kind].load(std::memory_order_relaxed);
    for (const Line& line : lines_) sum += line.counts[kind].load(std::memory_order_relaxed);
    return sum;
  }
  /// Goes on from the counters of the same key in a keyset that this one takes the place of.
  void go_on_from(const KeyCounters& other) noexcept {
    for (std::size_t kind = 0; kind < kKinds; ++kind) {
      const std::uint64_t theirs = other.total(static_cast<Kind>(kind));
      const std::uint64_t ours = total(static_cast<Kind>(kind));
      if (theirs > ours) before_[kind].fetch_add(theirs - ours, std::memory_order_relaxed);
    }
    if (other.told_.load(std::memory_order_relaxed)) told_.store(true, std::memory_order_relaxed);
  }
  /// Whether nobody was told yet that the key is worn; true once.
  bool tell_once() noexcept { return !told_.exchange(true, std::memory_order_relaxed); }

 private:
  struct alignas(64) Line {
    std::array<std::atomic<std::uint64_t>, kKinds> counts{};
  };
  static constexpr std::size_t kLines = 8;
  static constexpr std::size_t kShared = kLines - 1;

  // The same of every key. The number outlives its thread's destructors, which may still count. In a child of fork(2) the lines of
  // threads that it does not have stay taken: with seven of them its new threads share one, which is slower but counts as well.
  static std::size_t own_line() noexcept {
    static thread_local std::size_t line = kLines;
    if (line == kLines) [[unlikely]] {
      line = take_line();
      static thread_local const GiveBack at_end{line};
    }
    return line;
  }
  static std::size_t take_line() noexcept {
    unsigned owned = owned_.load(std::memory_order_relaxed);
    for (std::size_t line = 0; line < kShared;) {
      const unsigned bit = 1U << line;
      if ((owned & bit) != 0) {
        ++line;
      } else if (owned_.compare_exchange_weak(owned, owned | bit, std::memory_order_acquire)) {  // sees what the last owner counted
        return line;
      } else {
        line = 0;
      }
    }
    return kShared;
  }
  struct GiveBack {
    ~GiveBack() {
      if (line != kShared) owned_.fetch_and(~(1U << line), std::memory_order_release);
      line = kShared;
    }
    std::size_t& line;
  };

  static inline std::atomic<unsigned> owned_{0};

  std::array<Line, kLines> lines_{};
  std::array<std::atomic<std::uint64_t>, kKinds> before_{};
  std::atomic<bool> told_{false};
};

}  // namespace pii
