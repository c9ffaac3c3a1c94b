#include "front/shared_count.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace pii::log {
namespace {

TEST(SharedCount, WhatThreadsAddIsTheSum) {
  constexpr std::uint64_t kTimes = 20'000;
  SharedCount count;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int turn = 0; turn < 10; ++turn) {
        SharedCount::Part& part = count.take();
        for (std::uint64_t n = 0; n < kTimes / 10; ++n) part.add_one();
        part.give_back();
        count.add(1);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(count.sum(), 4 * (kTimes + 10));
}

TEST(SharedCount, APartIsOneThreadsAndIsUsedAgain) {
  SharedCount count;
  SharedCount::Part& first = count.take();
  SharedCount::Part& second = count.take();
  EXPECT_NE(&first, &second);
  first.add_one();
  second.add_one();
  first.give_back();
  EXPECT_EQ(&count.take(), &first);
  first.add_one();
  EXPECT_EQ(count.sum(), 3U) << "what it had stays";
}

}  // namespace
}  // namespace pii::log
