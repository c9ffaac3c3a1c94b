#include "pii/logging/crash.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <iterator>

#include "front/pipeline.hpp"

namespace pii::log {

namespace {

constexpr int kSignals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
constexpr std::size_t kStack = 64 * 1024;

struct Crash {
  struct sigaction before[std::size(kSignals)] = {};
  int dump = -1;
  std::atomic<bool> installed{false};
  std::atomic<bool> begun{false};
  std::atomic<bool> written{false};
};
Crash crash;
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler uses it");

void on_crash(int number, siginfo_t* info, void*) {
  const int error = errno;
  if (!crash.begun.exchange(true)) {
    pipeline_crashed(crash.dump);
    crash.written.store(true);
  } else {
    // Another thread has crashed, too; its end must not come before the lines are written.
    for (int i = 0; i < 100 && !crash.written.load(); ++i) ::poll(nullptr, 0, 10);
  }
  for (std::size_t i = 0; i < std::size(kSignals); ++i) {
    if (kSignals[i] == number) ::sigaction(number, &crash.before[i], nullptr);
  }
  errno = error;
  // A fault comes again by itself, with all that it tells of its place; a signal that was sent does not.
  if (info->si_code <= 0) ::raise(number);
}

}  // namespace

Result<void> write_on_crash(const std::string& dump) {
  if (crash.installed.exchange(true)) return Error(ErrorCode::conflict, "crashes are handled already");
  if (!dump.empty()) {
    crash.dump = ::open(dump.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (crash.dump < 0) {
      crash.installed = false;
      return Error(ErrorCode::output_failed, "the file for a crash cannot be opened: " + std::string(std::strerror(errno)));
    }
  }
  static_cast<void>(Pipeline::current());  // what is made on first use is there, then
  stack_t stack = {};
  if (::sigaltstack(nullptr, &stack) == 0 && (stack.ss_flags & SS_DISABLE) != 0) {
    static char memory[kStack];
    stack = {};
    stack.ss_sp = memory;
    stack.ss_size = kStack;
    ::sigaltstack(&stack, nullptr);
  }
  struct sigaction action = {};
  action.sa_sigaction = &on_crash;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < std::size(kSignals); ++i) {
    if (::sigaction(kSignals[i], &action, &crash.before[i]) != 0) return Error(ErrorCode::output_failed, "a signal cannot be handled");
  }
  return {};
}

}  // namespace pii::log
