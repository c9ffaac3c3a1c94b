#include "base/traces.hpp"

namespace pii::base {

void clear_vector_registers() noexcept {
#if defined(__x86_64__)
  __asm__ volatile(".irp n,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n\tpxor %%xmm\\n, %%xmm\\n\n\t.endr" ::
                       : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11",
                         "xmm12", "xmm13", "xmm14", "xmm15");
  // Not what this library is compiled for, but what its kernels, OpenSSL's and the C library's memcpy() use.
  if (__builtin_cpu_supports("avx")) __asm__ volatile("vzeroupper");
  if (__builtin_cpu_supports("avx512vl")) {
    // The narrow form zeroes the whole register too, and does not slow down the clock of older processors.
    __asm__ volatile(
        ".irp n,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n\tvpxord %%xmm\\n, %%xmm\\n, %%xmm\\n\n\t.endr" ::
#ifdef __AVX512F__
            : "xmm16", "xmm17", "xmm18", "xmm19", "xmm20", "xmm21", "xmm22", "xmm23", "xmm24", "xmm25", "xmm26", "xmm27",
              "xmm28", "xmm29", "xmm30", "xmm31"
#endif
    );
  }
#endif
}

}  // namespace pii::base
