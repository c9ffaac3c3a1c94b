#pragma once

#include <cstddef>
#include <span>

namespace pii::crypto {

/// Fills `out` from getrandom(2). Aborts when the system has no randomness.
void system_random(std::span<std::byte> out) noexcept;

/// Random bytes fetched a page at a time. Not for several threads. The page is left out of core dumps and
/// emptied by the kernel in a forked child, which then fetches its own; where the kernel cannot, nothing is
/// kept at all.
class RandomPool {
 public:
  using Advise = int (*)(void* address, std::size_t size, int advice);

  RandomPool() noexcept;
  /// With a stand-in for madvise(2), for the tests.
  explicit RandomPool(Advise advise) noexcept;
  ~RandomPool();
  RandomPool(const RandomPool&) = delete;
  RandomPool& operator=(const RandomPool&) = delete;

  void take(std::span<std::byte> out) noexcept;
  bool is_buffered() const noexcept { return page_ != nullptr; }

 private:
  struct Page;
  Page* page_ = nullptr;
};

}  // namespace pii::crypto
