#include "output/short_lock.hpp"

#include <algorithm>
#include <ctime>

namespace pii::log {

void ShortLock::wait() noexcept {
  constexpr int kSpins = 200;
  constexpr long kShortest = 20'000, kLongest = 1'000'000;  // ns: a full buffer goes to a file in that, a receiver that hangs takes more
  int spins = 0;
  long pause = kShortest;
  do {
    while (held_.load(std::memory_order_relaxed)) {
      if (spins < kSpins) {
        ++spins;
#if defined(__x86_64__)
        __builtin_ia32_pause();
#endif
        continue;
      }
      const timespec time = {0, pause};
      ::nanosleep(&time, nullptr);
      pause = std::min(2 * pause, kLongest);
    }
  } while (!try_lock());
}

}  // namespace pii::log
