#include "process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace piictl {
namespace {

constinit std::atomic<bool> stop{false};
static_assert(std::atomic<bool>::is_always_lock_free);  // it is set in a signal handler

constexpr int kExitInterrupted = 130;

void on_stop_signal(int) {
  if (stop.exchange(true)) ::_exit(kExitInterrupted);
}

// A closed descriptor 0, 1 or 2 would be given to the next file that is opened: a keyset could become
// standard output.
void fill_standard_descriptors() noexcept {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    if (::fcntl(fd, F_GETFD) == -1) {
      // Opened against its direction, so that using it fails as using a closed one does.
      const int opened = ::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
      if (opened != fd) ::_exit(1);
    }
  }
}

}  // namespace

void harden_process() noexcept {
  fill_standard_descriptors();
  const rlimit no_core{0, 0};
  (void)::setrlimit(RLIMIT_CORE, &no_core);
#ifndef PII_SANITIZED  // the leak checker attaches to the process from a thread
  (void)::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
  (void)::umask(077);

  struct sigaction ignore = {};
  ignore.sa_handler = SIG_IGN;
  (void)::sigaction(SIGPIPE, &ignore, nullptr);
  struct sigaction handle = {};
  handle.sa_handler = on_stop_signal;  // no SA_RESTART: a blocked read or write must notice
  for (const int signal : {SIGINT, SIGTERM}) {
    struct sigaction inherited = {};
    // Who started us with a signal ignored (nohup, a background job of a script) means it.
    if (::sigaction(signal, nullptr, &inherited) == 0 && inherited.sa_handler == SIG_IGN) continue;
    (void)::sigaction(signal, &handle, nullptr);
  }
}

const std::atomic<bool>& stop_flag() noexcept { return stop; }

pii::Error interrupted_error() {
  return pii::Error(pii::ErrorCode::interrupted, "interrupted", "nothing was left half done; start it again");
}

}  // namespace piictl
