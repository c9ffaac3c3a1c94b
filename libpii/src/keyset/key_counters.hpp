#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace pii {

/// What was done with one key. Counting is a relaxed addition to one of a few cache lines, which one depends on
/// the thread; sums may miss what is just being added.
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
  static constexpr std::size_t kLines = 4;

  // Threads' own variables lie pages apart.
  Line& own_line() noexcept {
    static thread_local char anchor;
    const auto page = reinterpret_cast<std::uintptr_t>(&anchor) >> 12;
    return lines_[(page ^ page >> 3 ^ page >> 9) % kLines];
  }

  std::array<Line, kLines> lines_{};
  std::array<std::atomic<std::uint64_t>, kKinds> before_{};
  std::atomic<bool> told_{false};
};

}  // namespace pii
