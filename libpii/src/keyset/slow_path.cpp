#include "keyset/slow_path.hpp"

#include <pthread.h>

namespace pii {
namespace {

constinit std::mutex mutex;

// Registered before the logger's handlers, which therefore take their locks first, as a call that logs does (session.cpp).
[[gnu::constructor(900)]] void watch_forks() {
  ::pthread_atfork([] { mutex.lock(); }, [] { mutex.unlock(); },
                   [] {
                     forget_lost_threads();
                     mutex.unlock();
                   });
}

}  // namespace

std::mutex& slow_path() noexcept { return mutex; }

}  // namespace pii
