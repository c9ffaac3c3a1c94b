#pragma once

namespace pii::base {

/// The process's one lock of what libpii does seldom: something is made when it is first asked for (once.hpp), a thread reads a keyset
/// cell anew, a cell is given another keyset or destroyed, a state is derived. One, so that fork(2) can take it: in the child it is free and
/// what it guards whole. Held for moments; nothing is called under it that waits or logs. A thread may lock it again.
class ForkLock {
 public:
  void lock() noexcept;
  void unlock() noexcept;
};

/// Of this process.
inline constinit ForkLock fork_lock;

}  // namespace pii::base
