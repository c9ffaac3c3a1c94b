#include "base/fork_lock.hpp"

#include <pthread.h>

#include <mutex>

namespace pii::base {
namespace {

constinit std::mutex mutex;
// Counted here, because a recursive mutex knows its thread by a number that is another one in the child.
constinit thread_local unsigned depth = 0;

// Registered before the logger's handlers, which therefore take their locks first, as a call that logs does (session.cpp).
[[gnu::constructor(900)]] void watch_forks() {
  ::pthread_atfork([] { fork_lock.lock(); }, [] { fork_lock.unlock(); }, [] { fork_lock.unlock(); });
}

}  // namespace

void ForkLock::lock() noexcept {
  if (depth++ == 0) mutex.lock();
}
void ForkLock::unlock() noexcept {
  if (--depth == 0) mutex.unlock();
}

}  // namespace pii::base
