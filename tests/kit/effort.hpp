#pragma once

namespace pii::kit {

#ifdef PII_SANITIZED
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

/// How often a random test repeats: `full` times, a tenth of it where sanitizers slow every step down.
constexpr int rounds(int full) noexcept { return kSanitized ? full / 10 : full; }

/// Why a test that forks a process with busy threads is skipped under sanitizers: the child was seen waiting for the locks of
/// their allocator and their memory of stacks (clang 14), and the thread sanitizer ends it where it starts a thread.
inline constexpr const char* kNoForkOfThreads = "a sanitizer's own locks are not made ready for a fork";

}  // namespace pii::kit
