#pragma once

#include <cstddef>
#include <cstring>

#include "base/chunk.hpp"

// A primitive that ends leaves key schedules and hash states in the vector registers and, where it had too
// few of them, on the stack. From the registers they reach the stack too: the dynamic linker saves them all
// there when it resolves a function's first call, and so does a signal.
// tests/integration/memory_scan_test.cpp finds what these two miss.
namespace pii::base {

/// Zeroes the vector registers that AES and SHA instructions work on. A few cycles.
inline void clear_vector_registers() noexcept {
#if defined(__x86_64__)
  __asm__ volatile(
      "pxor %%xmm0, %%xmm0\n\tpxor %%xmm1, %%xmm1\n\tpxor %%xmm2, %%xmm2\n\tpxor %%xmm3, %%xmm3\n\t"
      "pxor %%xmm4, %%xmm4\n\tpxor %%xmm5, %%xmm5\n\tpxor %%xmm6, %%xmm6\n\tpxor %%xmm7, %%xmm7\n\t"
      "pxor %%xmm8, %%xmm8\n\tpxor %%xmm9, %%xmm9\n\tpxor %%xmm10, %%xmm10\n\tpxor %%xmm11, %%xmm11\n\t"
      "pxor %%xmm12, %%xmm12\n\tpxor %%xmm13, %%xmm13\n\tpxor %%xmm14, %%xmm14\n\tpxor %%xmm15, %%xmm15" ::
          : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11",
            "xmm12", "xmm13", "xmm14", "xmm15");
#endif
}

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

}  // namespace pii::base
