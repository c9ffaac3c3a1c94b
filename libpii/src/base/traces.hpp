#pragma once

#include <cstddef>
#include <cstring>

#include "base/chunk.hpp"

// A primitive that ends leaves key schedules and hash states in the vector registers and, where it had too
// few of them, on the stack. From the registers they reach the stack too: the dynamic linker saves them all
// there when it resolves a function's first call, and so does a signal.
// tests/integration/memory_scan_test.cpp finds what these miss.
namespace pii::base {

/// Zeroes every vector register of the processor, at its whole width. Some ten cycles.
void clear_vector_registers() noexcept;

/// Overwrites `size` bytes of the stack that the functions called just before by the same caller have used.
template <std::size_t size>
  requires(size % kChunkSize == 0)
[[gnu::noinline]] void clear_stack_below() noexcept {
  Chunk stack[size / kChunkSize];
  if constexpr (size > 1024) {
    std::memset(stack, 0, size);
  } else {
    // memset() would be a repeated string instruction here, which takes as long to start as all of this.
    Chunk zeros{};
#if defined(__x86_64__)
    __asm__("" : "+x"(zeros));
#endif
#pragma GCC unroll 8
    for (Chunk& chunk : stack) chunk = zeros;
  }
  __asm__ volatile("" ::"r"(stack) : "memory");  // what is never read must be written all the same
}

/// What a cipher or the preparing of a key leaves on the stack, amply: the kernels' frames, a message's key, and below them what a
/// lazy linker saves of vector registers when one of them calls a function for the first time (2.7 KiB with AVX-512).
inline constexpr std::size_t kCipherStack = 6144;

/// Clears the vector registers and the stack when the scope ends, whichever way. Before whatever else the scope holds, so that it
/// is the last to go.
template <std::size_t size>
class ClearTraces {
 public:
  ClearTraces() noexcept = default;
  ClearTraces(const ClearTraces&) = delete;
  ClearTraces& operator=(const ClearTraces&) = delete;
  [[gnu::always_inline]] ~ClearTraces() {  // or it would clear below its own frame
    clear_vector_registers();
    clear_stack_below<size>();
  }
};

}  // namespace pii::base
