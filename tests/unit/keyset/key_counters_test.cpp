#include "keyset/key_counters.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>
#include <vector>

namespace pii {
namespace {

// Counts in its destructor, which runs when those of the thread's line may have run already.
struct CountsAtTheEnd {
  ~CountsAtTheEnd() { counters->add(KeyCounters::failures); }
  KeyCounters* counters;
};

TEST(KeyCounters, LoseNothingWhetherThreadsHaveALineOrShareOne) {
  KeyCounters counters;
  for (const std::size_t count : {std::size_t{20}, std::size_t{3}, std::size_t{20}}) {
    const std::uint64_t before = counters.total(KeyCounters::tokens);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < count; ++i) {
      threads.emplace_back([&] {
        for (int n = 0; n < 5'000; ++n) counters.add(KeyCounters::tokens);
        for (int n = 0; n < 5'000; ++n) counters.add(KeyCounters::seals, 2);
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(counters.total(KeyCounters::tokens) - before, 5'000 * count);
  }
  EXPECT_EQ(counters.total(KeyCounters::seals), 2U * 5'000 * 43);
}

// One thread after the other: each finds a line free, so that what it counted is what its line had and one more.
TEST(KeyCounters, TakeTheLinesOfThreadsThatEnded) {
  KeyCounters counters;
  std::uint64_t most = 0;
  for (int i = 0; i < 50; ++i) {
    std::thread([&] { most = std::max(most, counters.add(KeyCounters::tokens)); }).join();
  }
  EXPECT_EQ(most, 50U);
  EXPECT_EQ(counters.total(KeyCounters::tokens), 50U);
}

TEST(KeyCounters, CountAtTheEndOfAThread) {
  KeyCounters counters;
  for (int i = 0; i < 20; ++i) {
    std::thread([&] {
      static thread_local CountsAtTheEnd last{&counters};
      last.counters->add(KeyCounters::tokens);
    }).join();
  }
  EXPECT_EQ(counters.total(KeyCounters::tokens), 20U);
  EXPECT_EQ(counters.total(KeyCounters::failures), 20U);
}

TEST(KeyCounters, GoOnFromThoseBefore) {
  KeyCounters before;
  KeyCounters after;
  before.add(KeyCounters::tokens, 5);
  after.go_on_from(before);
  after.add(KeyCounters::tokens);
  EXPECT_EQ(after.total(KeyCounters::tokens), 6U);
}

}  // namespace
}  // namespace pii
