// A transport of one's own under the shipper's queue, retries and accounts.
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "pii/logging/receivers.hpp"
#include "ship/protocols.hpp"
#include "unit/logging/logging_session.hpp"
#include "unit/logging/ship_kit.hpp"

namespace {

using namespace pii::log;
using namespace pii::ship;
using namespace std::chrono_literals;
using pii::kit::accounted;
using Line = SendResult::Line;

struct Desk {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::vector<std::string>> batches;
  std::function<SendResult(std::size_t, std::span<const std::string_view>)> answer;
  bool cancelled = false;
  int made = 0;
};

class DeskTransport final : public BatchTransport {
 public:
  explicit DeskTransport(std::shared_ptr<Desk> desk) : desk_(std::move(desk)) {}
  SendResult send(std::span<const std::string_view> lines) override {
    std::size_t number = 0;
    {
      const std::lock_guard lock(desk_->mutex);
      desk_->batches.emplace_back(lines.begin(), lines.end());
      number = desk_->batches.size();
    }
    return desk_->answer ? desk_->answer(number, lines) : SendResult{};
  }
  void cancel() noexcept override {
    const std::lock_guard lock(desk_->mutex);
    desk_->cancelled = true;
    desk_->changed.notify_all();
  }

 private:
  std::shared_ptr<Desk> desk_;
};

Options quick() {
  Options options;
  options.batch.max_age = 1ms;
  options.retry.initial = 1ms;
  options.retry.max = 2ms;
  return options;
}

std::shared_ptr<Shipper> over(const std::shared_ptr<Desk>& desk, Options options = quick()) {
  return *own_transport([desk] { return ++desk->made, std::make_unique<DeskTransport>(desk); }, options);
}

TEST(OwnTransport, GetsMaskedLinesAndSettlesEachByItself) {
  const auto desk = std::make_shared<Desk>();
  desk->answer = [](std::size_t number, std::span<const std::string_view>) {
    SendResult result;
    if (number == 1) result = {.lines = {Line::sent, Line::duplicate, Line::retry, Line::reject}, .reason = "desk says no"};
    return result;
  };
  Options options = quick();
  options.batch.max_records = 4;
  options.batch.max_age = 1h;
  const auto shipper = over(desk, options);
  Configuration configuration;
  configuration.outputs = {Output{shipper}};
  Session session = pii::kit::start(std::move(configuration));
  for (int i = 0; i < 4; ++i) get_logger("x").info("e", kv("i", i), kv("mail", "ada@example.org"));
  EXPECT_TRUE(session.flush(5s));
  const Counts counts = shipper->shipping();
  EXPECT_EQ(counts.sent, 3u);
  EXPECT_EQ(counts.duplicates, 1u);
  EXPECT_EQ(counts.rejected, 1u);
  EXPECT_EQ(counts.retried, 1u);
  EXPECT_EQ(counts.last_error, "desk says no");
  EXPECT_TRUE(accounted(counts));
  ASSERT_EQ(desk->batches.size(), 2u);
  ASSERT_EQ(desk->batches[0].size(), 4u);
  EXPECT_EQ(desk->batches[1], std::vector<std::string>{desk->batches[0][2]});
  for (const std::string& line : desk->batches[0]) {
    EXPECT_EQ(nlohmann::json::parse(line).at("message"), "e");
    EXPECT_EQ(line.find("ada@"), std::string::npos);
  }
}

TEST(OwnTransport, FailuresExceptionsAndTooLargeBatches) {
  const auto desk = std::make_shared<Desk>();
  desk->answer = [](std::size_t number, std::span<const std::string_view> lines) -> SendResult {
    if (number == 1) return {.failed = true, .retry_after = 1ms};
    if (number == 2) throw std::runtime_error("ada@example.org");
    return {.too_large = lines.size() > 2};
  };
  Options options = quick();
  options.batch.max_records = 8;
  options.batch.max_age = 1h;
  const auto shipper = over(desk, options);
  pii::kit::Lines lines;
  for (int i = 0; i < 8; ++i) shipper->write(lines.make("m" + std::to_string(i)));
  EXPECT_TRUE(shipper->flush(5s));
  const Counts counts = shipper->shipping();
  EXPECT_EQ(counts.sent, 8u);
  EXPECT_EQ(counts.last_error.find("ada@"), std::string::npos);
  EXPECT_TRUE(accounted(counts));
  EXPECT_EQ(desk->made, 1);
}

TEST(OwnTransport, OneThatCannotBeMadeIsMadeLater) {
  const auto desk = std::make_shared<Desk>();
  const auto shipper = *own_transport([desk]() -> std::unique_ptr<BatchTransport> {
    if (++desk->made == 1) return nullptr;
    if (desk->made == 2) throw std::runtime_error("not yet");
    return std::make_unique<DeskTransport>(desk);
  }, quick());
  pii::kit::Lines lines;
  shipper->write(lines.make("m"));
  EXPECT_TRUE(shipper->flush(5s));
  EXPECT_EQ(desk->made, 3);
  EXPECT_EQ(shipper->shipping().sent, 1u);
  EXPECT_EQ(own_transport(nullptr).error().code(), pii::ErrorCode::invalid_setting);
}

// While send() hangs, writers are served: were one of them to wait for it, this test would not end, for only they let it go.
TEST(OwnTransport, WritersNeverWaitForOneThatHangs) {
  const auto desk = std::make_shared<Desk>();
  desk->answer = [desk = desk.get()](std::size_t, std::span<const std::string_view>) {
    std::unique_lock lock(desk->mutex);
    desk->changed.wait(lock, [&] { return desk->cancelled; });
    return SendResult{.failed = true};
  };
  Options options = quick();
  options.queue.max_records = 100;
  const auto shipper = over(desk, options);
  pii::kit::Lines lines;
  shipper->write(lines.make("first"));
  {
    std::unique_lock lock(desk->mutex);
    while (desk->batches.empty()) {
      lock.unlock();
      std::this_thread::sleep_for(1ms);
      lock.lock();
    }
  }
  for (int i = 0; i < 1000; ++i) shipper->write(lines.make("m"));
  Counts counts = shipper->shipping();
  EXPECT_EQ(counts.accepted, 1001u);
  EXPECT_EQ(counts.queued, 100u);
  EXPECT_EQ(counts.dropped_full, 901u);
  EXPECT_FALSE(shipper->flush(1ms));
  shipper->end({});
  counts = shipper->shipping();
  EXPECT_EQ(counts.dropped_ended, 100u);
  EXPECT_TRUE(accounted(counts));
}

TEST(OwnTransport, WhatIsTakenWhileTheEndComesCounts) {
  const auto desk = std::make_shared<Desk>();
  desk->answer = [desk = desk.get()](std::size_t, std::span<const std::string_view>) {
    std::unique_lock lock(desk->mutex);
    desk->changed.wait(lock, [&] { return desk->cancelled; });
    return SendResult{};
  };
  const auto shipper = over(desk);
  pii::kit::Lines lines;
  shipper->write(lines.make("m"));
  const auto sending = [&] {
    const std::lock_guard lock(desk->mutex);
    return !desk->batches.empty();
  };
  while (!sending()) std::this_thread::sleep_for(1ms);
  shipper->end({});
  const Counts counts = shipper->shipping();
  EXPECT_EQ(counts.sent, 1u);
  EXPECT_EQ(counts.dropped_ended, 0u);
  EXPECT_TRUE(accounted(counts));
}

TEST(OwnTransport, ALastLineWithoutAnEndIsALine) {
  const auto desk = std::make_shared<Desk>();
  const auto transport = make_own_transport([desk] { return std::make_unique<DeskTransport>(desk); });
  EXPECT_EQ(transport->send("a\nb").status, 200);
  ASSERT_EQ(desk->batches.size(), 1u);
  EXPECT_EQ(desk->batches[0], (std::vector<std::string>{"a", "b"}));
}

}  // namespace
