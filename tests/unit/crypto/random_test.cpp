#include "crypto/random.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <set>
#include <string>
#include <thread>

#include "crypto/random_pool.hpp"
#include "unit/crypto/test_bytes.hpp"

namespace pii::crypto {
namespace {

using Nonce = std::array<std::byte, 12>;

Nonce next_nonce() {
  Nonce nonce;
  random_bytes(nonce);
  return nonce;
}

// What `make` gives in a forked child.
template <class Make>
Nonce in_child(Make make) {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    const Nonce nonce = make();
    _exit(write(ends[1], nonce.data(), nonce.size()) == static_cast<ssize_t>(nonce.size()) ? 0 : 1);
  }
  close(ends[1]);
  Nonce nonce{};
  EXPECT_EQ(read(ends[0], nonce.data(), nonce.size()), static_cast<ssize_t>(nonce.size()));
  close(ends[0]);
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  return nonce;
}

// Mappings that the kernel empties in a child: one a thread that has a pool.
std::size_t wiped_mappings() {
  std::ifstream maps("/proc/self/smaps");
  std::size_t count = 0;
  for (std::string line; std::getline(maps, line);) {
    if (line.rfind("VmFlags:", 0) == 0 && line.find(" wf") != std::string::npos) ++count;
  }
  return count;
}

int cannot_advise(void*, std::size_t, int advice) {
  if (advice != MADV_WIPEONFORK) return 0;
  errno = EINVAL;
  return -1;
}

TEST(Random, NeverRepeatsANonce) {
  std::set<Nonce> seen;
  for (int i = 0; i < 100000; ++i) ASSERT_TRUE(seen.insert(next_nonce()).second);
  EXPECT_EQ(seen.count(Nonce{}), 0U);
}

TEST(Random, FillsRequestsOfEverySize) {
  constexpr std::size_t kSizes[] = {0, 1, 12, 1023, 1024, 1025, 4087, 4088, 4089, 100000};
  for (const std::size_t size : kSizes) {
    Bytes bytes(size + 1, std::byte{0x5A});
    random_bytes(std::span(bytes).first(size));
    EXPECT_EQ(bytes[size], std::byte{0x5A});
    // Of 1,000 random bytes or more, one in 256 is 0; none in a row of 32 happens once in 2^256.
    std::size_t zeros = 0;
    std::size_t longest = 0;
    for (std::size_t i = 0; i < size; ++i) {
      zeros = bytes[i] == std::byte{0} ? zeros + 1 : 0;
      longest = std::max(longest, zeros);
    }
    EXPECT_LT(longest, 32U);
  }
}

TEST(Random, AForkedChildGetsOthers) {
  for (int round = 0; round < 20; ++round) {
    next_nonce();  // so that both would go on in one page
    const Nonce child = in_child(next_nonce);
    EXPECT_NE(child, next_nonce());
    EXPECT_NE(child, Nonce{});
  }
}

TEST(Random, TwoThreadsDiffer) {
  Nonce other;
  std::thread([&other] { other = next_nonce(); }).join();
  EXPECT_NE(other, next_nonce());
}

TEST(Random, AThreadGivesItsPageBack) {
  if (!RandomPool().is_buffered()) GTEST_SKIP() << "this kernel has no MADV_WIPEONFORK";
  next_nonce();
  const std::size_t before = wiped_mappings();
  ASSERT_GE(before, 1U);
  for (int i = 0; i < 20; ++i) std::thread(next_nonce).join();
  EXPECT_EQ(wiped_mappings(), before);
}

struct AsksWhenDestroyed {
  Nonce* out;
  ~AsksWhenDestroyed() { *out = next_nonce(); }
};

TEST(Random, ServesAThreadThatEnds) {
  Nonce last{};
  std::thread([&last] {
    thread_local AsksWhenDestroyed asks{&last};  // made before the pool, so destroyed after it
    static_cast<void>(asks);
    next_nonce();
  }).join();
  EXPECT_NE(last, Nonce{});
}

TEST(RandomPool, WithoutWipeOnForkKeepsNothing) {
  RandomPool pool(cannot_advise);
  EXPECT_FALSE(pool.is_buffered());
  const auto take = [&pool] {
    Nonce nonce;
    pool.take(nonce);
    return nonce;
  };
  std::set<Nonce> seen = {Nonce{}};
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(seen.insert(take()).second);
  EXPECT_NE(in_child(take), take());
}

}  // namespace
}  // namespace pii::crypto
