#pragma once

#include <atomic>

#include "pii/error.hpp"

namespace piictl {

/// First thing in main: no core dump, no debugger of the same user, no SIGPIPE, files private from birth, and
/// Ctrl-C as a wish instead of a death. Keeps every inherited descriptor; standard ones that are closed
/// become /dev/null.
void harden_process() noexcept;

/// Set by SIGINT and SIGTERM; a second one ends the process at once.
const std::atomic<bool>& stop_flag() noexcept;
inline bool stop_requested() noexcept { return stop_flag().load(std::memory_order_relaxed); }

pii::Error interrupted_error();

}  // namespace piictl
