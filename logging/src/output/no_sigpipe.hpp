#pragma once

#include <csignal>
#include <ctime>

namespace pii::log {

/// While it lives, this thread's write to a pipe without a reader fails with EPIPE and ends nothing.
class NoSigpipe {
 public:
  explicit NoSigpipe(bool needed) noexcept : active_(needed) {
    if (!active_) return;
    ::sigemptyset(&pipe_);
    ::sigaddset(&pipe_, SIGPIPE);
    sigset_t pending;
    ::sigpending(&pending);
    was_pending_ = ::sigismember(&pending, SIGPIPE) == 1;
    ::pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  NoSigpipe(const NoSigpipe&) = delete;
  NoSigpipe& operator=(const NoSigpipe&) = delete;
  ~NoSigpipe() {
    if (!active_) return;
    const timespec now = {0, 0};
    if (!was_pending_) ::sigtimedwait(&pipe_, nullptr, &now);
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  bool active_;
  bool was_pending_ = false;
  sigset_t pipe_ = {};
  sigset_t before_ = {};
};

}  // namespace pii::log
