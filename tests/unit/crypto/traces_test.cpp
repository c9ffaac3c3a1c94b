#include "base/traces.hpp"

#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "crypto/aes_gcm.hpp"
#include "crypto/big_endian.hpp"
#include "crypto/ff1.hpp"
#include "crypto/hmac.hpp"
#include "crypto/sha256.hpp"
#include "crypto/sha256_constants.hpp"
#include "crypto/sha256_kernels.hpp"
#include "kit/vector_registers.hpp"
#include "unit/crypto/test_bytes.hpp"

// After a kernel has run and what it left was cleared, no word of the key's state is in a vector register of the processor or on the
// stack.
namespace pii::crypto {
namespace {

constexpr std::size_t kStackSize = 256 * 1024;

using kit::VectorRegisters;

struct Kernel {
  std::string name;
  std::vector<std::uint32_t> secret;  // the words of its key
  std::function<void()> run;
};

/// What was left of a run.
struct Left {
  VectorRegisters registers;
  std::vector<std::byte> stack;
};

struct Task {
  const Kernel& kernel;
  bool cleared;
  std::size_t offset;  // by which what runs lies further down
  std::byte* stack;
  Left left;
};

template <std::size_t size>
[[gnu::noinline]] void run_and_look(Task& task) {
  void* const offset = __builtin_alloca(task.offset + 1);
  __asm__ volatile("" ::"r"(offset) : "memory");
  task.kernel.run();
  if (task.cleared) {
    base::clear_vector_registers();
    base::clear_stack_below<size>();
  }
  kit::save(task.left.registers);
  std::memcpy(task.left.stack.data(), task.stack, kStackSize);
}

template <std::size_t size>
void* run_task(void* task) {
  run_and_look<size>(*static_cast<Task*>(task));
  return nullptr;
}

// Runs the kernel in a thread on a stack of ours, where `size` bytes are cleared.
template <std::size_t size>
Left left_by(const Kernel& kernel, bool cleared, std::size_t offset = 0) {
  void* const stack = mmap(nullptr, kStackSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  EXPECT_NE(stack, MAP_FAILED);
  Task task{kernel, cleared, offset, static_cast<std::byte*>(stack), {}};
  task.left.stack.resize(kStackSize);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  EXPECT_EQ(pthread_attr_setstack(&attributes, stack, kStackSize), 0);
  pthread_t thread;
  EXPECT_EQ(pthread_create(&thread, &attributes, run_task<size>, &task), 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
  munmap(stack, kStackSize);
  return std::move(task.left);
}

std::size_t count_words(const std::vector<std::uint32_t>& words, std::span<const std::byte> bytes) {
  std::size_t found = 0;
  for (std::size_t at = 0; at + 4 <= bytes.size(); at += 4) {
    std::uint32_t word;
    std::memcpy(&word, bytes.data() + at, 4);
    if (std::find(words.begin(), words.end(), word) != words.end()) ++found;
  }
  return found;
}

template <std::size_t size>
void expect_clean(const Kernel& kernel, std::size_t offset = 0) {
  const Left left = left_by<size>(kernel, true, offset);
  EXPECT_EQ(count_words(kernel.secret, left.registers.bytes), 0U) << kernel.name;
  EXPECT_EQ(count_words(kernel.secret, left.stack), 0U) << kernel.name;
}

class Traces : public testing::Test {
 protected:
  void SetUp() override {
#if defined(PII_SANITIZED)
    GTEST_SKIP() << "the sanitizers keep copies of their own";
#endif
    std::mt19937 random(3);
    hmac_prepare(random_bytes_of(random, 32), state_);
    const Bytes key = random_bytes_of(random, kAes256KeySize);
    ASSERT_TRUE(aes_block_prepare(aes_block_in_force(), std::span<const std::byte, kAes256KeySize>(key), aes_));
    for (std::size_t i = 0; i < jobs_.size(); ++i) lanes_[i] = &jobs_[i];
  }
  void TearDown() override { aes_block_destroy(aes_); }

  std::vector<std::uint32_t> words_of_hmac() const {
    std::vector<std::uint32_t> words(state_.inner, state_.inner + 8);
    words.insert(words.end(), state_.outer, state_.outer + 8);
    return words;
  }
  Kernel kernel_of(std::string name, std::size_t message_size, std::function<void()> run) {
    messages_.assign(jobs_.size(), std::string(message_size, 'm'));
    for (std::size_t i = 0; i < jobs_.size(); ++i) jobs_[i] = {messages_[i], macs_.data() + i * kMacSize};
    return {name + ", " + std::to_string(message_size) + " bytes", words_of_hmac(), std::move(run)};
  }

  HmacState state_;
  AesBlockKey aes_{};
  std::vector<std::string> messages_;
  std::array<std::byte, kMaxHmacLanes * kMacSize> macs_;
  std::array<HmacJob, kMaxHmacLanes> jobs_;
  std::array<const HmacJob*, kMaxHmacLanes> lanes_;
};

TEST_F(Traces, OfHashKernelsAreCleared) {
  for (const std::size_t size : {std::size_t{22}, std::size_t{40}, std::size_t{100}, std::size_t{170}}) {
    for (const HmacKernel& kernel : hmac_kernels()) {
      const Kernel run = kernel_of(kernel.name, size, [&] { kernel.run(state_, lanes_.data(), padded_blocks(size)); });
      // Of the wider ones hmac_sha256_batch()'s own frames lie above.
      kernel.lanes == 1 ? expect_clean<kHmacStack>(run) : expect_clean<kHmacBatchStack - 2048>(run);
    }
    expect_clean<kHmacStack>(kernel_of("one", size, [&] { hmac_sha256(state_, messages_[0], macs_.data()); }));
    expect_clean<kHmacBatchStack>(kernel_of("batch", size, [&] { hmac_sha256_batch(state_, jobs_); }));
  }
}

// What a block becomes, each word with its round's constant added, as implementations keep it: the last one of an HMAC is made of
// the inner digest. Some lay it down where the stack is aligned, so that its depth depends on where they are called.
TEST_F(Traces, OfTheLastBlockAreCleared) {
  std::mt19937 random(4);
  const Bytes key = random_bytes_of(random, 32);
  hmac_prepare(key, state_);
  const std::string message(22, 'm');
  Sha256 inner(compress_portable);
  Bytes pad(64, std::byte{0x36});
  for (std::size_t i = 0; i < key.size(); ++i) pad[i] ^= key[i];
  inner.update(pad);
  inner.update(std::as_bytes(std::span(message)));
  const Sha256Digest digest = inner.finish();
  std::uint32_t w[64] = {};
  for (std::size_t i = 0; i < 8; ++i) w[i] = load_be32(digest.data() + 4 * i);
  w[8] = 0x80000000;
  w[15] = (64 + 32) * 8;
  const auto sigma = [](std::uint32_t x, int p, int q, int r) { return std::rotr(x, p) ^ std::rotr(x, q) ^ x >> r; };
  for (std::size_t i = 16; i < 64; ++i) w[i] = w[i - 16] + sigma(w[i - 15], 7, 18, 3) + w[i - 7] + sigma(w[i - 2], 17, 19, 10);
  std::vector<std::uint32_t> schedule;
  for (std::size_t i = 0; i < 64; ++i) schedule.push_back(w[i] + kSha256Round[i]);
  for (std::size_t i = 8; i < 16; ++i) schedule[i] = schedule[0];  // those are of no secret
  for (const HmacKernel& kernel : hmac_kernels()) {
    if (kernel.lanes != 1) continue;
    Kernel run = kernel_of(kernel.name, message.size(), [&] { kernel.run(state_, lanes_.data(), padded_blocks(message.size())); });
    run.secret = schedule;
    for (std::size_t offset = 0; offset < 1024; offset += 64) expect_clean<kHmacStack>(run, offset);
  }
}

TEST_F(Traces, OfFormatPreservingEncryptionAreCleared) {
  std::vector<std::uint32_t> round_keys(kAesRoundKeysSize / 4);
  std::memcpy(round_keys.data(), aes_.round_keys, kAesRoundKeysSize);
  std::erase(round_keys, 0U);  // of OpenSSL's implementation none are here
  for (const auto transform : {ff1_encrypt, ff1_decrypt}) {
    std::array<std::uint8_t, 32> numerals{};
    expect_clean<base::kCipherStack>({"FF1", round_keys, [&] { transform(ff1_aes256(aes_), 62, {}, numerals); }});
  }
}

// The first two can fail: this is what they look for, where it is not cleared.
TEST_F(Traces, AreThereBefore) {
  std::size_t in_registers = 0;
  std::size_t on_stack = 0;
  for (const std::size_t size : {std::size_t{22}, std::size_t{170}}) {
    for (const HmacKernel& kernel : hmac_kernels()) {
      const Kernel run = kernel_of(kernel.name, size, [&] { kernel.run(state_, lanes_.data(), padded_blocks(size)); });
      const Left left = left_by<kHmacStack>(run, false);
      in_registers += count_words(run.secret, left.registers.bytes);
      on_stack += count_words(run.secret, left.stack);
    }
  }
  EXPECT_GT(in_registers + on_stack, 0U);  // in which of them is the compiler's choice
}

TEST_F(Traces, AreClearedInEveryVectorRegisterAtItsWholeWidth) {
#if !defined(__x86_64__)
  GTEST_SKIP() << "clears nothing yet on this processor";
#endif
  VectorRegisters filled;
  for (std::size_t i = 0; i < filled.bytes.size(); ++i) filled.bytes[i] = static_cast<std::byte>(i % 251 + 1);
  VectorRegisters before;
  kit::load(filled);
  kit::save(before);
  VectorRegisters after;
  kit::load(filled);
  base::clear_vector_registers();
  kit::save(after);
  // Where the processor has no such register save() leaves zeros, before as after.
  const std::size_t there = static_cast<std::size_t>(
      std::count_if(before.bytes.begin(), before.bytes.end(), [](std::byte byte) { return byte != std::byte{0}; }));
  EXPECT_GE(there, 256U);
  EXPECT_EQ(std::count(after.bytes.begin(), after.bytes.end(), std::byte{0}),
            static_cast<std::ptrdiff_t>(after.bytes.size()));
}

}  // namespace
}  // namespace pii::crypto
