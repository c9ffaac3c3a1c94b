#pragma once

#include <mutex>

namespace pii {

/// The process's one lock of what keysets do seldom: a thread reads a cell anew, a cell is given another keyset or destroyed, a state is
/// derived. One, so that a fork can take it: in the child it is free and what it guards whole. Held for moments; nothing is called
/// under it that waits, logs or frees a keyset.
std::mutex& slow_path() noexcept;

/// In a child of fork(2), with the lock held: threads that it does not have let go of what they have read (keyset_cell.cpp).
void forget_lost_threads() noexcept;

}  // namespace pii
