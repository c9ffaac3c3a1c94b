#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace pii {

/// What was done with one key. Counting is a relaxed addition to one of a few cache lines; threads take them in turn,
/// so that as many as there are lines never share one. Sums may miss what is just being added.
class KeyCounters {
 public:
  enum Kind : std::size_t { seals, tokens, failures };
  static constexpr std::size_t kKinds = 3;

  /// Returns what this thread's line has now.
  std::uint64_t add(Kind kind, std::uint64_t count = 1) noexcept {
    return own_line().counts[kind].fetch_add(count, std::memory_order_relaxed) + count;
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

  Line& own_line() noexcept {
    static thread_local std::size_t line = kLines;
    if (line == kLines) [[unlikely]] line = threads_.fetch_add(1, std::memory_order_relaxed) % kLines;
    return lines_[line];
  }

  static inline std::atomic<std::size_t> threads_{0};

  std::array<Line, kLines> lines_{};
  std::array<std::atomic<std::uint64_t>, kKinds> before_{};
  std::atomic<bool> told_{false};
};

}  // namespace pii
