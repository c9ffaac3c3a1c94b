#pragma once

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "pii/error.hpp"

namespace pii::providers {

/// Starts `work` in `thread`, which none of the application's signals reach. Errors: provider_unavailable
/// with `consequence` before the reason.
template <class Work>
std::optional<Error> start_background_thread(std::thread& thread, const char* name, const char* consequence,
                                             Work work) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::optional<Error> error;
  try {
    thread = std::thread([name, work = std::move(work)] {
      pthread_setname_np(pthread_self(), name);
      work();
    });
  } catch (const std::system_error& failure) {
    error =
        Error(ErrorCode::provider_unavailable, std::string(consequence) + ": " + failure.code().message());
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return error;
}

/// The state that belongs to this process: fork(2) copies neither a thread nor the peace of mind about its
/// locks, so a child begins anew with what `make_started` makes, and the parent's is left as it lies.
template <class Impl, class Make>
Impl& of_this_process(std::atomic<Impl*>& current, Make make_started) {
  Impl* seen = current.load();
  if (seen->process() == ::getpid()) return *seen;
  std::unique_ptr<Impl> fresh = make_started();
  if (!current.compare_exchange_strong(seen, fresh.get())) return *seen;  // another thread was first
  return *fresh.release();
}

}  // namespace pii::providers
