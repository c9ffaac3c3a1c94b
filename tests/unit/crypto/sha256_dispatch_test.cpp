#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "crypto/sha256_kernels.hpp"

namespace pii::crypto {
namespace {

// A wide kernel that is right.
template <std::size_t kLanes>
void side_by_side(const HmacState& state, const HmacJob* const* jobs, std::size_t blocks) noexcept {
  for (std::size_t i = 0; i < kLanes; ++i) hmac_portable_x1(state, jobs + i, blocks);
}

// Right, but for one bit of the last lane: what a bad shuffle or a faulty vector unit does.
template <std::size_t kLanes>
void flip_one_bit(const HmacState& state, const HmacJob* const* jobs, std::size_t blocks) noexcept {
  side_by_side<kLanes>(state, jobs, blocks);
  jobs[kLanes - 1]->mac[31] ^= std::byte{1};
}

void compress_nothing(std::uint32_t*, const std::byte*, std::size_t) noexcept {}

constexpr CompressKernel kPortable{"portable", compress_portable};
constexpr HmacKernel kPortableX1{"portable x1", 1, 300, hmac_portable_x1};
constexpr HmacKernel kFourLanes{"four lanes", 4, 600, side_by_side<4>};

TEST(Sha256Dispatch, AlwaysHasPortableKernelsFirst) {
  EXPECT_EQ(std::string_view(compress_kernels()[0].name), "portable");
  EXPECT_EQ(std::string_view(hmac_kernels()[0].name), "portable x1");
  const auto kernels = hmac_kernels();
  EXPECT_TRUE(std::is_sorted(kernels.begin(), kernels.end(),
                             [](const HmacKernel& a, const HmacKernel& b) { return a.lanes < b.lanes; }));
  for (const HmacKernel& kernel : kernels) EXPECT_LE(kernel.lanes, kMaxHmacLanes);
}

TEST(Sha256Dispatch, TakesAWiderKernelFromTheCountAtWhichItPays) {
  const HmacKernel kernels[] = {kPortableX1, kFourLanes};
  const Sha256Dispatch chosen = choose_sha256({&kPortable, 1}, kernels);
  EXPECT_EQ(std::string_view(chosen.one.name), "portable x1");
  ASSERT_EQ(chosen.tier_count, 1U);
  EXPECT_EQ(std::string_view(chosen.tiers[0].kernel.name), "four lanes");
  EXPECT_EQ(chosen.tiers[0].min_count,
            3U);  // 600 is more than one, as much as two, less than three times 300
}

TEST(Sha256Dispatch, LeavesOutAKernelThatDoesNotPay) {
  HmacKernel slow = kFourLanes;
  slow.cost = 1200;
  const HmacKernel kernels[] = {kPortableX1, slow};
  EXPECT_EQ(choose_sha256({&kPortable, 1}, kernels).tier_count, 0U);
}

// OpenSSL knows extensions of processors for which there is no kernel of ours, and is as fast as portable code elsewhere.
TEST(Sha256Dispatch, TakesOpenSslBeforePortableCode) {
  EXPECT_NE(std::string_view(sha256_dispatch().compress.name), "portable");
  EXPECT_NE(std::string_view(sha256_dispatch().one.name), "portable x1");
}

TEST(Sha256Dispatch, WidestTierComesFirst) {
  const Sha256Dispatch& chosen = sha256_dispatch();
  for (std::size_t i = 1; i < chosen.tier_count; ++i) {
    EXPECT_GT(chosen.tiers[i - 1].kernel.lanes, chosen.tiers[i].kernel.lanes);
  }
  for (std::size_t i = 0; i < chosen.tier_count; ++i) EXPECT_GE(chosen.tiers[i].min_count, 2U);
}

TEST(Sha256Dispatch, FallsBackWhenAWideKernelFailsItsKnownAnswer) {
  const HmacKernel broken{"broken x8", 8, 1, flip_one_bit<8>};
  const HmacKernel kernels[] = {kPortableX1, kFourLanes, broken};
  EXPECT_FALSE(passes_known_answer(broken, 1));
  EXPECT_FALSE(passes_known_answer(broken, 2));
  const Sha256Dispatch chosen = choose_sha256({&kPortable, 1}, kernels);
  ASSERT_EQ(chosen.tier_count, 1U);
  EXPECT_EQ(std::string_view(chosen.tiers[0].kernel.name), "four lanes");
}

// Right but for short messages, which a kernel may treat apart.
void flip_one_bit_of_halves(const HmacState& state, const HmacJob* const* jobs, std::size_t blocks) noexcept {
  std::size_t sizes = 0;
  for (std::size_t i = 0; i < 16; ++i) {
    hmac_portable_x1(state, jobs + i, blocks);
    sizes |= jobs[i]->message.size();
  }
  if (sizes < 32) jobs[0]->mac[0] ^= std::byte{1};
}

TEST(Sha256Dispatch, TheQuickKnownAnswerHasGroupsOfShortMessages) {
  const HmacKernel broken{"broken halves", 16, 1, flip_one_bit_of_halves};
  EXPECT_FALSE(passes_known_answer(broken, 1));
  EXPECT_TRUE(passes_known_answer(broken, 2));
}

TEST(Sha256Dispatch, FallsBackWhenTheSingleKernelFailsItsKnownAnswer) {
  const HmacKernel broken{"broken x1", 1, 1, flip_one_bit<1>};
  const HmacKernel kernels[] = {kPortableX1, broken};
  EXPECT_EQ(std::string_view(choose_sha256({&kPortable, 1}, kernels).one.name), "portable x1");
}

TEST(Sha256Dispatch, FallsBackWhenTheCompressionFailsItsKnownAnswer) {
  const CompressKernel broken{"broken", compress_nothing};
  const CompressKernel kernels[] = {kPortable, broken};
  EXPECT_FALSE(passes_known_answer(broken));
  EXPECT_EQ(std::string_view(choose_sha256(kernels, {&kPortableX1, 1}).compress.name), "portable");
}

}  // namespace
}  // namespace pii::crypto
