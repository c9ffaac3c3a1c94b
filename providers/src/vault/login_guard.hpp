#pragma once

#include <chrono>
#include <deque>

#include "vault/pace.hpp"

namespace pii::providers::vault {

/// Keeps a wrong secret id from locking the role out (five failures lock it for 15 minutes by default): after
/// a refusal the same credentials wait a minute, and no more than three refusals fall into a quarter of an
/// hour, whatever the credentials.
class LoginGuard {
 public:
  static constexpr std::chrono::minutes kPause{1};
  static constexpr std::chrono::minutes kWindow{15};
  static constexpr std::size_t kMostRefusals = 3;

  void refused(Pace::Clock::time_point now) { refusals_.push_back(now); }
  void accepted() { refusals_.clear(); }
  bool may_try(Pace::Clock::time_point now, bool same_credentials) {
    while (!refusals_.empty() && now - refusals_.front() >= kWindow) refusals_.pop_front();
    if (refusals_.size() >= kMostRefusals) return false;
    return refusals_.empty() || !same_credentials || now - refusals_.back() >= kPause;
  }

 private:
  std::deque<Pace::Clock::time_point> refusals_;
};

}  // namespace pii::providers::vault
