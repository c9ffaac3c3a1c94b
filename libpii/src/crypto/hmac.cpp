#include "crypto/hmac.hpp"

#include <cstring>
#include <utility>

#include "base/traces.hpp"
#include "crypto/sha256.hpp"
#include "crypto/sha256_constants.hpp"
#include "crypto/sha256_kernels.hpp"
#include "pii/secret.hpp"

namespace pii::crypto {
namespace {

constexpr std::size_t kBlockSize = 64;
// Longer messages are hashed alone: their lanes would wait too long for others of their length.
constexpr std::size_t kMaxQueuedBlocks = 4;
// Messages that end within half a block wait for others such, of which a kernel may make less work.
constexpr std::size_t kHalfBlock = kBlockSize / 2;

void hash_pad(CompressFunction compress, const std::byte* key_block, std::byte mark,
              std::uint32_t* state) noexcept {
  std::byte pad[kBlockSize];
  for (std::size_t i = 0; i < kBlockSize; ++i) pad[i] = key_block[i] ^ mark;
  std::memcpy(state, kSha256Initial, sizeof(kSha256Initial));
  compress(state, pad, 1);
  wipe(pad, sizeof(pad));
}

// Lanes go through their blocks in step, so a message waits here for others with as many.
struct Queue {
  const HmacJob* jobs[kMaxHmacLanes];
  std::size_t count;
};

// Empties the queue. The kernels' widths are falling powers of two, so a group that is filled up ends within
// the queue.
void run_queued(const Sha256Dispatch& sha256, const HmacState& state, Queue& queue, std::size_t blocks) noexcept {
  const HmacJob** jobs = queue.jobs;
  std::size_t count = std::exchange(queue.count, 0);
  for (std::size_t tier = 0; tier < sha256.tier_count; ++tier) {
    const auto& [kernel, min_count] = sha256.tiers[tier];
    while (count >= min_count) {
      for (; count < kernel.lanes; ++count) jobs[count] = jobs[0];
      kernel.run(state, jobs, blocks);
      jobs += kernel.lanes;
      count -= kernel.lanes;
    }
  }
  for (; count != 0; ++jobs, --count) sha256.one.run(state, jobs, blocks);
}

}  // namespace

void hmac_prepare_with(CompressFunction compress, std::span<const std::byte> key, HmacState& out) noexcept {
  std::byte key_block[kBlockSize] = {};
  if (key.size() > kBlockSize) {
    Sha256 hash(compress);
    hash.update(key);
    Sha256Digest digest = hash.finish();
    std::memcpy(key_block, digest.data(), digest.size());
    wipe(digest.data(), digest.size());
  } else if (!key.empty()) {
    std::memcpy(key_block, key.data(), key.size());
  }
  hash_pad(compress, key_block, std::byte{0x36}, out.inner);
  hash_pad(compress, key_block, std::byte{0x5c}, out.outer);
  wipe(key_block, sizeof(key_block));
  // A compression spills words of the pads and of the state.
  base::clear_vector_registers();
  base::clear_stack_below<base::kCipherStack>();
}

void hmac_prepare(std::span<const std::byte> key, HmacState& out) noexcept {
  hmac_prepare_with(sha256_dispatch().compress.run, key, out);
}

void hmac_sha256(const HmacState& state, std::string_view message, std::byte* mac) noexcept {
  const HmacJob job{message, mac};
  const HmacJob* lane = &job;
  sha256_dispatch().one.run(state, &lane, padded_blocks(message.size()));
}

void hmac_sha256_batch(const HmacState& state, std::span<const HmacJob> jobs) noexcept {
  const Sha256Dispatch& sha256 = sha256_dispatch();
  Queue queues[kMaxQueuedBlocks + 1];  // by blocks; the first is for halves
  for (Queue& queue : queues) queue.count = 0;
  const auto wait = [&](Queue& queue, const HmacJob* job, std::size_t blocks) {
    queue.jobs[queue.count] = job;
    if (++queue.count == kMaxHmacLanes) run_queued(sha256, state, queue, blocks);
  };
  for (const HmacJob& job : jobs) {
    const std::size_t size = job.message.size();
    if (size < kHalfBlock) {
      wait(queues[0], &job, 1);
      continue;
    }
    const std::size_t blocks = padded_blocks(size);
    const HmacJob* lane = &job;
    if (blocks <= kMaxQueuedBlocks) {
      wait(queues[blocks], lane, blocks);
    } else {
      sha256.one.run(state, &lane, blocks);
    }
  }
  for (std::size_t i = 0; i < queues[0].count; ++i) wait(queues[1], queues[0].jobs[i], 1);
  for (std::size_t blocks = 1; blocks <= kMaxQueuedBlocks; ++blocks) run_queued(sha256, state, queues[blocks], blocks);
}

}  // namespace pii::crypto
