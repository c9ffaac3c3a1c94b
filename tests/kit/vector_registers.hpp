#pragma once

#include <array>
#include <cstddef>

namespace pii::kit {

/// The vector registers of an x86-64 processor at their whole width, one behind the other; of others none.
struct VectorRegisters {
  static constexpr std::size_t kCount = 32;
  static constexpr std::size_t kWidth = 64;
  alignas(kWidth) std::array<std::byte, kCount * kWidth> bytes{};
};

/// What is in them now. Bytes of registers that the processor does not have stay as they are.
[[gnu::always_inline]] inline void save(VectorRegisters& out) noexcept {
#if defined(__x86_64__)
  std::byte* const to = out.bytes.data();
#define PII_LOW_REGISTERS ".irp n,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n\t"
#define PII_HIGH_REGISTERS ".irp n,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n\t"
  if (__builtin_cpu_supports("avx512f")) {
    __asm__ volatile(PII_LOW_REGISTERS "vmovdqu64 %%zmm\\n, 64*\\n(%0)\n\t.endr\n\t" PII_HIGH_REGISTERS
                                       "vmovdqu64 %%zmm\\n, 64*\\n(%0)\n\t.endr" ::"r"(to)
                     : "memory");
  } else if (__builtin_cpu_supports("avx")) {
    __asm__ volatile(PII_LOW_REGISTERS "vmovdqu %%ymm\\n, 64*\\n(%0)\n\t.endr" ::"r"(to) : "memory");
  } else {
    __asm__ volatile(PII_LOW_REGISTERS "movdqu %%xmm\\n, 64*\\n(%0)\n\t.endr" ::"r"(to) : "memory");
  }
#endif
}

/// Puts those of `in` there.
[[gnu::always_inline]] inline void load(const VectorRegisters& in) noexcept {
#if defined(__x86_64__)
  const std::byte* const from = in.bytes.data();
#define PII_LOW_CLOBBERED                                                                                               \
  "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", \
      "xmm14", "xmm15"
  if (__builtin_cpu_supports("avx512f")) {
    __asm__ volatile(PII_LOW_REGISTERS "vmovdqu64 64*\\n(%0), %%zmm\\n\n\t.endr\n\t" PII_HIGH_REGISTERS
                                       "vmovdqu64 64*\\n(%0), %%zmm\\n\n\t.endr" ::"r"(from)
                     : "memory", PII_LOW_CLOBBERED);
  } else if (__builtin_cpu_supports("avx")) {
    __asm__ volatile(PII_LOW_REGISTERS "vmovdqu 64*\\n(%0), %%ymm\\n\n\t.endr" ::"r"(from) : "memory", PII_LOW_CLOBBERED);
  } else {
    __asm__ volatile(PII_LOW_REGISTERS "movdqu 64*\\n(%0), %%xmm\\n\n\t.endr" ::"r"(from) : "memory", PII_LOW_CLOBBERED);
  }
#undef PII_LOW_CLOBBERED
#undef PII_LOW_REGISTERS
#undef PII_HIGH_REGISTERS
#endif
}

}  // namespace pii::kit
