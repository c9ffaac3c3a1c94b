#pragma once

#include <condition_variable>
#include <mutex>
#include <random>

#include "vault/pace.hpp"

namespace pii::providers::vault {

/// The real time; stop() ends every pause.
class SystemPace final : public Pace {
 public:
  Clock::time_point now() override { return Clock::now(); }
  bool pause(std::chrono::milliseconds time) override { return pause_until(now() + time); }
  bool pause_until(Clock::time_point end) {
    std::unique_lock lock(mutex_);
    return !wake_.wait_until(lock, end, [this] { return stopped_; });
  }
  double chance() override { return std::uniform_real_distribution<double>(0, 1)(random_); }
  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    wake_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopped_ = false;
  std::minstd_rand random_{std::random_device{}()};  // only spreads load
};

}  // namespace pii::providers::vault
