#pragma once

#include <cstddef>

namespace pii::kit {

// In a program that is built with failing_new.cpp.

/// Lets operator new throw on this thread once `after` more calls have succeeded; `for_good`: from then on each time, else this once.
void fail_allocations(std::size_t after, bool for_good);
/// Whether one has thrown on this thread; none does from now on.
bool stop_failing();
/// How many bytes operator new gave that nobody has given back.
std::size_t live_bytes();

}  // namespace pii::kit
