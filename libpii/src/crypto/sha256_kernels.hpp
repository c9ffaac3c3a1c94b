#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "crypto/hmac.hpp"
#include "crypto/sha256.hpp"

// The interchangeable parts under sha256.hpp and hmac.hpp. Kernel sources are compiled for one instruction
// set each and must not emit a function that the linker could share with others
// (tests/unit/crypto/kernels_share_no_code.sh).
namespace pii::crypto {

/// Computes as many jobs as the kernel has lanes; all have `blocks` padded blocks (padded_blocks()). A job
/// may be repeated to fill the lanes: it then writes its MAC more than once.
using HmacFunction = void (*)(const HmacState& state, const HmacJob* const* jobs, std::size_t blocks) noexcept;

struct HmacKernel {
  const char* name;
  std::size_t lanes;
  /// Time of one run with all lanes filled, in units that compare kernels of one processor.
  unsigned cost;
  HmacFunction run;
};

struct CompressKernel {
  const char* name;
  CompressFunction run;
};

inline constexpr std::size_t kMaxHmacLanes = 16;

/// Blocks that a message of `size` bytes takes with its padding.
constexpr std::size_t padded_blocks(std::size_t size) noexcept { return (size + 8) / 64 + 1; }

/// What this processor can run, the portable ones first. OpenSSL's are there unless it was built without deprecated calls.
std::span<const CompressKernel> compress_kernels() noexcept;
std::span<const HmacKernel> hmac_kernels() noexcept;

/// Known-answer tests. `blocks` 1 is the quick one that an implementation must pass before it comes in force;
/// 2 is for the self test.
bool passes_known_answer(const HmacKernel& kernel, std::size_t blocks) noexcept;
bool passes_known_answer(const CompressKernel& kernel) noexcept;

/// The kernels in force: for n messages use the first of `tiers` with min_count <= n, and again for the rest.
struct Sha256Dispatch {
  struct Tier {
    HmacKernel kernel;
    std::size_t min_count;
  };
  CompressKernel compress;
  HmacKernel one;
  Tier tiers[4];
  std::size_t tier_count;
};

/// The best of the kernels that pass their known-answer test; the first of each span is the fallback.
Sha256Dispatch choose_sha256(std::span<const CompressKernel> compress,
                             std::span<const HmacKernel> hmac) noexcept;

/// Chosen once, at first use, from what this processor can run.
const Sha256Dispatch& sha256_dispatch() noexcept;

/// hmac_prepare() with a given compression.
void hmac_prepare_with(CompressFunction compress, std::span<const std::byte> key, HmacState& out) noexcept;

// One source file each. Call only what hmac_kernels() and compress_kernels() list.
void compress_portable(std::uint32_t* state, const std::byte* blocks, std::size_t count) noexcept;
void hmac_portable_x1(const HmacState& state, const HmacJob* const* jobs, std::size_t blocks) noexcept;
void compress_openssl(std::uint32_t* state, const std::byte* blocks, std::size_t count) noexcept;
void hmac_openssl_x1(const HmacState& state, const HmacJob* const* jobs, std::size_t blocks) noexcept;
void compress_shani(std::uint32_t* state, const std::byte* blocks, std::size_t count) noexcept;
void hmac_shani_x1(const HmacState& state, const HmacJob* const* jobs, std::size_t blocks) noexcept;
void hmac_shani_x2(const HmacState& state, const HmacJob* const* jobs, std::size_t blocks) noexcept;
void hmac_avx2_x8(const HmacState& state, const HmacJob* const* jobs, std::size_t blocks) noexcept;
void hmac_avx512_x16(const HmacState& state, const HmacJob* const* jobs, std::size_t blocks) noexcept;

}  // namespace pii::crypto
