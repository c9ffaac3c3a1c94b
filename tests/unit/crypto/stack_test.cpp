#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/mman.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "crypto/hmac.hpp"
#include "crypto/sha256_kernels.hpp"
#include "unit/crypto/test_bytes.hpp"

// After hmac_prepare() nothing of the key is on the stack: not as it was, not as a pad, not in the byte order
// of words, and nothing of what was made of it.
namespace pii::crypto {
namespace {

constexpr std::size_t kStackSize = 256 * 1024;

struct Task {
  CompressFunction compress;
  Bytes key;
  HmacState state;
  bool clean;  // whether to do what hmac_prepare() does, or to leave the key behind
};

[[gnu::noinline]] void leave_behind(const Bytes& key) {
  [[maybe_unused]] volatile std::byte
      copy[8192];  // so that the end of the thread does not write over its beginning
  for (std::size_t i = 0; i < key.size(); ++i) copy[i] = key[i];
}

void* run_task(void* argument) {
  Task& task = *static_cast<Task*>(argument);
  if (task.clean) {
    hmac_prepare_with(task.compress, task.key, task.state);
  } else {
    leave_behind(task.key);
  }
  return nullptr;
}

std::string swapped_words(std::string bytes) {
  for (auto word = bytes.begin(); bytes.end() - word >= 4; word += 4) std::reverse(word, word + 4);
  return bytes;
}

// Runs the task in a thread on a stack of ours; how many four-byte pieces of the key in any disguise are
// left there.
std::size_t traces_of(Task& task) {
  void* stack =
      mmap(nullptr, kStackSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  EXPECT_NE(stack, MAP_FAILED);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  EXPECT_EQ(pthread_attr_setstack(&attributes, stack, kStackSize), 0);
  pthread_t thread;
  EXPECT_EQ(pthread_create(&thread, &attributes, run_task, &task), 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);

  std::vector<std::string> secrets;
  for (const std::byte mark : {std::byte{0}, std::byte{0x36}, std::byte{0x5C}}) {
    std::string& pad = secrets.emplace_back();
    for (const std::byte byte : task.key) pad += static_cast<char>(byte ^ mark);
  }
  if (task.clean) secrets.emplace_back(reinterpret_cast<const char*>(&task.state), sizeof(task.state));
  for (std::size_t i = secrets.size(); i-- > 0;) secrets.push_back(swapped_words(secrets[i]));

  std::size_t found = 0;
  const std::string_view left(static_cast<const char*>(stack), kStackSize);
  for (const std::string& secret : secrets) {
    for (std::size_t i = 0; i + 4 <= secret.size(); ++i) {
      if (left.find(secret.substr(i, 4)) != std::string_view::npos) ++found;
    }
  }
  munmap(stack, kStackSize);
  return found;
}

TEST(Stack, IsLeftCleanByPreparing) {
#if defined(PII_SANITIZED)
  GTEST_SKIP() << "the sanitizers keep copies of their own";
#endif
  std::mt19937 random(1);
  for (const CompressKernel& kernel : compress_kernels()) {
    for (const std::size_t size : {std::size_t{16}, std::size_t{32}, std::size_t{64}, std::size_t{100}}) {
      Task task{kernel.run, random_bytes_of(random, size), {}, true};
      EXPECT_EQ(traces_of(task), 0U) << kernel.name << ", " << size << " bytes";
    }
  }
}

TEST(Stack, WouldShowWhatIsLeftOnIt) {
#if defined(PII_SANITIZED)
  GTEST_SKIP() << "the sanitizers keep copies of their own";
#endif
  std::mt19937 random(2);
  Task task{compress_portable, random_bytes_of(random, 32), {}, false};
  EXPECT_GT(traces_of(task), 20U);
}

}  // namespace
}  // namespace pii::crypto
