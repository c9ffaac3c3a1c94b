#pragma once

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>

/// What a crash's signal handler may do with locks and descriptors.
namespace pii::log::in_handler {

/// Tries for 50 ms: whoever holds it may be the thread that crashed. glibc's try_lock is one atomic exchange.
template <class Mutex>
bool lock(Mutex& mutex) noexcept {
  for (int i = 0; i < 50; ++i) {
    if (mutex.try_lock()) return true;
    ::poll(nullptr, 0, 1);
  }
  return false;
}

inline void write(int descriptor, std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace pii::log::in_handler
